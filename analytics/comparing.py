"""What changed from one cohort to another, and whether that is more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import polars as pl

from analytics.blurring import possible_counts, widest
from analytics.cells import parts_of, rolled_up, step_counts
from analytics.families import SIGNIFICANT, with_adjusted
from analytics.formulas import Floats, divided, mean_and_spread, newcombe_interval
from analytics.measures import best_and_worst
from analytics.options import refuse_strange_cohorts, refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import groups_of, without_small_groups
from analytics.rank_tests import difference_interval, superiority
from analytics.schemas import CHANGES, COUNTS, checked, checked_items

NUMBERS = [name for name, dtype in CHANGES.items() if dtype in (pl.Int64, pl.Float64)]
EXACT = (
    *("mean_before", "mean_after", "difference", "p_higher", "cliffs_delta"),
    *("top2_before", "top2_after", "top2_difference"),
)
LOW, HIGH = ("difference_low", "p_higher_low", "top2_low"), ("difference_high", "p_higher_high", "top2_high")
LEAST, MOST = "_least_p_higher", "_most_p_higher"
"""Columns with the ends between which `p_higher` lies; the same number but for what is blurred."""


def compare(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    before: str,
    after: str,
    by: Sequence[str] = ("module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """How the ratings changed from the cohort `before` to the cohort `after`, in the modules that both had.

    Takes counts (schema `COUNTS`) and the scales of their items (`ITEMS`); gives a row for each of `by` (which names
    `item`, and not `cohort`) with the columns of `CHANGES`. Each person's rating is in them once: a question that the
    same people answered on several days is for `measures`, which alone knows `times`. The columns:

    - `n_before` and `n_after` ratings, `mean_before` and `mean_after` steps, their `difference` (after less before, in
      steps, whichever end is best) with Welch's interval;
    - `p_higher`, how probable it is that somebody of the cohort after is *better* satisfied than somebody of the cohort
      before (ties half; by the item's direction, so that higher is better also where the first step is best), with its
      interval (formula and source: `rank_tests.superiority`), and `cliffs_delta` = 2 p - 1;
    - `top2_before` and `top2_after`, the shares from 0 to 1 of the two best steps by the item's direction, and their
      `top2_difference` with its interval (formula and source: `formulas.newcombe_interval`); null for fewer than four
      steps;
    - `p_value` of no change, and `p_adjusted` for having looked at all rows shown (Benjamini and Hochberg 1995);
    - `verdict`: "higher" (better) or "lower" (worse) only if `p_adjusted` is below 0.05, "too few" where either side is
      withheld, or else "no evidence".

    - `blurred`: either side is, as `measures` blurs it with the same `unanimous_below`. The numbers of ratings and the
      intervals are shown, and what would be exact is null. The intervals reach as far as those of any ratings that look
      the same (that of `p_higher` nearly as far where both sides are blurred), `p_value` is the largest of theirs, and
      "higher" and "lower" hold for all of them;

    Intervals of the mean and of `p_higher` are null where all answers are equal: there is no spread to judge by. Items
    of which neither end is best are left out, since they have no higher and lower. A row over several modules is made
    from those that both cohorts may show, and its intervals with the number of people (see `measures`).
    """
    if "cohort" in by:
        raise ValueError("The cohort is what is compared: leave it out of the columns asked for.")
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    parts = _comparable_parts(
        checked(counts, COUNTS).filter(pl.col("cohort").is_in([before, after])),
        items,
        by=by,
        smallest_group=smallest_group,
        group=group,
        unanimous_below=unanimous_below,
    )
    place = list(dict.fromkeys([*by, "module"]))
    in_both = parts.filter(pl.col("cohort").n_unique().over(place) == 2)
    shown_in_both = in_both.with_columns(pl.col("withheld").any().over(place))
    cells = rolled_up(shown_in_both, by=[*by, "cohort"])
    old, new = cells.filter(pl.col("cohort") == before), cells.filter(pl.col("cohort") == after)
    old = new.select(by).join(old, on=by, how="left", nulls_equal=True, maintain_order="left")
    return _changes(old, new, by=by, smallest_group=smallest_group, group=group, confidence=confidence)


def changes_to_previous(
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
    """The change of every module in every cohort to the last cohort before it that had this module.

    `cohorts` gives their order in time. `by` names `module` and `item`. Gives the columns of `CHANGES` as `compare`
    does, of one rating per person, without rows for the first cohort of a module; p values are adjusted within each
    cohort `after`, because that is the list which somebody reads at once.
    """
    if "module" not in by or "cohort" in by:
        raise ValueError("Changes to the previous cohort are module by module: name 'module', and not 'cohort'.")
    refuse_strange_cohorts(cohorts)
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    order = pl.DataFrame({"cohort": cohorts}, schema={"cohort": pl.String}).with_row_index("_when")
    parts = _comparable_parts(
        counts, items, by=by, smallest_group=smallest_group, group=group, unanimous_below=unanimous_below
    )
    cells = rolled_up(parts, by=[*by, "cohort"]).join(order, on="cohort", maintain_order="left").sort("_when")
    place = list(by)
    new = cells.with_columns(_previous=pl.col("cohort").shift().over(place)).filter(pl.col("_previous").is_not_null())
    old = new.select(*by, pl.col("_previous").alias("cohort")).join(
        cells, on=[*by, "cohort"], how="left", nulls_equal=True, maintain_order="left"
    )
    return _changes(old, new, by=by, smallest_group=smallest_group, group=group, confidence=confidence)


def _comparable_parts(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    by: Sequence[str],
    smallest_group: int,
    group: Sequence[str] | None,
    unanimous_below: int,
) -> pl.DataFrame:
    without_ends = checked_items(items).filter(pl.col("direction") == "middle")["item"]
    comparable = checked(counts, COUNTS).filter(~pl.col("item").is_in(without_ends.implode()))
    return parts_of(
        comparable,
        items,
        by=[*by, "cohort"],
        smallest_group=smallest_group,
        group=group,
        unanimous_below=unanimous_below,
    )


def _changes(
    old: pl.DataFrame,
    new: pl.DataFrame,
    *,
    by: Sequence[str],
    smallest_group: int,
    group: Sequence[str] | None,
    confidence: float,
) -> pl.DataFrame:
    """The changes from the cells of `old` to those of `new`, row by row."""
    pairs = (
        new.select(*by, "steps", "direction", pl.col("cohort").alias("after"))
        .with_columns(
            old["cohort"].alias("before"),
            old["n"].alias("n_before"),
            new["n"].alias("n_after"),
            pl.min_horizontal(old["people"], new["people"]).alias("_people"),
            *_compared(old, new, step_counts(old), step_counts(new), confidence=confidence),
            blurred=old["blurred"] | new["blurred"],
        )
        .with_columns(pl.col("p_higher").alias(LEAST), pl.col("p_higher").alias(MOST))
    )
    if pairs["blurred"].any():
        pairs = _blurred(pairs, old, new, confidence=confidence)
    shown = without_small_groups(
        pairs,
        size="_people",
        smallest_group=smallest_group,
        numbers=[name for name in NUMBERS if name in pairs.columns],
        keys=[*by, "after"],
        group=groups_of(by, group),
    )
    judged = shown.pipe(with_adjusted, within=["after"]).with_columns(
        pl.col("blurred") & ~pl.col("withheld"), verdict=_verdict()
    )
    return judged.select(*by, *CHANGES)


def _blurred(pairs: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, *, confidence: float) -> pl.DataFrame:
    """The same pairs, those `blurred` without exact numbers, and with ends and p values that hold for all variants."""
    placed = pairs.with_row_index("_place")
    done = [placed.filter(~pairs["blurred"])]
    # A side that is not blurred has no variants: pairs with one are kept apart from those with two that are.
    for of in (old["blurred"] & ~new["blurred"], ~old["blurred"] & new["blurred"], old["blurred"] & new["blurred"]):
        if of.any():
            ends = _ends(old.filter(of), new.filter(of), confidence=confidence)
            done.append(placed.filter(of).with_columns(ends))
    return pl.concat(done).sort("_place").drop("_place")


def _ends(old: pl.DataFrame, new: pl.DataFrame, *, confidence: float) -> pl.DataFrame:
    """Of each pair of cells what holds for all variants, and no exact numbers."""
    variants = [
        pl.DataFrame(_compared(old, new, *counts, confidence=confidence)).with_columns(
            pl.col("p_higher").alias(LEAST), pl.col("p_higher").alias(MOST)
        )
        for counts in product(*(possible_counts(side, step_counts(side)) for side in (old, new)))
    ]
    ends = widest(variants, low=(*LOW, LEAST), high=(*HIGH, MOST, "p_value"))
    # Where a variant has no spread to judge by, it has no interval, and its number alone tells how far it may reach.
    return ends.with_columns(
        pl.min_horizontal("p_higher_low", LEAST).alias("p_higher_low"),
        pl.max_horizontal("p_higher_high", MOST).alias("p_higher_high"),
        *(pl.lit(None, pl.Float64).alias(name) for name in EXACT),
    )


def _compared(
    old: pl.DataFrame, new: pl.DataFrame, before: Floats, after: Floats, *, confidence: float
) -> list[pl.Series]:
    """What is said of pairs of cells, if these have the counts `before` and `after` of their steps."""
    people = old["people"].to_numpy().astype(np.float64), new["people"].to_numpy().astype(np.float64)
    mean_before, spread_before = mean_and_spread(before)
    mean_after, spread_after = mean_and_spread(after)
    difference = mean_after - mean_before
    low, high = difference_interval(difference, spread_before, spread_after, *people, confidence=confidence)
    widest = new["steps"].to_numpy() - 1
    rank = superiority(before, after, *people, confidence=confidence)
    # Where the first step is best, lower steps are higher satisfaction: the same test seen from the other end.
    down = new["direction"].to_numpy() == "down"
    p_higher = np.where(down, 1 - rank.p_higher, rank.p_higher)
    numbers = {
        "mean_before": mean_before,
        "mean_after": mean_after,
        "difference": difference,
        "difference_low": np.maximum(low, -widest),
        "difference_high": np.minimum(high, widest),
        "p_higher": p_higher,
        "p_higher_low": np.where(down, 1 - rank.high, rank.low),
        "p_higher_high": np.where(down, 1 - rank.low, rank.high),
        "cliffs_delta": 2 * p_higher - 1,
        "p_value": rank.p_value,
        **_shares_of_the_best(_best(old, before), _best(new, after), *people, confidence=confidence),
    }
    return [pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in numbers.items()]


def _shares_of_the_best(
    before: Floats, after: Floats, people_before: Floats, people_after: Floats, *, confidence: float
) -> dict[str, Floats]:
    low, high = newcombe_interval(before, after, people_before, people_after, confidence=confidence)
    return {
        "top2_before": before,
        "top2_after": after,
        "top2_difference": after - before,
        "top2_low": low,
        "top2_high": high,
    }


def _best(cells: pl.DataFrame, counts: Floats) -> Floats:
    """The share of the two best steps."""
    return divided(best_and_worst(counts, cells)[0], counts.sum(axis=1))


def _verdict() -> pl.Expr:
    sure = pl.col("p_adjusted") < SIGNIFICANT
    return (
        pl.when(pl.col("withheld") | pl.col("p_value").is_null())
        .then(pl.lit("too few"))
        .when(sure & (pl.col(LEAST) > 0.5))
        .then(pl.lit("higher"))
        .when(sure & (pl.col(MOST) < 0.5))
        .then(pl.lit("lower"))
        .otherwise(pl.lit("no evidence"))
    )
