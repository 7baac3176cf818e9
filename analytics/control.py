"""Which cohorts lie out of line: the p chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.cells import step_counts
from analytics.formulas import divided
from analytics.measures import best_and_worst
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.series import cohort_series

FEWEST_COHORTS: Final = 8
"""Limits drawn from fewer cohorts than these are too uncertain themselves to call one of them out of line."""

STANDARD_ERRORS: Final = 3

LIMITS: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n": pl.Int64(),
        "top2_share": pl.Float64(),
        "centre": pl.Float64(),
        "limit_low": pl.Float64(),
        "limit_high": pl.Float64(),
        "standing": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `control_limits` says of a cell in a cohort; the key columns and `cohort` stand in front."""


def control_limits(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    cohorts: Sequence[str],
    by: Sequence[str] = ("module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The share of the two best steps in each cohort, and the limits within which chance alone would keep it.

    Takes what `trends` takes; gives a row for each of `by` and `cohort`, in the order of the cohorts, with the columns
    of `LIMITS`: `n` ratings, `top2_share` from 0 to 1, the `centre` (the share over all cohorts that may be shown), the
    limits, three standard errors of a share of so many people to either side and not beyond 0 and 1, and a `standing`:
    "above", "below" or "inside". There is no centre, no limit and no standing with fewer than eight cohorts that may be
    shown; nor a share for fewer than four steps. The numbers are null where `withheld`.

    Where a cohort is `blurred`, as `measures` blurs it with the same `unanimous_below`, its share is null. Centre and
    standing count it as though all of its ratings stood on the step of most, so that nothing more is told of it; in
    truth one rating in n may stand elsewhere.

    Shewhart's chart for shares of groups of different size: Montgomery, Introduction to Statistical Quality Control,
    6th ed. 2009, section 7.2.
    """
    refuse_strange_options(smallest_group=smallest_group, unanimous_below=unanimous_below)
    cells = cohort_series(
        counts,
        items,
        cohorts=cohorts,
        by=by,
        smallest_group=smallest_group,
        group=group,
        unanimous_below=unanimous_below,
    )
    ratings = step_counts(cells)
    share = divided(best_and_worst(ratings, cells)[0], ratings.sum(axis=1))
    shown = cells.with_columns(pl.Series("top2_share", share, nan_to_null=True)).with_columns(
        pl.when(~pl.col("withheld")).then(pl.col("n", "people", "top2_share")).name.keep()
    )
    judged = shown.pipe(_with_limits, by=by).with_columns(pl.col("blurred") & ~pl.col("withheld"), standing=_standing())
    told = judged.with_columns(pl.when(~pl.col("blurred")).then("top2_share").alias("top2_share"))
    return told.select(*by, "cohort", *LIMITS)


def _with_limits(shown: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    share, people = pl.col("top2_share"), pl.col("people")
    enough = (share.count().over(by) >= FEWEST_COHORTS) & share.is_not_null()
    of_all = (share * people).sum().over(by) / people.filter(share.is_not_null()).sum().over(by)
    centre = pl.col("centre")
    reach = STANDARD_ERRORS * (centre * (1 - centre) / people).sqrt()
    return shown.with_columns(centre=pl.when(enough).then(of_all)).with_columns(
        limit_low=(centre - reach).clip(lower_bound=0.0), limit_high=(centre + reach).clip(upper_bound=1.0)
    )


def _standing() -> pl.Expr:
    # Crumbs of rounding, where all are content, are not above the limit.
    return (
        pl.when(pl.col("top2_share") > pl.col("limit_high") + 1e-9)
        .then(pl.lit("above"))
        .when(pl.col("top2_share") < pl.col("limit_low") - 1e-9)
        .then(pl.lit("below"))
        .when(pl.col("centre").is_not_null())
        .then(pl.lit("inside"))
    )
