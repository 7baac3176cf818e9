"""Where nearly all gave the same answer, nobody can be told from the numbers, and these are true all the same."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import measures
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

EXACT = ("counts", "mean", "interpolated_median", "top2_share", "bottom2_share")
ENDS = [("mean", "mean_low", "mean_high"), ("top2_share", "top2_low", "top2_high")]

steps = st.integers(0, 4)
sizes = st.integers(5, 29)


def distribution(step, n, odd):
    """All of n on a step, or all but one, which stands on the step `odd`."""
    counts = [0] * 5
    counts[step] += n - 1
    counts[odd] += 1
    return counts


def blurred(*parts, items=FIVE_STEPS, **options):
    return measures(together(*parts), items, unanimous_below=30, **options)


@some_examples
@given(steps, sizes, steps, st.sampled_from(["up", "down", "middle"]))
def test_who_sees_a_blurred_cell_cannot_tell_whether_somebody_differed(step, n, odd, direction):
    items = scale(direction=direction)
    assert_frame_equal(
        blurred(answers(distribution(step, n, odd)), items=items),
        blurred(answers(distribution(step, n, step)), items=items),
    )


@some_examples
@given(steps, sizes, steps)
def test_the_intervals_of_a_blurred_cell_hold_those_of_all_that_look_alike(step, n, odd):
    counts = answers(distribution(step, n, odd))
    [seen], [true] = blurred(counts).rows(named=True), measures(counts, FIVE_STEPS).rows(named=True)
    for value, low, high in ENDS:
        assert seen[low] <= true[low] + 1e-12 <= true[value] + 2e-12
        assert true[value] - 2e-12 <= true[high] - 1e-12 <= seen[high]


def test_of_a_blurred_cell_n_is_shown_and_nothing_exact():
    [said] = blurred(answers([0, 0, 0, 0, 6])).rows(named=True)
    assert (said["n"], said["people"], said["blurred"], said["withheld"]) == (6, 6, True, False)
    assert [said[name] for name in EXACT] == [None] * 5
    # Wilson's lower end for 5 of 6, and not for 6 of 6, which is 0.61.
    assert (said["top2_low"], said["top2_high"]) == (pytest.approx(0.4365, abs=5e-5), 1.0)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([0, 0, 0, 0, 29], True),
        ([0, 0, 0, 0, 30], False),
        ([1, 0, 0, 0, 28], True),
        ([1, 0, 0, 0, 29], False),
        ([1, 0, 0, 1, 18], False),
        ([0, 0, 0, 2, 18], False),
        ([5, 0, 0, 0, 0], True),
    ],
)
def test_fewer_than_thirty_who_agree_but_for_one_are_blurred(counts, expected):
    assert blurred(answers(counts))["blurred"].to_list() == [expected]


def test_nothing_is_blurred_unless_asked_for():
    said = measures(answers([0, 0, 0, 0, 6]), FIVE_STEPS)
    assert (said["blurred"].item(), said["mean"].item()) == (False, 5.0)


def test_it_is_not_said_of_a_withheld_cell_that_all_agreed():
    said = blurred(answers([0, 0, 0, 0, 4]))
    assert (said["withheld"].item(), said["blurred"].item(), said["top2_low"].item()) == (True, False, None)


def test_nobody_rated_and_no_answers():
    silent = answers([9]).with_columns(step=pl.lit(-1, pl.Int16))
    assert blurred(silent, smallest_group=0)["blurred"].to_list() == [False]
    assert blurred(silent.clear()).is_empty()


@some_examples
@given(steps, sizes, steps, st.sampled_from([("cohort", "component", "item"), ("cohort", "item"), ("item",)]))
def test_what_is_rolled_up_says_no_more_of_a_blurred_module_than_the_module_does(step, n, odd, by):
    other = answers([1, 2, 5, 8, 4], module="Dân vận")
    said = [blurred(answers(distribution(step, n, one)), other, by=by) for one in (odd, step)]
    assert_frame_equal(*said)
    [seen] = said[0].rows(named=True)
    [true] = measures(together(answers(distribution(step, n, odd)), other), FIVE_STEPS, by=by).rows(named=True)
    assert (seen["n"], seen["blurred"], seen["mean"], seen["counts"]) == (n + 20, True, None, None)
    for value, low, high in ENDS:
        assert seen[low] <= true[value] <= seen[high]


def test_classes_that_agree_are_withheld_with_another_for_their_total_is_shown():
    counts = [
        answers([0, 0, 0, 0, 20], **{"class": "A"}),
        answers([1, 2, 5, 20, 12], **{"class": "B"}),
        answers([3, 2, 5, 20, 12], **{"class": "C"}),
    ]
    said = blurred(*counts, by=("cohort", "module", "item", "class"))
    assert said.select("class", "withheld", "blurred").rows() == [
        ("A", True, False),
        ("B", True, False),
        ("C", False, False),
    ]
    units = [part.with_columns(unit=pl.lit(unit)) for unit in ("Ba Vì", "Sơn Tây") for part in counts]
    crossed = blurred(*units, by=("cohort", "module", "item", "class", "unit"))
    assert crossed.filter(pl.col("class") == "A")["withheld"].to_list() == [True, True]
    assert not crossed["blurred"].any()
