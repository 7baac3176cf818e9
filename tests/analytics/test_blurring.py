"""Where nearly all gave the same answer, nobody can be told from the numbers, and these are true all the same."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import ITEMS, compare, measures
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
    [seen], [true] = blurred(counts).rows(named=True), measures(counts, FIVE_STEPS, unanimous_below=0).rows(named=True)
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


def test_cells_are_blurred_unless_somebody_asks_for_exact_numbers():
    cell = answers([0, 0, 0, 0, 6])
    assert measures(cell, FIVE_STEPS)["blurred"].item() is True
    [exact] = measures(cell, FIVE_STEPS, unanimous_below=0).rows(named=True)
    assert (exact["blurred"], exact["mean"]) == (False, 5.0)


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
    [true] = measures(together(answers(distribution(step, n, odd)), other), FIVE_STEPS, by=by, unanimous_below=0).rows(
        named=True
    )
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


@some_examples
@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=6), st.integers(0, 2))
def test_what_withheld_classes_said_together_never_agrees_nearly(classes, unanimous):
    """What the whole says beyond the classes shown is what those withheld said."""
    classes = [*classes, *([0, 0, 12 + more] for more in range(unanimous))]
    counts = together(*(answers(steps, **{"class": name}) for steps, name in zip(classes, "ABCDEFGH", strict=False)))
    items = pl.DataFrame({"item": ["useful"], "steps": [3], "direction": ["up"]}, schema=ITEMS)
    shown = measures(counts, items, by=("cohort", "module", "item", "class")).filter(~pl.col("withheld"))
    if 0 < shown.height < sum(any(steps) for steps in classes):
        assert not shown["blurred"].any()
        left = np.sum(classes, axis=0) - np.sum(shown["counts"].to_list(), axis=0)
        assert left.sum() >= 30 or left.sum() - left.max() > 1


def test_what_withheld_cells_said_together_never_agrees_nearly_in_a_total_of_a_crossed_table():
    apart, agreed = [2, 2, 5, 9, 12], [0, 0, 0, 0, 10]
    counts = together(
        *(
            answers(agreed if unit == "x" and name in "BC" else apart, **{"class": name, "unit": unit})
            for name in "ABCD"
            for unit in "xy"
        )
    )
    said = blurred(counts, by=("cohort", "module", "item", "class", "unit")).filter(pl.col("unit") == "x")
    assert set(said.filter("withheld")["class"]) == {"A", "B", "C"}, "A hides what B and C agree on"


@some_examples
@given(st.permutations("ABCDE"), st.permutations("ABCDE"), st.booleans())
def test_which_of_equal_classes_is_withheld_does_not_depend_on_their_order(one, other, crossed):
    classes = {"A": [2, 1, 0, 0, 0], "B": [0, 0, 10, 10, 0], "C": [0, 0, 0, 8, 12], "D": [5, 5, 5, 5, 0], "E": [0] * 5}
    by = ("cohort", "module", "item", "class", *(["unit"] if crossed else []))

    def withheld(order):
        units = [{"unit": unit} for unit in (sorted(order[:2]) if crossed else "x")]
        return set(
            blurred(*(answers(classes[name], **{"class": name}, **unit) for name in order for unit in units), by=by)
            .filter("withheld")
            .select(by[3:])
            .rows()
        )

    if not crossed or sorted(one[:2]) == sorted(other[:2]):
        assert withheld(one) == withheld(other)


def test_two_versions_of_a_module_in_one_cohort_divide_its_people():
    counts = [answers([0, 0, 12, 9, 9], version="1"), answers([2, 1, 0, 0, 0], version="2")]
    assert blurred(*counts, by=("cohort", "module", "version", "item"))["withheld"].to_list() == [True, True]
    cohorts = [answers([2, 1, 4, 9, 9], version="1"), answers([0, 0, 0, 0, 12], version="2", cohort="K2")]
    said = blurred(*cohorts, by=("cohort", "module", "version", "item"))
    assert said.select("withheld", "blurred").rows() == [(False, False), (False, True)]


def test_a_class_that_is_the_whole_is_blurred_as_the_whole_is():
    said = blurred(answers([0, 0, 0, 0, 12], **{"class": "A"}), by=("cohort", "module", "item", "class"))
    assert said.select("withheld", "blurred", "n").rows() == [(False, True, 12)]


NUMBERS_OF_CHANGES = [
    ("difference", "difference_low", "difference_high"),
    ("p_higher", "p_higher_low", "p_higher_high"),
    ("top2_difference", "top2_low", "top2_high"),
]
OTHER_SIDES = [[2, 3, 4, 6, 5], [0, 0, 0, 1, 11], [0, 12, 0, 0, 0], [9, 3, 0, 0, 0]]


def compared(cell, other, *, turned, **options):
    cohorts = ("K2", "K1") if turned else ("K1", "K2")
    sides = [answers(ratings, cohort=cohort) for ratings, cohort in zip((cell, other), cohorts, strict=True)]
    return compare(together(*sides), FIVE_STEPS, before="K1", after="K2", **options).row(0, named=True)


@some_examples
@given(steps, sizes, steps, st.sampled_from(OTHER_SIDES), st.booleans())
def test_the_intervals_of_a_blurred_change_hold_those_of_all_that_look_alike(step, n, odd, other, turned):
    cell = distribution(step, n, odd)
    seen = compared(cell, other, turned=turned)
    true = compared(cell, other, turned=turned, unanimous_below=0)
    assert (seen["blurred"], true["blurred"], seen["n_before"], seen["n_after"]) == (
        True,
        False,
        true["n_before"],
        true["n_after"],
    )
    for value, low, high in NUMBERS_OF_CHANGES:
        assert seen[value] is None
        ends = [true[value], true[low] or true[value], true[high] or true[value]]
        assert seen[low] - 1e-9 <= min(ends)
        assert max(ends) <= seen[high] + 1e-9


@some_examples
@given(steps, sizes, steps, st.sampled_from(OTHER_SIDES), st.booleans())
def test_a_verdict_on_a_blurred_change_would_stand_without_the_blur(step, n, odd, other, turned):
    cell = distribution(step, n, odd)
    seen = compared(cell, other, turned=turned)
    true = compared(cell, other, turned=turned, unanimous_below=0)
    if seen["verdict"] != "no evidence":
        assert seen["verdict"] == true["verdict"]
        assert seen["p_value"] >= true["p_value"] - 1e-12


def test_a_large_change_is_seen_through_the_blur():
    assert compared([0, 0, 0, 0, 25], [9, 6, 4, 2, 1], turned=True)["verdict"] == "higher"
    assert compared([0, 0, 0, 0, 25], [9, 6, 4, 2, 1], turned=False)["verdict"] == "lower"


@some_examples
@given(steps, sizes, st.lists(steps, min_size=3, max_size=3), st.sampled_from(["up", "down", "middle"]))
def test_who_rated_three_times_and_differed_cannot_be_told_either(step, people, odd, direction):
    items = scale(direction=direction)
    agreed, counts = ([0] * 5 for _ in range(2))
    agreed[step] = 3 * people
    counts[step] = 3 * people - 3
    for one in odd:
        counts[one] += 1
    seen = blurred(answers(counts), items=items, times=3)
    assert_frame_equal(seen, blurred(answers(agreed), items=items, times=3))
    [seen], [true] = (
        seen.rows(named=True),
        measures(answers(counts), items, times=3, unanimous_below=0).rows(named=True),
    )
    assert (seen["people"], seen["blurred"], seen["mean"]) == (people, True, None)
    for value, low, high in ENDS:
        if true[value] is not None:
            assert seen[low] <= true[low] + 1e-12
            assert true[high] - 1e-12 <= seen[high]


def test_more_ratings_that_differ_than_one_person_gave_are_shown():
    said = [blurred(answers([odd, 0, 0, 0, 50 - odd]), times=5)["blurred"].item() for odd in (0, 1, 5, 6)]
    assert said == [True, True, True, False]
    # Few ratings by few people: no more can be in doubt than there are.
    [few] = blurred(answers([2, 0, 0, 0, 4]), times=5, smallest_group=1).rows(named=True)
    assert (few["people"], few["blurred"], few["mean_low"], few["mean_high"]) == (2, True, 1.0, 5.0)
    [fewest] = blurred(answers([0, 0, 0, 0, 3]), times=5, smallest_group=1).rows(named=True)
    assert (fewest["people"], fewest["top2_low"] >= 0, fewest["top2_high"]) == (1, True, 1.0)
