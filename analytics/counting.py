"""From ratings to counts, in one pass, and counts of parts added up to counts of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics.schemas import BLANK, COUNTS, NOT_OFFERED, PLACES, FrameError, checked

ROWS = "_rows"
"""How many rows were counted; no key column of the caller may be called so."""


def count_wide(ratings: pl.DataFrame | pl.LazyFrame, places: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each step was chosen, counted where the ratings stand.

    `ratings` has one row per response and one small-integer column per place: a step from 1 to `steps`, 0 for "did not
    attend", null for blank, `NOT_OFFERED` where the sheet did not ask: that is neither blank nor anything else, and is
    not counted, so that the counts of an item add up to the sheets that asked it. `places` (schema `PLACES`) says what
    each column holds; its key columns (component, module, item, version, ...) are handed through. `by` names key
    columns of `ratings` (cohort, class, ...).

    Gives the key columns and `step`, `n`; steps that nobody chose are left out. Raises `FrameError` with the name of a
    column that holds any other value outside of 0 to `steps`.
    """
    checked(places, PLACES)
    answers = places.with_columns(step=pl.int_ranges(BLANK, pl.col("steps") + 1, dtype=pl.Int16)).explode("step")
    counted = _counted_rows(ratings.lazy(), answers, by=by)
    counts = counted.select(*by, ROWS).join(answers, how="cross", maintain_order="left_right")
    counts = counts.with_columns(pl.Series("n", counted.drop(*by, ROWS).to_numpy().ravel(), dtype=pl.Int64))
    _refuse_off_scale(ratings.lazy(), counts, rows=int(counted[ROWS].sum()))
    keys = [name for name in places.columns if name not in {"column", "steps"}]
    return counts.filter(pl.col("n") > 0).select(*by, *keys, "step", "n")


def _counted_rows(ratings: pl.LazyFrame, answers: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """One row for each of `by`, one column for each answer at each place, in the order of `answers`."""
    # Unpivoting and grouping would touch every rating several times; this touches each once (DESIGN.md, measured).
    sums = [_count_of(column, step) for column, step in answers.select("column", "step").iter_rows()]
    rows = pl.len().cast(pl.Int64).alias(ROWS)
    if not by:
        return ratings.select(rows, *sums).collect()
    return ratings.group_by(by, maintain_order=True).agg(rows, *sums).collect()


def _count_of(column: str, step: int) -> pl.Expr:
    values = pl.col(column)
    count = values.null_count() if step == BLANK else (values == step).sum()
    return count.cast(pl.Int64).alias(f"{column}\x1f{step}")


def _refuse_off_scale(ratings: pl.LazyFrame, counts: pl.DataFrame, *, rows: int) -> None:
    """What is neither blank nor a known step is missing from the sum of the counts: found without another pass.

    Only the columns from which something is missing are looked at again, for what was not offered.
    """
    known = counts.group_by("column", "steps", maintain_order=True).agg(pl.col("n").sum())
    lost = known.with_columns(lost=rows - pl.col("n")).filter(pl.col("lost") != 0)
    if lost.is_empty():
        return
    unoffered = ratings.select((pl.col(name) == NOT_OFFERED).sum() for name in lost["column"].unique()).collect()
    for column, steps, missing in lost.select("column", "steps", "lost").iter_rows():
        if unoffered[column].item() != missing:
            raise FrameError(f"The column {column!r} holds values outside of 0 to {steps}.")


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
