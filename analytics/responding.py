"""How many answered, how many answers are wanted, and what those who were silent could change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

import polars as pl
from scipy.special import ndtri

from analytics.cells import people_known
from analytics.measures import FEWEST_STEPS_FOR_SHARES, measures
from analytics.options import refuse_no_share, refuse_strange_keys, refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import groups_of, with_withheld, without_small_groups
from analytics.schemas import FrameError, checked, refuse_missing

ANSWERED: Final = pl.Schema({"answered": pl.Int64(), "enrolled": pl.Int64()})
"""How many responses came and how many could have come (null where no roster says); key columns stand beside."""

RESPONSE_RATES: Final = pl.Schema(
    {
        "answered": pl.Int64(),
        "enrolled": pl.Int64(),
        "silent": pl.Int64(),
        "rate": pl.Float64(),
        "too_many": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `response_rates` says of a cell; the key columns it was asked `by` stand in front. Rates are from 0 to 1."""

SILENT_BOUNDS: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n": pl.Int64(),
        "not_attended": pl.Int64(),
        "enrolled": pl.Int64(),
        "silent": pl.Int64(),
        "mean": pl.Float64(),
        "mean_if_unhappy": pl.Float64(),
        "mean_if_happy": pl.Float64(),
        "top2_share": pl.Float64(),
        "top2_if_unhappy": pl.Float64(),
        "top2_if_happy": pl.Float64(),
        "too_many": pl.Boolean(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `silent_bounds` says of a cell; the key columns it was asked `by` stand in front."""

COUNTED = ("answered", "enrolled", "silent", "rate", "too_many")
BOUNDED = [name for name in SILENT_BOUNDS if name not in {"steps", "direction", "blurred", "withheld"}]
EXACT = [name for name, dtype in SILENT_BOUNDS.items() if dtype == pl.Float64()]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many answers are wanted: whole `answers`, and the `share` of all before rounding up, from 0 to 1."""

    answers: int
    share: float


def answers_wanted(population: int, *, error: float = 0.1, confidence: float = 0.8, split: float = 0.8) -> Wanted:
    """How many of `population` people have to answer for a share to be known within plus or minus `error`.

    n = N p (1 - p) / ((N - 1) (error / z)^2 + p (1 - p)), with z the normal quantile of a two-sided interval at
    `confidence` and p the share that is expected (`split`; 0.5 asks for most). Source: Nulty, The adequacy of response
    rates to online and paper surveys, Assessment & Evaluation in Higher Education 2008, after Dillman; the defaults are
    his liberal conditions, 0.03, 0.95 and 0.5 the strict ones. It takes those who answer for a fair draw, which nobody
    can promise: what silence could hide is in `silent_bounds`.
    """
    if population < 1:
        raise ValueError(f"Answers are wanted of 1 person at least, not of {population}.")
    for name, value in (("error", error), ("confidence", confidence), ("split", split)):
        refuse_no_share(name, value)
    spread = split * (1 - split)
    share = spread / ((population - 1) * (error / float(ndtri((1 + confidence) / 2))) ** 2 + spread)
    # Not one more for the last digits of a whole number.
    return Wanted(ceil(population * share - 1e-9), share)


def response_rates(
    answered: pl.DataFrame,
    *,
    by: Sequence[str] = ("cohort",),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
) -> pl.DataFrame:
    """How many of those enrolled have answered, in each of `by` (cohort, class, unit, ...), small groups withheld.

    Takes the columns of `ANSWERED` and key columns, a row for each part; gives a row for each of `by` with the columns
    of `RESPONSE_RATES`. The rate is a count of everybody and not drawn from anything: it has no uncertainty, hence no
    interval.

    - Where no roster says how many are `enrolled` in some part, neither `enrolled` nor `silent` nor `rate` of the whole
      is known: null.
    - `too_many` tells that in some part more have answered than are enrolled: a roster out of date, or a link that went
      further than it should. Where the sums say so too there is no rate and nobody silent.
    - `withheld`: a rate tells of those enrolled whether they answered, so they (those who answered, without a roster)
      are the group that must reach `smallest_group`, and so must their complement among the cells that differ only in
      `group` (as for `measures`). Few answers of many people are shown: they say of nobody whether it was them, and
      nothing of what was answered. For that reason the answers of few are withheld by `measures` all the same.
    - Where `cohort` is a column and not among `by`, cohorts are added up from those that are shown, and these alone.
    """
    refuse_strange_options(smallest_group=smallest_group)
    _refuse_strange_numbers(checked(answered, ANSWERED), by=by)
    came, enrolled = pl.col("answered"), pl.col("enrolled")
    keys = [*by, "cohort"] if "cohort" in answered.columns and "cohort" not in by else [*by]
    parts = _added_up(answered.with_columns(too_many=came > enrolled, withheld=pl.lit(False)), by=keys)
    # A withheld cohort in the sum of all could be subtracted
    # (test_a_withheld_cohort_cannot_be_subtracted_from_its_programme).
    marked = with_withheld(
        parts.with_columns(_people=enrolled.fill_null(came)),
        size="_people",
        smallest_group=smallest_group,
        keys=keys,
        group=groups_of(by, group),
    )
    cells = _added_up(marked, by=by)
    possible = (enrolled > 0) & (came <= enrolled)
    described = cells.with_columns(
        pl.col("too_many").fill_null(False),
        pl.when(possible).then(enrolled - came).alias("silent"),
        pl.when(possible).then(came / enrolled).alias("rate"),
        _people=enrolled.fill_null(came),
    )
    shown = without_small_groups(
        described, size="_people", smallest_group=smallest_group, numbers=COUNTED, keys=by, group=groups_of(by, group)
    )
    return shown.select(*by, *RESPONSE_RATES)


def _added_up(parts: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """The parts that are not withheld added up: how many are enrolled is known if it is of each of them."""
    shown = ~pl.col("withheld")
    came, enrolled = pl.col("answered").filter(shown), pl.col("enrolled").filter(shown)
    return parts.group_by(by, maintain_order=True).agg(
        came.sum(),
        pl.when(enrolled.is_not_null().all()).then(enrolled.sum()),
        pl.col("too_many").filter(shown).any(),
    )


def silent_bounds(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    enrolled: int | pl.DataFrame,
    *,
    by: Sequence[str] = ("cohort", "module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """What the mean and the share of the two best steps would be if all who were silent were unhappy, or happy.

    Takes counts and items as `measures` does, and how many are `enrolled` (a number for every cell, or a frame of key
    columns and `enrolled`); gives a row for each of `by` with the columns of `SILENT_BOUNDS`:

    - `silent`: those enrolled who neither rated nor said that they did not attend; who left the place blank, or whose
      form was set apart as invalid, is among them. Some of them may not have attended either: the truth lies between
      the bounds all the same. Where each was asked about some modules only, `enrolled` are those who were asked;
    - `mean_if_unhappy` and `top2_if_unhappy`, had they all chosen the worst step, `..._if_happy` the best, by the
      item's direction, beside `mean` and `top2_share` as they are. No assumption is made: whatever the silent think,
      the cohort as a whole lies in between (Cochran, Sampling Techniques, 3rd ed., section 13.2; Manski, American
      Economic Review 1990). Null where neither end is best, and the shares for fewer than four steps;
    - `too_many` where more have answered than are enrolled, and null bounds where that is so or where it is not known
      how many are enrolled;
    - `blurred`, with neither means nor shares nor bounds, and `withheld` as for `measures`, on which all of this rests.

    A cell is one item of one module (or of the course as a whole), in which each person rates once: raises `FrameError`
    where a cell has more ratings than people, because it is people that are silent.
    """
    cells = measures(counts, items, by=by, smallest_group=smallest_group, group=group, unanimous_below=unanimous_below)
    if cells.filter(pl.col("n") != pl.col("people")).height:
        raise FrameError(
            "The column 'n' counts several ratings of a person: name 'module' among the columns asked for."
        )
    placed = cells.with_columns(enrolled=people_known(cells, enrolled, name="enrolled", by=by, fewest=0))
    left = pl.col("enrolled") - pl.col("n") - pl.col("not_attended")
    counted = placed.with_columns(
        pl.when(left >= 0).then(left).alias("silent"), (left < 0).fill_null(False).alias("too_many")
    )
    bounded = counted.with_columns(*_bounds())
    numbers = pl.when(~pl.col("withheld")).then(pl.col(*BOUNDED)).name.keep()
    exact = pl.when(~pl.col("blurred")).then(pl.col(EXACT)).name.keep()
    return bounded.with_columns(numbers).with_columns(exact).select(*by, *SILENT_BOUNDS)


def _bounds() -> list[pl.Expr]:
    """Mean and share with the silent added to the counts, at the worst step and at the best."""
    n, silent, steps = pl.col("n"), pl.col("silent"), pl.col("steps")
    everybody = n + silent
    total = pl.col("mean").fill_null(0) * n
    best_two = pl.col("top2_share").fill_null(0) * n
    up, down = pl.col("direction") == "up", pl.col("direction") == "down"
    worst = pl.when(up).then(1).when(down).then(steps)
    best = pl.when(up).then(steps).when(down).then(1)
    known = everybody > 0
    has_shares = known & (up | down) & (steps >= FEWEST_STEPS_FOR_SHARES)
    return [
        pl.when(known).then((total + silent * worst) / everybody).alias("mean_if_unhappy"),
        pl.when(known).then((total + silent * best) / everybody).alias("mean_if_happy"),
        pl.when(has_shares).then(best_two / everybody).alias("top2_if_unhappy"),
        pl.when(has_shares).then((best_two + silent) / everybody).alias("top2_if_happy"),
    ]


def _refuse_strange_numbers(answered: pl.DataFrame, *, by: Sequence[str]) -> None:
    refuse_strange_keys(by, taken=RESPONSE_RATES)
    refuse_missing(by, among=answered.columns)
    if not by:
        raise ValueError("Name a column to count by.")
    strange = answered.filter(pl.col("answered").is_null() | (pl.col("answered") < 0) | (pl.col("enrolled") < 0))
    if strange.height:
        raise FrameError("The columns 'answered' and 'enrolled' must be 0 or more, and 'answered' never null.")
