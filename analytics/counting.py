"""From ratings to counts, in one pass, and counts of parts added up to counts of the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.options import refuse_strange_keys
from analytics.schemas import (
    BLANK,
    COUNTS,
    NOT_OFFERED,
    PLACES,
    FrameError,
    checked,
    refuse_missing,
    refuse_other_than_whole,
    refuse_strange_counts,
)

MADE = ("step", "n")
"""The columns that counting makes; no key may be called so."""
GROUP = "_group"
"""Which of the groups a row belongs to; no key column of the caller may be called so."""
HIGHEST = 2**15 - 1
"""The highest step that counts can hold."""
NEAR = 500_000
"""So many bytes are compared at a time."""
SIGNED = {pl.Int8(), pl.Int16(), pl.Int32(), pl.Int64()}
"""Types of columns that are compared as they are; anything else is looked at column by column."""
ALL = pl.DataFrame({GROUP: [0]})
"""The one group where nothing divides."""


def count_wide(ratings: pl.DataFrame | pl.LazyFrame, places: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each step was chosen, counted where the ratings stand.

    `ratings` has one row per response and one small-integer column per place: a step from 1 to `steps`, 0 for "did not
    attend", null or `BLANK` for blank, `NOT_OFFERED` where the sheet did not ask: that is neither blank nor anything
    else, and is not counted, so that the counts of an item add up to the sheets that asked it. `places` (schema
    `PLACES`) says what each column holds; its key columns (component, module, item, version, ...) are handed through.
    `by` names key columns of `ratings` (cohort, class, ...). Of a lazy frame (a scanned file) only these columns are
    read.

    Gives the key columns and `step`, `n`; steps that nobody chose are left out. Raises `FrameError` with the name of a
    column that is missing, is not of whole numbers, or holds any other value outside of 0 to `steps`; `ValueError` for
    a key that stands in two places, or is called as one of the columns that are made.
    """
    checked_places(places, by=by)
    names = needed_columns(places, by=by)
    refuse_missing(names, among=ratings.collect_schema().names())
    frame = ratings if isinstance(ratings, pl.DataFrame) else ratings.select(names).collect()
    groups, n = group_tables(frame, places, by=by)
    return laid_out(groups, n, places)


def checked_places(places: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """The same places, if the keys that come out, theirs and those of `by`, have different names."""
    checked(places, PLACES)
    own = [name for name in places.columns if name not in {"column", "steps"}]
    refuse_strange_keys(by, taken=MADE)
    refuse_strange_keys(own, taken=MADE)
    both = [name for name in by if name in own]
    if both:
        raise ValueError(f"The key {both[0]!r} is given by the ratings and by the places: keep one of the two.")
    return places


def needed_columns(places: pl.DataFrame, *, by: Sequence[str]) -> list[str]:
    """What is read of ratings: the keys `by` and the column of every place, each once."""
    return list(dict.fromkeys((*by, *places["column"].to_list())))


def group_tables(
    ratings: pl.DataFrame, places: pl.DataFrame, *, by: Sequence[str]
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """The groups of `by` (without any: one), and a row of numbers for each: the steps of every place, blank first.

    For `count_wide` and `count_files`, which says the same of many frames before it is laid out; both have seen to it
    that the columns are there. Errors as there.
    """
    groups, group = _groups(ratings, by=by)
    values, column_of_place = _integers(ratings, places)
    steps = places["steps"].to_numpy()
    highest = int(steps.max(initial=BLANK))
    columns = _counted(values, highest) if groups.height == 1 else _counted_by_group(values, highest, group, groups)
    counts = columns[:, column_of_place]
    on_scale = np.arange(BLANK, highest + 1) <= steps[:, None]
    # What is off the scale is missing from the sum; so is what was not offered, which is looked for only then.
    lost = ratings.height - (counts * on_scale).sum(axis=(0, 2))
    for place in np.flatnonzero(lost).tolist():
        if lost[place] != np.count_nonzero(values[column_of_place[place]] == NOT_OFFERED):
            raise FrameError(f"The column {places['column'][place]!r} holds values outside of 0 to {steps[place]}.")
    return groups, counts[:, on_scale]


def laid_out(groups: pl.DataFrame, n: NDArray[np.int64], places: pl.DataFrame) -> pl.DataFrame:
    """Counts as a long frame: the columns of `groups`, the keys of the places, step and n where it is not 0."""
    # Of each number, the place and the step that it counts.
    sizes = places["steps"].to_numpy().astype(np.int64) - BLANK + 1
    place = np.repeat(np.arange(places.height), sizes)
    step = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + BLANK
    n = n.reshape(groups.height, len(place))
    group, spot = np.nonzero(n)
    return pl.DataFrame(
        [
            *(groups[name][group] for name in groups.columns if name != GROUP),
            *(places[name][place[spot]] for name in places.columns if name not in {"column", "steps"}),
            pl.Series("step", step[spot], dtype=COUNTS["step"]),
            pl.Series("n", n[group, spot], dtype=COUNTS["n"]),
        ]
    )


def _integers(ratings: pl.DataFrame, places: pl.DataFrame) -> tuple[NDArray[Any], list[int]]:
    """A row for each column of ratings, with `BLANK` for null; and in which of them each place stands."""
    of_places = places["column"].to_list()
    row_of = {name: row for row, name in enumerate(dict.fromkeys(of_places))}
    columns = ratings if ratings.columns == [*row_of] else ratings.select(*row_of)
    if not set(columns.dtypes) <= SIGNED or any(columns.null_count().row(0)):
        columns = columns.select(_integer(column) for column in columns.get_columns())
    values = columns.to_numpy(order="fortran").T
    return values.reshape(len(row_of), ratings.height), [row_of[name] for name in of_places]


def _integer(column: pl.Series) -> pl.Expr:
    dtype = column.dtype
    refuse_other_than_whole(column.name, dtype)
    kept = pl.col(column.name) if dtype.is_signed_integer() else pl.col(column.name).cast(pl.Int64)
    return kept.fill_null(BLANK) if column.has_nulls() else kept


def _groups(ratings: pl.DataFrame, *, by: Sequence[str]) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """The groups in the order in which they first appear, and the number of its group for each row."""
    if not by:
        return ALL, np.zeros(0, np.int64)
    groups = ratings.select(by).unique(maintain_order=True).with_row_index(GROUP)
    rows = ratings.select(by).join(groups, on=by, how="left", nulls_equal=True, maintain_order="left")
    return groups, rows[GROUP].cast(pl.Int64).to_numpy()


# Unpivoting and grouping would touch every rating several times, and an expression for each column and step costs more
# to plan than to compute where files are small (benchmarks/counting.py); comparing bytes does neither.


def _counted(values: NDArray[Any], highest: int) -> NDArray[np.int64]:
    """How many are blank and on each step from 0: a table for one group, a row per column.

    What is equal to a step is a byte of 1, and eight such bytes are added as one word: up to 255 words none carries
    into the next. Columns are taken so many at a time that what is compared stays near the processor.
    """
    columns, rows = values.shape
    found = np.zeros((1, columns, highest - BLANK + 1), np.int64)
    equal = np.zeros((max(1, NEAR // (rows + 1)), 8 * (rows // 8 + 1)), np.bool_)
    starts = np.arange(0, equal.shape[1] // 8, 255)
    for first in range(0, columns, len(equal)):
        some = values[first : first + len(equal)]
        for step in range(BLANK, highest + 1):
            np.equal(some, step, out=equal[: len(some), :rows])
            added = np.add.reduceat(equal[: len(some)].view(np.uint64), starts, axis=1)
            counts = added.view(np.uint8).reshape(len(some), -1).sum(axis=1, dtype=np.int64)
            found[0, first : first + len(some), step - BLANK] = counts
    return found


def _counted_by_group(
    values: NDArray[Any], highest: int, group: NDArray[np.int64], groups: pl.DataFrame
) -> NDArray[np.int64]:
    """The same for each of many groups, to one of which every row belongs."""
    kinds = highest - NOT_OFFERED + 1
    found = np.zeros((groups.height, len(values), kinds), np.int64)
    for column, some in enumerate(values):
        on_scale = np.where((some >= BLANK) & (some <= highest), some, NOT_OFFERED)
        counts = np.bincount(group * kinds + on_scale - NOT_OFFERED, minlength=groups.height * kinds)
        found[:, column] = counts.reshape(groups.height, kinds)
    return found[:, :, 1:]


def count_long(ratings: pl.DataFrame | pl.LazyFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """How often each step was chosen, from one row per rating.

    `ratings` has the columns `by` and an integer column `rating`: a step, 0 for "did not attend", null for blank.
    Gives the columns `by` and `step`, `n`. Raises `FrameError` with the name of a column that is missing or not of
    whole numbers, and for ratings below 0 or beyond any scale (the end of each is checked where the scales are known,
    in `measures`); `ValueError` for keys as `count_wide` does.
    """
    found = ratings.collect_schema()
    refuse_strange_keys(by, taken=MADE)
    refuse_missing([*by, "rating"], among=found.names())
    refuse_other_than_whole("rating", found["rating"])
    counted = (
        ratings.lazy()
        .group_by(*by, pl.col("rating").alias("step"), maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("n"))
        .collect()
    )
    if counted.filter(~pl.col("step").is_between(0, HIGHEST)).height:
        raise FrameError(f"The column 'rating' holds values outside of 0 to {HIGHEST}.")
    return counted.with_columns(pl.col("step").cast(COUNTS["step"]).fill_null(BLANK))


def merge_counts(*frames: pl.DataFrame) -> pl.DataFrame:
    """Counts of parts (classes, evaluations, machines) added up.

    Raises `FrameError` if the key columns differ, and for steps or numbers that are none.
    """
    if not frames:
        return COUNTS.to_frame()
    first = frames[0]
    for frame in frames:
        refuse_strange_counts(frame)
    for other in frames[1:]:
        checked(other, first.schema, extra=False)
    keys = [name for name in first.columns if name != "n"]
    parts = pl.concat([frame.select(first.columns) for frame in frames])
    return parts.group_by(keys, maintain_order=True).agg(pl.col("n").sum())
