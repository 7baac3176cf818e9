"""What the frames look like that go into and come out of `analytics`, written down once and checked at the door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeVar

import polars as pl

NOT_ATTENDED: Final = 0
"""The step of the answer "I did not attend": counted and shown, never part of n."""
BLANK: Final = -1
"""The step of a place that was asked and left empty."""
NOT_OFFERED: Final = -2
"""Stands in a wide frame where a sheet did not ask at all (a share of the modules, another day). Counted nowhere."""

COUNTS: Final = pl.Schema(
    {
        "cohort": pl.String(),
        "component": pl.String(),
        "module": pl.String(),
        "item": pl.String(),
        "step": pl.Int16(),
        "n": pl.Int64(),
    }
)
"""How often each step was chosen. A step of 1 or more is a rating, the others are `NOT_ATTENDED` and `BLANK`.
Further key columns (version, class, unit, programme) may stand beside; whatever was asked of the course as a whole
has no module (null)."""

ITEMS: Final = pl.Schema({"item": pl.String(), "steps": pl.Int16(), "direction": pl.String()})
"""The scale of each item: how many steps, and whether the last ("up"), the first ("down") or neither end ("middle")
is best."""

DIRECTIONS: Final = ("up", "down", "middle")

PLACES: Final = pl.Schema({"column": pl.String(), "item": pl.String(), "steps": pl.Int16()})
"""Which column of a wide frame holds the ratings of which item; further key columns (component, module, version, ...)
are handed through."""

MEASURES: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "direction": pl.String(),
        "people": pl.Int64(),
        "n": pl.Int64(),
        "not_attended": pl.Int64(),
        "blank": pl.Int64(),
        "counts": pl.List(pl.Int64()),
        "mean": pl.Float64(),
        "mean_low": pl.Float64(),
        "mean_high": pl.Float64(),
        "interpolated_median": pl.Float64(),
        "top2_share": pl.Float64(),
        "top2_low": pl.Float64(),
        "top2_high": pl.Float64(),
        "bottom2_share": pl.Float64(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `measures` says of a cell; the key columns it was asked `by` stand in front. Shares are from 0 to 1."""

CHANGES: Final = pl.Schema(
    {
        "before": pl.String(),
        "after": pl.String(),
        "steps": pl.Int16(),
        "direction": pl.String(),
        "n_before": pl.Int64(),
        "n_after": pl.Int64(),
        "mean_before": pl.Float64(),
        "mean_after": pl.Float64(),
        "difference": pl.Float64(),
        "difference_low": pl.Float64(),
        "difference_high": pl.Float64(),
        "p_higher": pl.Float64(),
        "p_higher_low": pl.Float64(),
        "p_higher_high": pl.Float64(),
        "cliffs_delta": pl.Float64(),
        "top2_before": pl.Float64(),
        "top2_after": pl.Float64(),
        "top2_difference": pl.Float64(),
        "top2_low": pl.Float64(),
        "top2_high": pl.Float64(),
        "p_value": pl.Float64(),
        "p_adjusted": pl.Float64(),
        "verdict": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `compare` says of a cell in two cohorts (`before`, `after`); the key columns stand in front."""

VERDICTS: Final = ("higher", "lower", "no evidence", "too few")

PICKS: Final = pl.Schema(
    {
        "n": pl.Int64(),
        "picked": pl.Int64(),
        "share": pl.Float64(),
        "share_low": pl.Float64(),
        "share_high": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `pick_shares` says of a module among those that could be picked; the key columns stand in front."""

Frame = TypeVar("Frame", pl.DataFrame, pl.LazyFrame)


class FrameError(ValueError):
    """A frame is not what its schema says. The sentence names the column."""


def checked(frame: Frame, schema: pl.Schema, *, extra: bool = True) -> Frame:
    """The same frame, if it has every column of the schema in the type written there.

    Further columns are allowed unless `extra` is false. Raises `FrameError` with a sentence that names the column.
    """
    found = frame.collect_schema()
    refuse_missing(schema, among=found)
    for name, dtype in schema.items():
        if found[name] != dtype:
            raise FrameError(f"The column {name!r} is {found[name]}, expected was {dtype}.")
    surplus = [name for name in found.names() if name not in schema]
    if surplus and not extra:
        raise FrameError(f"The column {surplus[0]!r} does not belong here; expected are {_listed(schema.names())}.")
    return frame


def refuse_missing(names: Iterable[str], *, among: Iterable[str]) -> None:
    """Raises `FrameError` with the first of the columns that is not among those that are there."""
    there = dict.fromkeys(among)
    for name in names:
        if name not in there:
            raise FrameError(f"The column {name!r} is missing; there are {_listed(there)}.")


def refuse_other_than_whole(name: str, dtype: pl.DataType) -> None:
    """Raises `FrameError` for the column `name` if it holds anything but whole numbers and null."""
    if not (dtype.is_integer() or dtype == pl.Null):
        raise FrameError(f"The column {name!r} is {dtype}, expected were whole numbers.")


def checked_counts(counts: pl.DataFrame) -> pl.DataFrame:
    """The same counts, if each row has a step and says how often it was chosen: never, or more often."""
    refuse_strange_counts(checked(counts, COUNTS))
    return counts


def refuse_strange_counts(counts: pl.DataFrame) -> None:
    """Raises `FrameError` where a step or a number of counts, whatever their keys are, is none."""
    refuse_missing(["step", "n"], among=counts.columns)
    for name in ("step", "n"):
        if counts[name].has_nulls():
            raise FrameError(f"The column {name!r} is empty in some row: say which step, and how often it was chosen.")
    negative = counts["n"].filter(counts["n"] < 0)
    if len(negative):
        raise FrameError(f"The column 'n' holds {negative[0]}: nothing is chosen less than 0 times.")


def checked_items(items: pl.DataFrame) -> pl.DataFrame:
    """The same items, if each stands there once, with two or more steps and a known direction."""
    checked(items, ITEMS)
    if items["item"].is_duplicated().any():
        raise FrameError(f"The column 'item' names {_listed(_doubles(items['item']))} more than once.")
    if items.filter(pl.col("steps").is_null() | (pl.col("steps") < 2)).height:
        raise FrameError("The column 'steps' must be 2 or more for every item.")
    strange = items.filter(pl.col("direction").is_null() | ~pl.col("direction").is_in(DIRECTIONS))
    if strange.height:
        found = strange["direction"][0]
        raise FrameError(f"The column 'direction' must be one of {_listed(DIRECTIONS)}, not {found!r}.")
    return items


def _doubles(names: pl.Series) -> list[str]:
    return names.filter(names.is_duplicated()).unique(maintain_order=True).to_list()


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"
