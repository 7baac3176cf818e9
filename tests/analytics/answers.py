"""Small sets of answers for the tests of `analytics`, written the way one reads them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
from hypothesis import settings

from analytics import COUNTS, ITEMS

# Each example makes several frames; no deadline, because a busy machine is no mistake of ours.
some_examples = settings(max_examples=30, deadline=None)

FIVE_STEPS = pl.DataFrame({"item": ["useful"], "steps": [5], "direction": ["up"]}, schema=ITEMS)


def scale(*, steps: int = 5, direction: str = "up") -> pl.DataFrame:
    return pl.DataFrame({"item": ["useful"], "steps": [steps], "direction": [direction]}, schema=ITEMS)


def answers(
    ratings: Sequence[int],
    *,
    cohort: str | None = "K1",
    component: str | None = "Kỹ năng",
    module: str | None = "Họp",
    item: str = "useful",
    **keys: str,
) -> pl.DataFrame:
    """Counts of one module: as many as stand in `ratings` for the steps 1, 2, 3, ..."""
    where = {"cohort": cohort, "component": component, "module": module, "item": item}
    rows = [{**where, "step": step, "n": n, **keys} for step, n in enumerate(ratings, start=1)]
    return pl.DataFrame(rows, schema={**COUNTS, **dict.fromkeys(keys, pl.String)})


def together(*parts: pl.DataFrame) -> pl.DataFrame:
    return pl.concat(parts)
