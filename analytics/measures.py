"""What a cell says: its distribution, its centre and its share of good answers, each with its uncertainty."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.blurring import possible_counts, widest
from analytics.cells import parts_of, people_known, rolled_up, step_counts, step_lists
from analytics.formulas import (
    Floats,
    divided,
    interpolated_median,
    mean_and_spread,
    mean_interval,
    wilson_interval,
)
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import groups_of, without_small_groups
from analytics.schemas import MEASURES

FEWEST_STEPS_FOR_SHARES = 4
"""The best two of three steps are nearly the whole scale, of two all of it: such a share says nothing."""

NUMBERS = [name for name in MEASURES if name not in {"steps", "direction", "blurred", "withheld"}]
EXACT = ("counts", "mean", "interpolated_median", "top2_share", "bottom2_share")
LOW, HIGH = ("mean_low", "top2_low"), ("mean_high", "top2_high")


def measures(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    by: Sequence[str] = ("cohort", "module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    population: int | pl.DataFrame | None = None,
    times: int = 1,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """Distribution, centre and share of the two best steps of each cell, small groups withheld.

    Takes counts (schema `COUNTS`) and the scales of their items (`ITEMS`); gives a row for each of `by` (which names
    `item` always: items are never pooled) with the columns of `MEASURES`:

    - `n` ratings, `people` who gave them, `not_attended`, `blank`, and `counts` of the steps 1, 2, ... `steps`;
    - `mean` step with Student's t interval, clipped to the scale. It has no width where all gave the same answer (no
      spread to judge by) and is null for one person. `population` is how many people could have answered (a number, or
      a frame of key columns and `population`): with it the interval describes this cohort (finite population
      correction); without it, what such people would say, which is what the next cohort needs;
    - `interpolated_median` (formula and source: `formulas.interpolated_median`), null without ratings;
    - `top2_share`, from 0 to 1, of the two best steps by the item's direction, with Wilson's interval, and
      `bottom2_share` of the two worst; null for fewer than four steps and where neither end is best;
    - `times`: how often the same people may have given the same rating (a question on the whole course that was asked
      every day). So many ratings are of n / times people at least, and that is what `people`, intervals and `withheld`
      go by; nearly all gave the same answer where no more than `times` ratings differ, which one person may have given;
    - `blurred`: fewer than `unanimous_below` people (0: never), of whom all, or all but one, gave the same rating; or
      rolled up from such a module. `n`, `not_attended`, `blank` and the intervals are shown, and what would be exact is
      null. The intervals hold whichever it is: they reach as far as those of all ratings that would look the same
      (`blurring.possible_counts`). Classes and units are not blurred but withheld. Every function that shows these
      cells blurs them alike: what one blurs, another would give away;
    - `withheld`: fewer than `smallest_group` people; all the numbers are null then, n too.

    Cells that differ only in `group` (by default every key beyond programme, cohort, component, module, version and
    item, such as class or unit) are a partition: what could be found by subtraction is withheld as well.

    A cell over several modules is rolled up from the modules that are shown. There n counts ratings, while the same
    people rated all modules: the intervals are made with the number of people (the largest n of a module), as though
    everybody answered all modules alike. They are wider than they need be, and never too narrow.

    Raises `FrameError` for frames that are not what they should be, `ValueError` for impossible options.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    if times < 1:
        raise ValueError(f"The option 'times' must be 1 or more, not {times}.")
    parts = parts_of(
        counts,
        items,
        by=by,
        smallest_group=smallest_group,
        group=group,
        times=times,
        unanimous_below=unanimous_below,
    )
    cells = rolled_up(parts, by=by)
    could = _population(cells, population, by=by)
    numbers = _described(cells, step_counts(cells), could, confidence=confidence)
    described = cells.with_columns(step_lists(), *numbers)
    if described["blurred"].any():
        described = _blurred(described, could, times=times, confidence=confidence)
    shown = without_small_groups(
        described, size="people", smallest_group=smallest_group, numbers=NUMBERS, keys=by, group=groups_of(by, group)
    )
    # Of a withheld cell it is not said either that all agreed.
    return shown.with_columns(pl.col("blurred") & ~pl.col("withheld")).select(*by, *MEASURES)


def _blurred(described: pl.DataFrame, population: Floats, *, times: int, confidence: float) -> pl.DataFrame:
    """With the exact numbers of blurred cells null, and their intervals as wide as any that they may have."""
    variants = [
        pl.DataFrame(_described(described, counts, population, confidence=confidence))
        for counts in possible_counts(described, step_counts(described), times=times)
    ]
    # Where nothing is blurred all variants are the same.
    ends = widest(variants, low=LOW, high=HIGH)
    return described.with_columns(ends).with_columns(pl.when(~pl.col("blurred")).then(pl.col(EXACT)).name.keep())


def _described(cells: pl.DataFrame, counts: Floats, population: Floats, *, confidence: float) -> list[pl.Series]:
    n, people = counts.sum(axis=1), cells["people"].to_numpy().astype(np.float64)
    mean, spread = mean_and_spread(counts)
    low, high = mean_interval(mean, spread, people, population, confidence=confidence)
    top2, bottom2 = best_and_worst(counts, cells)
    top2_low, top2_high = wilson_interval(divided(top2, n), people, confidence=confidence)
    numbers = {
        "mean": mean,
        "mean_low": np.clip(low, 1, None),
        "mean_high": np.minimum(high, cells["steps"].to_numpy()),
        "interpolated_median": interpolated_median(counts),
        "top2_share": divided(top2, n),
        "top2_low": top2_low,
        "top2_high": top2_high,
        "bottom2_share": divided(bottom2, n),
    }
    return [pl.Series(name, values, nan_to_null=True) for name, values in numbers.items()]


def best_and_worst(counts: Floats, cells: pl.DataFrame) -> tuple[Floats, Floats]:
    """How many ratings on the two best and on the two worst steps; not a number where the scale has no such."""
    position = np.arange(1, counts.shape[1] + 1)
    steps = cells["steps"].to_numpy()[:, None]
    first = (counts * (position <= 2)).sum(axis=1)
    last = (counts * ((position > steps - 2) & (position <= steps))).sum(axis=1)
    direction = cells["direction"].to_numpy()
    has_ends = (direction != "middle") & (cells["steps"].to_numpy() >= FEWEST_STEPS_FOR_SHARES)
    best = np.where(direction == "down", first, last)
    worst = np.where(direction == "down", last, first)
    return np.where(has_ends, best, np.nan), np.where(has_ends, worst, np.nan)


def _population(cells: pl.DataFrame, population: int | pl.DataFrame | None, *, by: Sequence[str]) -> Floats:
    """How many could have answered, for each cell; not a number where that is not known."""
    if population is None:
        return np.full(cells.height, np.nan)
    known = people_known(cells, population, name="population", by=by, fewest=1)
    return known.cast(pl.Float64).fill_null(np.nan).to_numpy()
