"""Did the revision work: what changed in a revised module, less what would have changed without the revision."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final

import polars as pl

from analytics.blurring import possible_counts, widest
from analytics.cells import parts_of, step_counts
from analytics.families import SIGNIFICANT, with_adjusted
from analytics.formulas import Floats, mean_and_spread
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.regression import held_against_line, line_of
from analytics.schemas import COUNTS, checked, checked_items, refuse_missing

EFFECTS: Final = pl.Schema(
    {
        "before": pl.String(),
        "after": pl.String(),
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n_before": pl.Int64(),
        "n_after": pl.Int64(),
        "mean_before": pl.Float64(),
        "mean_after": pl.Float64(),
        "change": pl.Float64(),
        "controls": pl.Int64(),
        "expected": pl.Float64(),
        "effect": pl.Float64(),
        "effect_low": pl.Float64(),
        "effect_high": pl.Float64(),
        "shift": pl.Float64(),
        "p_value": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "verdict": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `revision_effects` says of an item of a revised module; module and item stand in front."""

EFFECT_VERDICTS: Final = ("better", "worse", "no clear change", "too few answers")

EXACT = ("mean_before", "mean_after", "change", "expected", "effect")
LEAST, MOST = "_least_effect", "_most_effect"
"""Columns with the ends between which `effect` lies; the same number but for what is blurred."""


def revision_effects(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    before: str,
    after: str,
    revised: Sequence[str] | pl.DataFrame,
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The change of revised modules from the cohort `before` to the cohort `after` that the revision may claim.

    What is revised came out low, in part by chance, and chance does not repeat itself: the worst modules improve by
    themselves. So the change of a revised module is held against that of unrevised modules of similar starting score in
    the same two cohorts. Both cohorts' people rated them all, so that a lenient cohort is lenient with all of them and
    cancels in the difference.

    Takes counts (schema `COUNTS`), scales (`ITEMS`), and the modules `revised` between the two cohorts (their names, or
    a frame with a column `module`). Gives a row for each revised module and each item that both cohorts rated in it,
    with the columns of `EFFECTS`:

    - ratings and mean steps on both sides, and the `change` of the mean, in steps (whichever end is best);
    - `controls`, how many unrevised modules of the item are shown in both cohorts, and `expected`, the change that they
      lead to expect of a module with this starting score, in steps;
    - `effect`, change less expected, with its interval: **positive is better** by the item's direction;
    - `shift`, the smallest effect, in steps, that would have been seen with a probability of 0.8 (at least: with the
      strictest threshold that the correction for several tests can set);
    - `p_value` of no effect, and `p_adjusted` for having looked at all rows (Benjamini and Hochberg);
    - `verdict`: "better" or "worse" only if `p_adjusted` is below 0.05, else "no clear change"; "too few answers" where
      `withheld`, where there are fewer than five `controls`, or where these have no spread to judge by (the columns
      from `expected` to `p_adjusted` are null then);
    - `blurred`: either side is, as `measures` blurs it with the same `unanimous_below`. What is exact is null, the
      interval reaches as far, and `shift` and `p_value` are as large, as for any ratings that look the same. Controls
      that are blurred are taken as though all of their ratings stood on the step of most, so that nothing more is told
      of them; in truth one rating in n may stand elsewhere;
    - `withheld`: fewer than `smallest_group` answered on either side.

    The expectation is an analysis of covariance over the unrevised modules: the mean after is regressed on the mean
    before, and the revised module's outcome is held against the prediction interval of a single new observation
    (Draper and Smith, Applied Regression Analysis, 3rd ed. 1998; statsmodels `get_prediction().conf_int(obs=True)`).
    The slope is below 1 because the mean before is measured with error, and it is not corrected for that: what is
    wanted is the outcome given the score as *observed*, and its attenuation is the regression to the mean itself
    (Galton, J. Anthropol. Inst. 1886; Fuller, Measurement Error Models, 1987, section 1.6). It is valid where modules
    were chosen for their observed score. The scatter about the line holds the sampling error of a module, the
    controls' own, and the true variation of change among modules that nobody revised.

    A revised module with fewer answers than the controls have returns further to the mean: its slope is multiplied by
    V / (V + u), with V the variance of the controls' means before, and u what fewer answers add to the squared sampling
    error of such a mean. And where its own squared sampling errors are larger than the controls' are on average, the
    surplus is added to the scatter. One with more answers or smaller errors gains nothing by it.

    Items of which neither end is best are left out. Raises `FrameError` where the frame of revised modules has no
    column `module`, `ValueError` where the two cohorts are the same.
    """
    if before == after:
        raise ValueError(f"The options 'before' and 'after' both name {before!r}: an effect needs two cohorts.")
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    cells = _cells(
        counts, items, cohorts=[before, after], smallest_group=smallest_group, unanimous_below=unanimous_below
    )
    # The cells as they are counted, and where some are blurred also the furthest from that which they could be.
    ways = [_described(cells, possible) for possible in possible_counts(cells, step_counts(cells))]
    pairs = _paired(ways[0], ways[0], before=before, after=after)
    is_revised = pl.col("module").is_in(_modules(revised))
    usable = ~pl.col("withheld") & pl.col("sampling_before").is_finite() & pl.col("sampling_after").is_finite()
    controls = line_of(pairs.filter(usable & ~is_revised))
    held = [
        _held(_paired(old, new, before=before, after=after).filter(is_revised), controls, confidence=confidence)
        for old, new in product(ways, ways)
    ]
    ends = widest(held, low=("effect_low", LEAST), high=("effect_high", MOST, "shift", "p_value"))
    judged = (
        held[0]
        .with_columns(ends)
        .with_columns(
            pl.when(~pl.col("withheld")).then(pl.col("n_before", "n_after")).name.keep(),
            pl.when(~pl.col("withheld") & ~pl.col("blurred")).then(pl.col(EXACT)).name.keep(),
            pl.lit(before).alias("before"),
            pl.lit(after).alias("after"),
            pl.col("controls").fill_null(0),
            pl.col("blurred") & ~pl.col("withheld"),
        )
    )
    return judged.pipe(with_adjusted).with_columns(verdict=_verdict()).select("module", "item", *EFFECTS)


def _modules(revised: Sequence[str] | pl.DataFrame) -> list[str]:
    if isinstance(revised, str):
        raise ValueError(f"The option 'revised' is the single text {revised!r}: give a list of modules.")
    if not isinstance(revised, pl.DataFrame):
        return list(revised)
    refuse_missing(["module"], among=revised.columns)
    names: list[str] = revised["module"].drop_nulls().to_list()
    return names


def _cells(
    counts: pl.DataFrame, items: pl.DataFrame, *, cohorts: Sequence[str], smallest_group: int, unanimous_below: int
) -> pl.DataFrame:
    without_ends = checked_items(items).filter(pl.col("direction") == "middle")["item"]
    rated = checked(counts, COUNTS).filter(
        pl.col("cohort").is_in(cohorts),
        pl.col("module").is_not_null(),
        ~pl.col("item").is_in(without_ends.implode()),
    )
    return parts_of(
        rated,
        items,
        by=["cohort", "module", "item"],
        smallest_group=smallest_group,
        group=None,
        unanimous_below=unanimous_below,
    )


def _described(cells: pl.DataFrame, counts: Floats) -> pl.DataFrame:
    """With the mean and its squared sampling error, if the cells have these counts of their steps."""
    mean, spread = mean_and_spread(counts)
    n = pl.col("n")
    return cells.with_columns(
        pl.Series("mean", mean), sampling=pl.when(n > 1).then(pl.Series("spread", spread) / (n - 1))
    )


def _paired(old: pl.DataFrame, new: pl.DataFrame, *, before: str, after: str) -> pl.DataFrame:
    """Every module and item that both cohorts rated, with the numbers of either side."""
    sides = {
        side: cells.filter(cohort=cohort).select(
            *("module", "item", "steps", "direction"),
            pl.col("n", "mean", "sampling", "blurred", "withheld").name.suffix(f"_{side}"),
        )
        for side, cells, cohort in (("before", old, before), ("after", new, after))
    }
    key = ["module", "item", "steps", "direction"]
    return (
        sides["after"]
        .join(sides["before"], on=key, maintain_order="left")
        .with_columns(
            withheld=pl.col("withheld_before") | pl.col("withheld_after"),
            blurred=pl.col("blurred_before") | pl.col("blurred_after"),
            change=pl.col("mean_after") - pl.col("mean_before"),
        )
    )


def _held(rows: pl.DataFrame, controls: pl.DataFrame, *, confidence: float) -> pl.DataFrame:
    beside = rows.join(controls, on="item", how="left", maintain_order="left")
    return beside.with_columns(held_against_line(beside, confidence=confidence)).with_columns(
        pl.col("effect").alias(LEAST), pl.col("effect").alias(MOST)
    )


def _verdict() -> pl.Expr:
    return (
        pl.when(pl.col("p_value").is_null())
        .then(pl.lit("too few answers"))
        .when((pl.col("p_adjusted") < SIGNIFICANT) & (pl.col(LEAST) > 0))
        .then(pl.lit("better"))
        .when((pl.col("p_adjusted") < SIGNIFICANT) & (pl.col(MOST) < 0))
        .then(pl.lit("worse"))
        .otherwise(pl.lit("no clear change"))
    )
