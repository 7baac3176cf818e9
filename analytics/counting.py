"""From ratings to counts, in one pass, and counts of parts added up to counts of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.schemas import BLANK, COUNTS, NOT_OFFERED, PLACES, FrameError, checked, refuse_missing

GROUP = "_group"
"""Which of the groups a row belongs to; no key column of the caller may be called so."""


def count_wide(ratings: pl.DataFrame | pl.LazyFrame, places: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each step was chosen, counted where the ratings stand.

    `ratings` has one row per response and one small-integer column per place: a step from 1 to `steps`, 0 for "did not
    attend", null or `BLANK` for blank, `NOT_OFFERED` where the sheet did not ask: that is neither blank nor anything
    else, and is not counted, so that the counts of an item add up to the sheets that asked it. `places` (schema
    `PLACES`) says what each column holds; its key columns (component, module, item, version, ...) are handed through.
    `by` names key columns of `ratings` (cohort, class, ...). Of a lazy frame (a scanned file) only these columns are
    read.

    Gives the key columns and `step`, `n`; steps that nobody chose are left out. Raises `FrameError` with the name of a
    column that is missing, is not of whole numbers, or holds any other value outside of 0 to `steps`.
    """
    checked(places, PLACES)
    names = needed_columns(places, by=by)
    refuse_missing(names, among=ratings.collect_schema().names())
    frame = ratings if isinstance(ratings, pl.DataFrame) else ratings.select(names).collect()
    groups, n = group_tables(frame, places, by=by)
    return laid_out(groups, n, places)


def needed_columns(places: pl.DataFrame, *, by: Sequence[str]) -> list[str]:
    """What is read of ratings: the keys `by` and the column of every place, each once."""
    return list(dict.fromkeys((*by, *places["column"])))


def group_tables(
    ratings: pl.DataFrame, places: pl.DataFrame, *, by: Sequence[str]
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """The groups of `by` (without any: one), and a row of numbers for each: the steps of every place, blank first.

    For `count_wide` and `count_files`, which says the same of many frames before it is laid out; both have seen to it
    that the columns are there. Errors as there.
    """
    groups, group = _groups(ratings, by=by)
    columns = _integers(ratings, places)
    scratch = np.empty(ratings.height, np.bool_)
    tables = []
    for name, steps in zip(places["column"], places["steps"], strict=True):
        values = columns[name].to_numpy()
        if groups.height == 1:
            table = _table(values, steps, scratch)
        else:
            table = _table_by_group(values, steps, group, groups.height)
        # What is off the scale is missing from the sum; so is what was not offered, which is looked for only then.
        lost = len(values) - int(table.sum())
        if lost and lost != np.count_nonzero(values == NOT_OFFERED):
            raise FrameError(f"The column {name!r} holds values outside of 0 to {steps}.")
        tables.append(table)
    return groups, np.concatenate(tables, axis=1) if tables else np.zeros((groups.height, 0), np.int64)


def laid_out(groups: pl.DataFrame, n: NDArray[np.int64], places: pl.DataFrame) -> pl.DataFrame:
    """Counts as a long frame: the columns of `groups`, the keys of the places, step and n where it is not 0."""
    keys = [name for name in places.columns if name not in {"column", "steps"}]
    answers = places.with_columns(step=pl.int_ranges(BLANK, pl.col("steps") + 1, dtype=pl.Int16)).explode("step")
    counted = groups.join(answers.select(*keys, "step"), how="cross", maintain_order="left_right")
    return counted.drop(GROUP).with_columns(pl.Series("n", n.ravel(), dtype=pl.Int64)).filter(pl.col("n") > 0)


def _integers(ratings: pl.DataFrame, places: pl.DataFrame) -> dict[str, pl.Series]:
    """The columns of the places as signed integers, with `BLANK` for null."""
    columns = {column.name: column for column in ratings.get_columns()}
    changed = []
    for name in dict.fromkeys(places["column"]):
        dtype = columns[name].dtype
        if not (dtype.is_integer() or dtype == pl.Null):
            raise FrameError(f"The column {name!r} is {dtype}, expected were whole numbers.")
        if not dtype.is_signed_integer():
            changed.append(pl.col(name).cast(pl.Int64).fill_null(BLANK))
        elif columns[name].null_count():
            changed.append(pl.col(name).fill_null(BLANK))
    # All of them at once: one after another takes five times as long.
    return columns | ratings.select(changed).to_dict() if changed else columns


def _groups(ratings: pl.DataFrame, *, by: Sequence[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """The groups in the order in which they first appear, and the number of its group for each row."""
    if not by:
        return pl.DataFrame({GROUP: [0]}), np.zeros(0, np.int64)
    groups = ratings.select(by).unique(maintain_order=True).with_row_index(GROUP)
    rows = ratings.select(by).join(groups, on=by, how="left", nulls_equal=True, maintain_order="left")
    return groups, rows[GROUP].cast(pl.Int64).to_numpy()


# Unpivoting and grouping would touch every rating several times, and an expression for each column and step costs more
# to plan than to compute where files are small (benchmarks/counting.py); comparing bytes does neither.


def _table(values: NDArray[Any], steps: int, scratch: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many are blank, and on each step from 0. `scratch`: new memory for each step takes longer than comparing."""
    chosen = (np.count_nonzero(np.equal(values, step, out=scratch)) for step in range(BLANK, steps + 1))
    return np.array([[*chosen]])


def _table_by_group(values: NDArray[Any], steps: int, group: NDArray[np.int64], groups: int) -> NDArray[np.int64]:
    on_scale = np.where((values >= BLANK) & (values <= steps), values, NOT_OFFERED)
    codes = group * (steps + 3) + on_scale - NOT_OFFERED
    return np.bincount(codes, minlength=groups * (steps + 3)).reshape(groups, steps + 3)[:, 1:]


def count_long(ratings: pl.DataFrame | pl.LazyFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """How often each step was chosen, from one row per rating.

    `ratings` has the columns `by` and an integer column `rating`: a step, 0 for "did not attend", null for blank.
    Gives the columns `by` and `step`, `n`. Raises `FrameError` for ratings below 0; the upper end of a scale is checked
    where the scales are known (`measures`).
    """
    counted = (
        ratings.lazy()
        .group_by(*by, pl.col("rating").alias("step"), maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .collect()
    )
    if counted.filter(pl.col("step") < 0).height:
        raise FrameError("The column 'rating' holds values below 0.")
    return counted.with_columns(pl.col("step").cast(COUNTS["step"]).fill_null(BLANK))


def merge_counts(*frames: pl.DataFrame) -> pl.DataFrame:
    """Counts of parts (classes, evaluations, machines) added up. Raises `FrameError` if the key columns differ."""
    if not frames:
        return COUNTS.to_frame()
    first = frames[0]
    for other in frames[1:]:
        checked(other, first.schema, extra=False)
    keys = [name for name in first.columns if name != "n"]
    parts = pl.concat([frame.select(first.columns) for frame in frames])
    return parts.group_by(keys, maintain_order=True).agg(pl.col("n").sum())
