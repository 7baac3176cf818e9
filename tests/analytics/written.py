"""Comments for the tests, written the way one reads them; every person, number and address in them is invented."""

from __future__ import annotations

from pathlib import Path

import msgspec
import polars as pl

from analytics import COMMENTS

DEMO = Path(__file__).parents[2] / "survey" / "demo"


def comments(*texts: str, cohort: str = "K1", module: str | None = "Họp", item: str = "change", **keys: object):
    rows = [{"cohort": cohort, "module": module, "item": item, "text": text, **keys} for text in texts]
    return pl.DataFrame(rows, schema={**COMMENTS, **{key: type(value) for key, value in keys.items()}})


def demo_texts() -> list[str]:
    stock = msgspec.toml.decode((DEMO / "comments.toml").read_bytes())
    return [*stock["low"], *stock["high"], *stock["course"], *(text for one in stock["about"] for text in one["texts"])]


def demo_titles() -> list[str]:
    programme = msgspec.toml.decode((DEMO / "programme.toml").read_bytes())
    modules = [module["taught"]["titles"] for part in programme["components"] for module in part["modules"]]
    return [title for one in [*modules, *(part["names"] for part in programme["components"])] for title in one.values()]
