"""Small sets of whole forms for the tests of `analytics.persons`, written the way one reads them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics import NOT_OFFERED, PLACES

ANSWERS = {".": None, "-": 0, " ": NOT_OFFERED}


def forms(*rows: str) -> pl.DataFrame:
    """One form for each string, a sign for each place: a step, "." blank, "-" did not attend, " " not asked."""
    width = len(rows[0]) if rows else 0
    columns = {f"p{i}": [ANSWERS.get(row[i], row[i]) for row in rows] for i in range(width)}
    whole = {name: [None if value is None else int(value) for value in values] for name, values in columns.items()}
    return pl.DataFrame(whole, schema=dict.fromkeys(columns, pl.Int8))


def frame(table: np.ndarray) -> pl.DataFrame:
    """A form for each row of steps; not a number where it was not asked."""
    coded = np.where(np.isnan(table), NOT_OFFERED, table).astype(np.int8)
    return pl.DataFrame(coded, schema=[f"p{i}" for i in range(table.shape[1])], orient="row")


def modules(count: int, *, item: str = "useful", steps: int = 5) -> pl.DataFrame:
    """As many places, each of a module of its own."""
    return places([(f"M{i}", item, steps) for i in range(count)])


def items(count: int, *, steps: int = 5) -> pl.DataFrame:
    """As many places, each an item of its own about the course as a whole."""
    return places([(None, f"item{i}", steps) for i in range(count)])


def places(rows: Sequence[tuple[str | None, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(f"p{i}", *row) for i, row in enumerate(rows)],
        schema={"column": pl.String, "module": pl.String, "item": pl.String, "steps": PLACES["steps"]},
        orient="row",
    )
