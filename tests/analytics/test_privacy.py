"""Nothing is shown that too few people said, and nothing that subtraction would give away."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import MEASURES, compare, measures, pick_shares, without_small_groups
from tests.analytics.answers import FIVE_STEPS, answers, some_examples, together

BY_CLASS = ("cohort", "module", "item", "class")


def cells(*sizes):
    return pl.DataFrame({"module": ["Họp"] * len(sizes), "class": [f"{i}" for i in range(len(sizes))], "n": sizes})


def withheld(*sizes, k=5):
    shown = without_small_groups(
        cells(*sizes), size="n", smallest_group=k, numbers=["n"], keys=["module", "class"], group=["class"]
    )
    return shown["withheld"].to_list()


def test_small_groups_are_withheld_with_all_their_numbers():
    said = measures(answers([0, 0, 0, 2, 2]), FIVE_STEPS)
    assert said["withheld"].to_list() == [True]
    numbers = said.select(name for name in MEASURES if name not in {"steps", "direction", "blurred", "withheld"})
    assert not said["blurred"].any()
    assert numbers.null_count().row(0) == (1,) * numbers.width


def test_five_are_enough_and_another_policy_is_possible():
    five = answers([0, 0, 0, 2, 3])
    assert measures(five, FIVE_STEPS)["withheld"].to_list() == [False]
    assert measures(five, FIVE_STEPS, smallest_group=6)["withheld"].to_list() == [True]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ((40, 50), [False, False]),
        ((40, 3), [True, True]),  # the complement of 40 is 3
        ((40, 30, 3), [False, True, True]),  # one alone could be subtracted: the smallest other goes with it
        ((40, 30, 2, 2), [False, True, True, True]),  # two together are still fewer than five
        ((40, 30, 4, 4), [False, False, True, True]),
        ((40, 0), [False, True]),  # nobody to protect
        ((40,), [False]),
        ((3,), [True]),
    ],
)
def test_a_cell_is_shown_only_if_its_complement_may_be_known(sizes, expected):
    assert withheld(*sizes) == expected


@some_examples
@given(st.lists(st.integers(0, 12), min_size=1, max_size=7), st.integers(1, 6))
def test_subtracting_what_is_shown_from_the_whole_never_leaves_a_small_group(sizes, k):
    hidden = [n for n, away in zip(sizes, withheld(*sizes, k=k), strict=True) if away]
    left = sum(hidden)
    if sum(sizes) >= k:
        assert left == 0 or (left >= k and sum(n > 0 for n in hidden) >= 2)
    for n, away in zip(sizes, withheld(*sizes, k=k), strict=True):
        assert away or n >= k


@some_examples
@given(st.lists(st.integers(0, 12), min_size=1, max_size=7), st.integers(0, 6))
def test_raising_the_smallest_group_never_shows_more_of_a_partition(sizes, k):
    assert all(more or not less for less, more in zip(withheld(*sizes, k=k), withheld(*sizes, k=k + 1), strict=True))


def test_the_subtraction_attack_on_classes_fails():
    counts = together(
        answers([1, 2, 5, 20, 12], **{"class": "A"}),
        answers([2, 3, 6, 20, 9], **{"class": "B"}),
        answers([3, 0, 0, 0, 0], **{"class": "C"}),
    )
    [whole] = measures(counts, FIVE_STEPS).rows(named=True)
    classes = measures(counts, FIVE_STEPS, by=BY_CLASS)
    shown = classes.filter(~pl.col("withheld"))
    remainder = whole["n"] - (shown["n"].sum() or 0)
    assert classes.select("class", "withheld").rows() == [("A", True), ("B", False), ("C", True)]
    assert remainder == 43  # A and C together, not the three of C


def test_a_withheld_module_cannot_be_subtracted_from_its_component():
    counts = together(
        answers([1, 2, 5, 20, 12]), answers([1, 2, 5, 20, 12], module="Dân vận"), answers([3], module="Nhỏ")
    )
    modules = measures(counts, FIVE_STEPS)
    for by in (("cohort", "component", "item"), ("cohort", "item"), ("item",)):
        [whole] = measures(counts, FIVE_STEPS, by=by).rows(named=True)
        assert whole["n"] == modules["n"].sum() == 80


def test_a_component_of_nothing_but_small_modules_is_withheld():
    counts = together(*(answers([3], module=f"{i}") for i in range(10)))
    assert measures(counts, FIVE_STEPS, by=("cohort", "component", "item"))["withheld"].to_list() == [True]


def test_keys_that_say_who_rated_are_groups_unless_somebody_says_otherwise():
    counts = together(answers([0, 0, 0, 20, 20], unit="Ba Vì"), answers([0, 0, 0, 0, 4], unit="Sơn Tây"))
    by = ("cohort", "module", "item", "unit")
    assert measures(counts, FIVE_STEPS, by=by)["withheld"].to_list() == [True, True]
    assert measures(counts, FIVE_STEPS, by=by, group=())["withheld"].to_list() == [False, True]
    with pytest.raises(ValueError, match="The group 'class' is not among"):
        measures(counts, FIVE_STEPS, by=by, group=("class",))


def test_comparing_classes_withholds_by_the_same_rule():
    counts = together(
        *(answers([0, 0, 0, 20, 20], cohort=c, **{"class": "A"}) for c in ("K3", "K4")),
        answers([0, 0, 0, 20, 20], cohort="K3", **{"class": "B"}),
        answers([0, 0, 0, 0, 4], cohort="K4", **{"class": "B"}),
    )
    said = compare(counts, FIVE_STEPS, before="K3", after="K4", by=("module", "item", "class"))
    assert said["verdict"].to_list() == ["too few", "too few"]


def test_picks_of_few_are_withheld():
    counts = together(answers([9], item="revise"), answers([1], item="revise", module="Nhỏ"))
    blank = together(answers([31], item="revise"), answers([2], item="revise", module="Nhỏ")).with_columns(
        step=pl.lit(-1, pl.Int16)
    )
    said = pick_shares(together(counts, blank)).rows(named=True)
    assert (said[0]["n"], said[0]["picked"], said[0]["share"]) == (40, 9, pytest.approx(9 / 40))
    assert said[1] == {**said[1], "n": None, "picked": None, "share": None, "withheld": True}


def test_picks_of_a_withheld_cohort_cannot_be_subtracted_from_those_of_all():
    def picked_by(picked, others, **keys):
        not_picked = answers([others], item="revise", **keys).with_columns(step=pl.lit(-1, pl.Int16))
        return together(answers([picked], item="revise", **keys), not_picked)

    counts = together(picked_by(2, 1, cohort="K1"), picked_by(10, 20, cohort="K2"))
    assert pick_shares(counts).select("n", "picked").rows() == [(None, None), (30, 10)]
    assert pick_shares(counts, by=("module", "item")).select("n", "picked").rows() == [(30, 10)]
    classes = together(
        *(picked_by(n, 20, cohort="K1", **{"class": name}) for name, n in (("A", 10), ("B", 10))),
        picked_by(2, 1, cohort="K1", **{"class": "C"}),
        picked_by(10, 20, cohort="K2", **{"class": "C"}),
    )
    assert pick_shares(classes)["n"].to_list() == [63, 30]
    by_class = pick_shares(classes, by=("module", "item", "class"))
    assert by_class.select("class", "n").rows() == [("A", None), ("B", 30), ("C", 30)]


def test_a_pick_that_nobody_made_has_an_interval_too():
    nobody = answers([40], item="revise").with_columns(step=pl.lit(-1, pl.Int16))
    [said] = pick_shares(nobody).rows(named=True)
    assert (said["picked"], said["share"], said["share_low"]) == (0, 0.0, 0.0)
    assert 0 < said["share_high"] < 0.1


def test_picks_are_never_added_up_over_modules():
    with pytest.raises(ValueError, match="module by module"):
        pick_shares(answers([9], item="revise"), by=("cohort", "item"))
