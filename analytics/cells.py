"""Counts laid out as cells, a row per cell and a column per step, and cells rolled up from parts that may be shown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.agreeing import with_withheld_agreement
from analytics.blurring import ODD, STEP, nearly_unanimous, with_blurred
from analytics.formulas import Floats
from analytics.options import refuse_strange_keys
from analytics.privacy import groups_of, with_withheld
from analytics.schemas import (
    BLANK,
    MEASURES,
    NOT_ATTENDED,
    FrameError,
    checked,
    checked_counts,
    checked_items,
    refuse_missing,
    refuse_other_than_whole,
)

SUMS = ("n", "not_attended", "blank")
COUNTED = f"^({STEP}|{ODD}).*$"


def parts_of(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    by: Sequence[str],
    smallest_group: int,
    group: Sequence[str] | None,
    times: int = 1,
    unanimous_below: int,
) -> pl.DataFrame:
    """The parts that cells are made of: one for each of `by` within each module of each cohort, marked `withheld`.

    Beside the keys: steps, direction, n, not_attended, blank, a column per step, and `people`: those who gave the n
    ratings, if each of them gave `times` of them.

    With fewer than `unanimous_below` people, parts in which nearly all said the same are `blurred`. Where parts are
    one group of several they are withheld instead: their total is shown elsewhere, and subtracting the others would
    undo the blur.
    """
    refuse_strange_keys(by, taken=[*MEASURES, "step"])
    _refuse_pooled_items(by)
    refuse_missing(by, among=counts.columns)
    keys = [*by, *(name for name in ("cohort", "module") if name not in by)]
    parts = _laid_out(checked_counts(counts), checked_items(items), keys=keys)
    parts = parts.with_columns(people=-(-pl.col("n") // times))  # rounded up
    group = groups_of(by, group)
    if group and unanimous_below:
        agree = nearly_unanimous(below=unanimous_below, times=times)
        parts = with_withheld_agreement(parts, smallest_group, keys=keys, group=group, agree=agree)
    else:
        parts = with_withheld(parts, size="people", smallest_group=smallest_group, keys=keys, group=group)
    return with_blurred(parts, below=unanimous_below, times=times)


def rolled_up(parts: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """Cells made from the parts that are shown, and from these alone.

    If a withheld module were inside the figure of its component, then subtracting the modules that are shown from the
    component would give it away (test_a_withheld_module_cannot_be_subtracted_from_its_component).

    `people` is the largest number of people of a module, added up over cohorts: the same people rate all modules, so
    thirty ratings of one person are not thirty people. Where each was asked about some of the modules only (a share, a
    day), it is how many they are at least: an interval is then wider than it need be, never too narrow.
    """
    shown = ~pl.col("withheld")
    sums = pl.col(*SUMS, COUNTED).filter(shown).sum()
    blurred = pl.col("blurred").filter(shown).any()
    people = pl.col("people").filter(shown).max().fill_null(0).alias("people")
    within_cohort = dict.fromkeys([*by, "cohort"])
    cohorts = parts.group_by(*within_cohort, "steps", "direction", maintain_order=True).agg(people, blurred, sums)
    if "cohort" in by:
        return cohorts
    return cohorts.group_by(*by, "steps", "direction", maintain_order=True).agg(
        pl.col("blurred").any(), pl.col("people", *SUMS, COUNTED).sum()
    )


def step_counts(cells: pl.DataFrame) -> Floats:
    """The counts of the steps, a row per cell; zeros beyond the end of a shorter scale."""
    return cells.select(f"^{STEP}.*$").to_numpy().astype(np.float64)


def step_lists() -> pl.Expr:
    """The counts of the steps as a list in step order."""
    return pl.concat_list(f"^{STEP}.*$").list.head(pl.col("steps")).alias("counts")


def people_known(
    cells: pl.DataFrame, known: int | pl.DataFrame, *, name: str, by: Sequence[str], fewest: int
) -> pl.Series:
    """How many people there are for each cell of `by`, as an option `name` says: a number for all, or a frame of key
    columns and a column `name`; null where the frame says nothing.

    Raises `ValueError` for a number below `fewest`, `FrameError` for a frame that does not fit the cells or says two
    things of one, or numbers that are none.
    """
    if isinstance(known, int):
        if known < fewest:
            raise ValueError(f"The option {name!r} must be {fewest} or more people, not {known}.")
        return pl.repeat(known, cells.height, dtype=pl.Int64, eager=True)
    keys = [column for column in known.columns if column != name]
    if name not in known.columns or not keys or not set(keys) <= set(by):
        raise FrameError(f"The frame of {name!r} needs the column {name!r} and key columns that are asked for.")
    checked(known, pl.Schema({key: cells.schema[key] for key in keys}))
    refuse_other_than_whole(name, known.schema[name])
    if known.filter(pl.col(name) < fewest).height:
        raise FrameError(f"The column {name!r} must be {fewest} or more people.")
    if known.select(keys).is_duplicated().any():
        raise FrameError(f"The column {name!r} stands there more than once for the same keys: add it up first.")
    numbers = known.select(*keys, pl.col(name).cast(pl.Int64))
    placed = cells.select(keys).join(numbers, on=keys, how="left", nulls_equal=True, maintain_order="left")
    return placed[name]


def _laid_out(counts: pl.DataFrame, items: pl.DataFrame, *, keys: Sequence[str]) -> pl.DataFrame:
    # What else stands beside the counts is left out: scales are what the items say.
    counted = counts.select(*keys, "step", "n")
    placed = counted.join(items.select("item", "steps", "direction"), on="item", how="left", maintain_order="left")
    _refuse_strange_steps(placed)
    longest = items["steps"].max() or 1  # no items: nothing is counted, on some step
    assert isinstance(longest, int)
    return placed.group_by(*keys, "steps", "direction", maintain_order=True).agg(
        pl.col("n").filter(pl.col("step") > NOT_ATTENDED).sum(),
        _count_of(NOT_ATTENDED).alias("not_attended"),
        _count_of(BLANK).alias("blank"),
        *(_count_of(step).alias(f"{STEP}{step}") for step in range(1, longest + 1)),
    )


def _count_of(step: int) -> pl.Expr:
    return pl.col("n").filter(pl.col("step") == step).sum()


def _refuse_pooled_items(by: Sequence[str]) -> None:
    if "item" not in by:
        # Items differ in scale and meaning; a mean over them would be a mean of means pooled silently.
        raise ValueError("Cells are made item by item: name 'item' among the columns asked for.")


def _refuse_strange_steps(placed: pl.DataFrame) -> None:
    unknown = placed.filter(pl.col("steps").is_null())
    if unknown.height:
        raise FrameError(f"The column 'item' holds {unknown['item'][0]!r}, which is not among the items.")
    beyond = placed.filter((pl.col("step") > pl.col("steps")) | (pl.col("step") < BLANK))
    if beyond.height:
        item, step, steps = beyond.select("item", "step", "steps").row(0)
        raise FrameError(f"The column 'step' holds {step} for the item {item!r}, which has the steps 1 to {steps}.")
