"""The cells of many cohorts in their order in time: what `trends`, `several` and `control_limits` look at."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.cells import parts_of, rolled_up
from analytics.options import refuse_strange_cohorts
from analytics.privacy import groups_of, with_withheld
from analytics.schemas import COUNTS, checked, checked_items


def cohort_series(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    cohorts: Sequence[str],
    by: Sequence[str],
    smallest_group: int,
    group: Sequence[str] | None,
    unanimous_below: int,
) -> pl.DataFrame:
    """A cell for each of `by` and cohort, in the order of `cohorts`, marked `withheld`, with its place `when` from 0.

    Cohorts that are not named are left out, and items of which neither end is best. Columns as `rolled_up` gives them:
    those `blurred` (`blurring.with_blurred`) have the counts that they would have if all stood on the step of most.
    """
    if "cohort" in by:
        raise ValueError("The cohorts are what is looked at together: leave 'cohort' out of the columns asked for.")
    refuse_strange_cohorts(cohorts)
    without_ends = checked_items(items).filter(pl.col("direction") == "middle")["item"]
    asked = checked(counts, COUNTS).filter(
        pl.col("cohort").is_in(cohorts) & ~pl.col("item").is_in(without_ends.implode())
    )
    keys = [*by, "cohort"]
    parts = parts_of(asked, items, by=keys, smallest_group=smallest_group, group=group, unanimous_below=unanimous_below)
    cells = rolled_up(parts, by=keys)
    order = pl.DataFrame({"cohort": cohorts}, schema={"cohort": pl.String}).with_row_index("when")
    marked = with_withheld(cells, size="people", smallest_group=smallest_group, keys=keys, group=groups_of(by, group))
    return marked.join(order, on="cohort", maintain_order="left").sort("when", maintain_order=True)
