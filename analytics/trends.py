"""Whether ratings rise or fall over many cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from analytics.cells import step_counts
from analytics.families import SIGNIFICANT, with_adjusted
from analytics.formulas import Floats, divided, mean_and_spread
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.series import cohort_series

FEWEST_COHORTS: Final = 3
"""Two cohorts have a difference (`compare`), and a line goes through any two points."""

TRENDS: Final = pl.Schema(
    {
        "cohorts": pl.Int64(),
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n": pl.Int64(),
        "slope": pl.Float64(),
        "slope_low": pl.Float64(),
        "slope_high": pl.Float64(),
        "p_value": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "verdict": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `trends` says of a cell over its cohorts; the key columns stand in front."""


def trends(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    cohorts: Sequence[str],
    by: Sequence[str] = ("module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """Whether the ratings rise or fall from cohort to cohort.

    Takes counts (schema `COUNTS`) and scales (`ITEMS`); `cohorts` gives the order in time, taken as equal steps: a
    cohort that did not have a module leaves a gap. Gives a row for each of `by` (which names `item`, and not `cohort`)
    with the columns of `TRENDS`, made from the cohorts that may be shown:

    - `cohorts`, how many these are, and `n` ratings in them;
    - `slope`, the change of the mean per cohort in steps of the scale (whichever end is best), by least squares in
      which every person weighs the same, with its interval;
    - `p_value` of no trend, and `p_adjusted` for having looked at all rows (Benjamini and Hochberg);
    - `verdict`: "rising" (better, by the item's direction) or "falling" only if `p_adjusted` is below 0.05, "too few"
      where `withheld`, or else "no evidence";
    - `blurred`: some of the cohorts are, as `measures` blurs them with the same `unanimous_below`. They are counted as
      though all of their ratings stood on the step of most, so that nothing more is told of them; in truth one rating
      in n may stand elsewhere;
    - `withheld`: fewer than three cohorts may be shown, and nothing is said.

    The test is that of linear by linear association, (N - 1) r^2 with r the correlation of a person's rating with the
    place of their cohort (Mantel, JASA 1963; Agresti, Categorical Data Analysis, 2nd ed. 2002, section 3.4.1;
    statsmodels `Table.test_ordinal_association`). Where the cohorts lie further from the line than their people explain
    (a lenient cohort, another lecturer), that scatter belongs to the uncertainty: the variance is multiplied by the
    departure from the line over its degrees of freedom, where that is above 1 (Birge, Phys. Rev. 1932). The normal
    distribution then gives way to Student's, with the degrees of freedom that Satterthwaite (Biometrics 1946) gives to
    a known variance and an estimated surplus.

    The interval is that of the same test and leaves out 0 exactly where `p_value` is below 1 - `confidence`. It is null
    where all answers are equal. Items of which neither end is best are left out. A row over several modules goes by the
    number of people, not of ratings (see `measures`).
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    cells = cohort_series(
        counts,
        items,
        cohorts=cohorts,
        by=by,
        smallest_group=smallest_group,
        group=group,
        unanimous_below=unanimous_below,
    )
    found = _lines(cells, by=by)
    tested = found.with_columns(_tested(found, confidence=confidence))
    shown = tested.with_columns(withheld=pl.col("cohorts") < FEWEST_COHORTS).with_columns(
        pl.col("blurred") & ~pl.col("withheld"),
        pl.when(~pl.col("withheld")).then(pl.col("n", "slope", "slope_low", "slope_high", "p_value")).name.keep(),
    )
    return shown.pipe(with_adjusted).with_columns(verdict=_verdict()).select(*by, *TRENDS)


def _lines(cells: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Sums of squares and products of people's ratings and their cohorts' places, a row for each of `by`."""
    mean, spread = mean_and_spread(step_counts(cells))
    moments = cells.with_columns(pl.Series("_mean", mean), pl.Series("_spread", spread))
    usable = ~pl.col("withheld") & (pl.col("people") > 0)
    n, people, x, y, spread_of = (pl.col(name).filter(usable) for name in ("n", "people", "when", "_mean", "_spread"))
    from_x, from_y = x - (people * x).sum() / people.sum(), y - (people * y).sum() / people.sum()
    return moments.group_by(*by, "steps", "direction", maintain_order=True).agg(
        cohorts=usable.sum().cast(pl.Int64),
        blurred=(pl.col("blurred") & usable).any(),
        n=n.sum(),
        people=people.sum().cast(pl.Float64),
        along=(people * from_x**2).sum(),
        product=(people * from_x * from_y).sum(),
        between=(people * from_y**2).sum(),
        within=(people * spread_of).sum(),
    )


def _tested(lines: pl.DataFrame, *, confidence: float) -> list[pl.Series]:
    cohorts, people, along, product, between, within = (
        lines[name].to_numpy().astype(np.float64)
        for name in ("cohorts", "people", "along", "product", "between", "within")
    )
    slope = divided(product, along)
    # Sums of squares leave crumbs where all answers are equal.
    total = np.where(between + within > 1e-9, between + within, np.nan)
    departure = divided((people - 1) * (between - slope * product) / total, cohorts - 2)
    surplus = np.maximum(departure, 1.0)
    freedom = _freedom(surplus, cohorts - 2)
    error = np.sqrt(surplus * divided(total, along) / (people - 1))
    reach = stdtrit(freedom, (1 + confidence) / 2) * error
    p_value = np.where(np.isnan(total) & (people > 1), 1.0, 2 * stdtr(freedom, -np.abs(slope / error)))
    numbers = {"slope": slope, "slope_low": slope - reach, "slope_high": slope + reach, "p_value": p_value}
    return [pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in numbers.items()]


def _freedom(surplus: Floats, freedom: Floats) -> Floats:
    """Degrees of freedom of a variance of which 1 is known and the rest estimated with `freedom`; endless for 1."""
    estimated = np.where(surplus > 1, surplus - 1, np.nan)
    return np.where(surplus > 1, np.minimum(freedom * (surplus / estimated) ** 2, 1e9), 1e9)


def _verdict() -> pl.Expr:
    better = pl.col("slope") * pl.when(pl.col("direction") == "down").then(-1).otherwise(1) > 0
    return (
        pl.when(pl.col("withheld") | pl.col("p_value").is_null())
        .then(pl.lit("too few"))
        .when(pl.col("p_adjusted") >= SIGNIFICANT)
        .then(pl.lit("no evidence"))
        .when(better)
        .then(pl.lit("rising"))
        .otherwise(pl.lit("falling"))
    )
