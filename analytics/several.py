"""Whether several cohorts differ at all, looked at all at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy.special import chdtrc

from analytics.blurring import STEP
from analytics.cells import step_counts
from analytics.families import SIGNIFICANT, with_adjusted
from analytics.formulas import Floats, divided
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.series import cohort_series

SEVERAL: Final = pl.Schema(
    {
        "cohorts": pl.Int64(),
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n": pl.Int64(),
        "statistic": pl.Float64(),
        "epsilon_squared": pl.Float64(),
        "p_value": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "verdict": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `several` says of a cell over its cohorts; the key columns stand in front."""


def several(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    cohorts: Sequence[str],
    by: Sequence[str] = ("module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """Whether the ratings of several cohorts differ, whichever way.

    Takes what `trends` takes; gives a row for each of `by` with the columns of `SEVERAL`, made from the cohorts that
    may be shown:

    - how many `cohorts` these are, and `n` ratings in them;
    - the `statistic` H of Kruskal and Wallis, corrected for ties (JASA 1952; scipy `kruskal`), and `epsilon_squared` =
      H / (N - 1), the share from 0 to 1 of the variation of the ranks that lies between the cohorts (Tomczak and
      Tomczak, Trends in Sport Sciences 2014);
    - `p_value` of no difference (chi-squared, with cohorts - 1 degrees of freedom), and `p_adjusted` over all rows
      (Benjamini and Hochberg);
    - `verdict`: "different" if `p_adjusted` is below 0.05, "too few" where `withheld`, or else "no evidence";
    - `blurred` as for `trends`: some of the cohorts are counted as though all of their ratings stood on one step;
    - `withheld`: fewer than two cohorts may be shown, and nothing is said.

    Only the people are a source of chance here: where each cohort has its own lecturer or its own mood, it is no wonder
    that cohorts differ. Items of which neither end is best are left out, as by `trends`. A row over several modules
    goes by the number of people, not of ratings (see `measures`).
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
    found = _ranked(cells, by=by)
    tested = found.with_columns(_tested(found))
    shown = tested.with_columns(withheld=pl.col("cohorts") < 2).with_columns(
        pl.col("blurred") & ~pl.col("withheld"),
        pl.when(~pl.col("withheld")).then(pl.col("n", "statistic", "epsilon_squared", "p_value")).name.keep(),
    )
    return shown.pipe(with_adjusted).with_columns(verdict=_verdict()).select(*by, *SEVERAL)


def _ranked(cells: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Sums of squares of the ranks, between the cohorts and in all, a row for each of `by`."""
    usable = ~pl.col("withheld") & (pl.col("people") > 0)
    # Each cohort as its people, spread over the steps as its ratings are.
    people = pl.when(usable).then(pl.col(f"^{STEP}.*$") * pl.col("people") / pl.col("n")).otherwise(0.0)
    cells = cells.with_columns(people.name.keep())
    all_people = step_counts(cells.select(pl.col(f"^{STEP}.*$").sum().over(by)))
    own = step_counts(cells)
    # The mean rank of a step less that of everybody: the tied ratings of a step share their rank.
    middle = all_people.cumsum(axis=1) - all_people / 2 - all_people.sum(axis=1, keepdims=True) / 2
    from_middle = divided((own * middle).sum(axis=1), own.sum(axis=1))
    squares = cells.with_columns(
        pl.Series("_between", own.sum(axis=1) * from_middle**2, nan_to_null=True),
        pl.Series("_total", (own * middle**2).sum(axis=1)),
    )
    return squares.group_by(*by, "steps", "direction", maintain_order=True).agg(
        cohorts=usable.sum().cast(pl.Int64),
        blurred=(pl.col("blurred") & usable).any(),
        n=pl.col("n").filter(usable).sum(),
        people=pl.col("people").filter(usable).sum().cast(pl.Float64),
        between=pl.col("_between").sum(),
        total=pl.col("_total").sum(),
    )


def _tested(ranks: pl.DataFrame) -> list[pl.Series]:
    cohorts, people, between, total = (
        ranks[name].to_numpy().astype(np.float64) for name in ("cohorts", "people", "between", "total")
    )
    # Where all answers are equal there is no variation, and none between the cohorts.
    share: Floats = np.where(total > 1e-9, divided(between, total), np.where(people > 1, 0.0, np.nan))
    statistic = share * (people - 1)
    numbers = {
        "statistic": statistic,
        "epsilon_squared": share,
        "p_value": chdtrc(np.maximum(cohorts - 1, 1), statistic),
    }
    return [pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in numbers.items()]


def _verdict() -> pl.Expr:
    return (
        pl.when(pl.col("withheld") | pl.col("p_value").is_null())
        .then(pl.lit("too few"))
        .when(pl.col("p_adjusted") < SIGNIFICANT)
        .then(pl.lit("different"))
        .otherwise(pl.lit("no evidence"))
    )
