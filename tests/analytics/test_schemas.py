"""A frame that is not what its schema says is refused with a sentence that names the column."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import COUNTS, ITEMS, FrameError, checked, checked_items, measures, pick_shares
from tests.analytics.answers import FIVE_STEPS, answers, scale, together


def test_a_missing_column_is_named():
    with pytest.raises(FrameError, match="The column 'n' is missing"):
        checked(COUNTS.to_frame().drop("n"), COUNTS)


def test_a_column_of_another_type_is_named():
    with pytest.raises(FrameError, match="The column 'step' is Int64, expected was Int16"):
        checked(COUNTS.to_frame().with_columns(pl.col("step").cast(pl.Int64)), COUNTS)


def test_further_columns_are_allowed_only_where_it_says_so():
    frame = COUNTS.to_frame().with_columns(unit=pl.lit(""))
    assert checked(frame, COUNTS) is frame
    with pytest.raises(FrameError, match="The column 'unit' does not belong here"):
        checked(frame, COUNTS, extra=False)


def test_lazy_frames_are_checked_too():
    with pytest.raises(FrameError, match="'cohort' is missing"):
        checked(COUNTS.to_frame().lazy().drop("cohort"), COUNTS)


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ({"item": ["a", "a"], "steps": [5, 5], "direction": ["up", "up"]}, "'item' names 'a' more than once"),
        ({"item": ["a"], "steps": [1], "direction": ["up"]}, "'steps' must be 2 or more"),
        ({"item": ["a"], "steps": [5], "direction": ["sideways"]}, "not 'sideways'"),
    ],
)
def test_impossible_scales_are_refused(items, sentence):
    with pytest.raises(FrameError, match=sentence):
        checked_items(pl.DataFrame(items, schema=ITEMS))


def test_counts_off_the_scale_are_refused_with_the_item():
    with pytest.raises(FrameError, match="holds 6 for the item 'useful', which has the steps 1 to 5"):
        measures(answers([0, 0, 0, 0, 0, 7]), FIVE_STEPS)


def test_counts_of_an_unknown_item_are_refused():
    with pytest.raises(FrameError, match="'pace', which is not among the items"):
        measures(answers([1, 2], item="pace"), FIVE_STEPS)


def test_items_are_never_pooled():
    with pytest.raises(ValueError, match="item by item"):
        measures(answers([1, 2]), FIVE_STEPS, by=("cohort",))


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("n", None, "The column 'n' is empty in some row"),
        ("step", None, "The column 'step' is empty in some row"),
        ("n", -4, "The column 'n' holds -4"),
    ],
)
def test_counts_that_are_none_are_refused(column, value, sentence):
    counts = together(answers([1, 2, 3, 9, 8]), answers([9]).with_columns(pl.lit(value, COUNTS[column]).alias(column)))
    with pytest.raises(FrameError, match=sentence):
        measures(counts, FIVE_STEPS)
    with pytest.raises(FrameError, match=sentence):
        pick_shares(counts)


def test_what_the_items_say_of_a_scale_holds_whatever_stands_in_the_counts():
    counts = answers([1, 2, 3, 9, 8])
    down = scale(direction="down")
    joined = counts.join(FIVE_STEPS.with_columns(steps=pl.lit(9, pl.Int16)), on="item")
    assert_frame_equal(measures(joined, down), measures(counts, down))


@pytest.mark.parametrize("name", ["steps", "direction", "people", "n", "step", "withheld"])
def test_a_key_is_not_called_as_what_is_made(name):
    counts = answers([1, 2, 3, 9, 8]).with_columns(pl.lit(1).alias(name))
    with pytest.raises(ValueError, match=f"The key '{name}' is called like a column that is made here"):
        measures(counts, FIVE_STEPS, by=("item", name))


def test_without_items_nothing_is_measured():
    nothing = answers([])
    assert_frame_equal(measures(nothing, FIVE_STEPS.clear()), measures(nothing, FIVE_STEPS))
