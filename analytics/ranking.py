"""The modules of a cohort ordered by need for revision: shrunken means, picks, and how little a rank is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtrit

from analytics.cells import parts_of, step_counts
from analytics.formulas import Floats, mean_and_spread
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups
from analytics.schemas import COUNTS, PICKS, FrameError, checked, checked_items
from analytics.shrinking import clearly_below_and_above, comparison_reach, shrunken_means, squared_errors

RANKING: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n": pl.Int64(),
        "mean": pl.Float64(),
        "shrunken": pl.Float64(),
        "shrunken_low": pl.Float64(),
        "shrunken_high": pl.Float64(),
        "rank": pl.Int64(),
        "rank_low": pl.Int64(),
        "rank_high": pl.Int64(),
        "modules": pl.Int64(),
        "between": pl.Float64(),
        "picked_share": pl.Float64(),
        "picked_low": pl.Float64(),
        "picked_high": pl.Float64(),
        "verdict": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `ranked` says of a module; cohort, module and item stand in front. Rank 1 is the most in need of revision."""

RANK_VERDICTS: Final = ("told apart", "no evidence", "too few")

KEYS: Final = ("cohort", "module", "item")
NUMBERS = [name for name, dtype in RANKING.items() if dtype in (pl.Int64, pl.Float64) and not name.startswith("picked")]


def ranked(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    smallest_group: int = 5,
    picks: pl.DataFrame | None = None,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The modules of each cohort in each item, the most in need of revision first, as far as that can be known.

    Takes counts (schema `COUNTS`) and the scales of their items (`ITEMS`); gives a row for each cohort, module and item
    with the columns of `RANKING`:

    - `n` ratings and their `mean` step; `shrunken`, the mean drawn towards the centre of the cohort's modules
      (empirical Bayes; formulas and sources: `shrinking.shrunken_means`), so that a module with few answers is not
      first or last by luck alone, with its interval, clipped to the scale; `between`, the standard deviation of the
      modules' true means in steps (0 if chance alone can explain all that is seen);
    - `rank` by the shrunken mean among the `modules` that are shown: 1 is the worst by the item's direction, equals
      share the better number. Never to be shown without `rank_low` and `rank_high`, which hold for all modules of a
      cohort and item together at `confidence`: a module is clearly worse than another if intervals of their means that
      are made for comparing all with all do not overlap (`shrinking.comparison_reach`, `clearly_below_and_above`).
      Where people differ nowhere there is nothing to judge by: no interval of the shrunken mean, and all ranks are
      possible. The ranks are those among all who might be taught, the next cohort too, hence no finite population
      correction;
    - `verdict`: "told apart" if some rank is ruled out, "no evidence" if the module could have any rank, "too few";
    - `picked_share` with its interval, from `picks`, the rows of one pick from `pick_shares`;
    - `blurred`, as `measures` blurs with the same `unanimous_below`: no `mean` and no `shrunken` one. The module has
      its place as though all of its ratings stood on the step of most, so that nothing more is told of it; in truth one
      rating in n may stand elsewhere.

    The rows stand in the order in which they are to be looked at, a list for each cohort and item: by the number of
    modules that are clearly worse, then, among modules for which that is the same, those picked more often, then the
    lower (worse) shrunken mean. So a difference that is established is never turned round, picks decide between what
    the ratings cannot tell apart, and no score is made of the two. Withheld modules come last, without numbers of their
    ratings; they are in nobody's rank, centre or `between` either.

    What was asked of the course as a whole has no modules, and an item of which neither end is best has no worst: both
    are left out. Raises `FrameError` for frames that are not what they should be, `ValueError` for impossible options.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    parts = _rateable(counts, items, smallest_group=smallest_group, unanimous_below=unanimous_below)
    groups = parts.partition_by("cohort", "item", maintain_order=True)
    # The empty frame first, so that nothing comes from nothing.
    listed = pl.concat([_judged(group, confidence=confidence) for group in (parts.clear(), *groups)])
    known = _with_picks(listed, picks)
    shown = without_small_groups(known, size="n", smallest_group=smallest_group, numbers=NUMBERS)
    # Ordered by what is known of them, and then shown without what would be exact.
    told = _in_order(shown).with_columns(
        pl.when(~pl.col("blurred")).then(pl.col("mean", "shrunken")).name.keep(),
        pl.col("blurred") & ~pl.col("withheld"),
    )
    return told.select(*KEYS, *RANKING)


def _rateable(counts: pl.DataFrame, items: pl.DataFrame, *, smallest_group: int, unanimous_below: int) -> pl.DataFrame:
    without_worst = checked_items(items).filter(pl.col("direction") == "middle")["item"]
    rated = checked(counts, COUNTS).filter(
        pl.col("module").is_not_null() & ~pl.col("item").is_in(without_worst.implode())
    )
    return parts_of(rated, items, by=KEYS, smallest_group=smallest_group, group=None, unanimous_below=unanimous_below)


def _judged(modules: pl.DataFrame, *, confidence: float) -> pl.DataFrame:
    """The modules of one cohort and item with all that is said of those that may be shown, and of these alone."""
    shown = modules.filter(~pl.col("withheld") & (pl.col("n") > 0))
    mean, spread = mean_and_spread(step_counts(shown))
    people = shown["n"].to_numpy().astype(np.float64)
    numbers = {"mean": mean, **_ordered(mean, spread, people, shown["direction"].to_list(), confidence=confidence)}
    said = shown.select(
        *KEYS, *(pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in numbers.items())
    )
    listed = modules.select(*KEYS, "steps", "direction", "n", "blurred").join(
        said, on=KEYS, how="left", nulls_equal=True, maintain_order="left"
    )
    within = [pl.col(name).clip(1, pl.col("steps")) for name in ("shrunken_low", "shrunken_high")]
    return listed.with_columns(*within, modules=pl.lit(shown.height, pl.Int64)).with_columns(*_ranks())


def _ordered(
    mean: Floats, spread: Floats, people: Floats, direction: Sequence[str], *, confidence: float
) -> dict[str, Floats]:
    variances = squared_errors(spread, people)
    if not len(mean) or not (variances > 0).all():
        # Nobody differed from anybody in any module: no yardstick for what lies between the modules.
        nothing, none = np.full(mean.shape, np.nan), np.zeros(mean.shape)
        shrunken, low, high, between, below, above = mean, nothing, nothing, nothing, none, none
    else:
        freedom = people.sum() - len(people)
        shrunken, variance, deviation = shrunken_means(mean, variances)
        reach = stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(variance)
        low, high, between = shrunken - reach, shrunken + reach, np.full(mean.shape, deviation)
        together = comparison_reach(np.sqrt(variances), freedom, confidence=confidence)
        below, above = clearly_below_and_above(mean - together, mean + together)
    down = np.array([one == "down" for one in direction], dtype=bool)
    return {
        "shrunken": shrunken,
        "shrunken_low": low,
        "shrunken_high": high,
        "between": between,
        # Not the last digits of a sum shall part what is equal.
        "_goodness": np.round(np.where(down, -shrunken, shrunken), 9),
        "_worse": np.where(down, above, below),
        "_better": np.where(down, below, above),
    }


def _ranks() -> list[pl.Expr]:
    """The rank, and the interval around it, widened where a bold but uncertain mean was shrunken past a sure one."""
    rank = pl.col("_goodness").rank("min").cast(pl.Int64)
    low, high = 1 + pl.col("_worse").cast(pl.Int64), pl.col("modules") - pl.col("_better").cast(pl.Int64)
    return [
        rank.alias("rank"),
        pl.when(rank.is_not_null()).then(pl.min_horizontal(low, rank)).alias("rank_low"),
        pl.when(rank.is_not_null()).then(pl.max_horizontal(high, rank)).alias("rank_high"),
    ]


def _with_picks(listed: pl.DataFrame, picks: pl.DataFrame | None) -> pl.DataFrame:
    names = {"share": "picked_share", "share_low": "picked_low", "share_high": "picked_high"}
    if picks is None:
        return listed.with_columns(pl.lit(None, pl.Float64).alias(name) for name in names.values())
    place = ["cohort", "module"]
    checked(picks, pl.Schema({**dict.fromkeys(place, pl.String()), **PICKS}))
    if picks.select(place).is_duplicated().any():
        raise FrameError(
            "The column 'module' of the picks names a module twice in a cohort: keep one pick, one row each."
        )
    shares = picks.select(*place, *names).rename(names)
    return listed.join(shares, on=place, how="left", nulls_equal=True, maintain_order="left")


def _in_order(shown: pl.DataFrame) -> pl.DataFrame:
    all_ranks = (pl.col("rank_low") == 1) & (pl.col("rank_high") == pl.col("modules"))
    verdict = (
        pl.when(pl.col("withheld") | pl.col("rank").is_null())
        .then(pl.lit("too few"))
        .when(all_ranks)
        .then(pl.lit("no evidence"))
        .otherwise(pl.lit("told apart"))
    )
    first_seen = pl.col("_place").min().over("cohort", "item")
    return (
        shown.with_row_index("_place")
        .with_columns(verdict=verdict, _list=first_seen)
        .sort(
            "_list", "_worse", -pl.col("picked_share").fill_null(0), "_goodness", nulls_last=True, maintain_order=True
        )
    )
