"""Which modules stand out, and in which order they are looked at."""

from __future__ import annotations

import polars as pl
import pytest

from analytics.ordering import AGAINST_COHORT, against_cohort, by_need_of_revision
from analytics.schemas import FrameError, checked
from tests.analytics.answers import FIVE_STEPS, answers, scale, together


def standings(*parts, items=FIVE_STEPS):
    said = against_cohort(together(*parts), items)
    return dict(said.select("module", "standing").rows())


def test_a_module_clearly_below_its_cohort_is_worse_and_one_clearly_above_is_better():
    assert standings(
        answers([10, 20, 10, 0, 0], module="Báo cáo"),
        answers([0, 5, 25, 10, 0], module="Họp"),
        answers([0, 0, 0, 10, 30], module="Dân vận"),
    ) == {"Báo cáo": "worse", "Họp": "around", "Dân vận": "better"}


def test_the_difference_is_that_of_the_means():
    said = against_cohort(together(answers([0, 0, 40, 0, 0]), answers([0, 0, 0, 0, 40], module="Dân vận")), FIVE_STEPS)
    assert said["cohort_mean"].to_list() == [4.0, 4.0]
    assert said["from_cohort"].to_list() == [-1.0, 1.0]
    checked(said, AGAINST_COHORT)


def test_a_module_that_only_seems_lower_is_around():
    assert standings(answers([0, 2, 8, 8, 2]), answers([0, 1, 7, 9, 3], module="Dân vận"))["Họp"] == "around"


def test_a_module_to_which_all_gave_the_same_answer_has_no_spread_to_judge_by():
    five_alike = answers([0, 0, 0, 0, 5])
    assert standings(five_alike, answers([0, 5, 25, 10, 0], module="Dân vận"))["Họp"] == "around"
    assert standings(answers([0, 0, 0, 1, 30]), answers([0, 5, 25, 10, 0], module="Dân vận"))["Họp"] == "better"


def test_where_the_first_step_is_best_more_steps_are_worse():
    parts = answers([0, 0, 0, 10, 30]), answers([30, 10, 0, 0, 0], module="Dân vận")
    assert standings(*parts, items=scale(direction="down")) == {"Họp": "worse", "Dân vận": "better"}
    assert set(standings(*parts, items=scale(direction="middle")).values()) == {"around"}


def test_too_few_answers_have_no_standing_and_no_number():
    said = against_cohort(together(answers([4]), answers([0, 0, 0, 0, 40], module="Dân vận")), FIVE_STEPS)
    assert said.filter(module="Họp").select("from_cohort", "standing").row(0) == (None, "too few")


def test_how_many_modules_of_the_cohort_may_be_shown_is_said():
    alone, few = answers([0, 5, 25, 10, 0]), answers([4], module="Dân vận")
    parts = alone, few, answers([0, 5, 25, 10, 0], cohort="K2"), answers([0, 5, 25, 10, 0], cohort="K2", module="Nói")
    said = against_cohort(together(*parts), FIVE_STEPS)
    assert set(said.select("cohort", "modules").rows()) == {("K1", 1), ("K1", None), ("K2", 2)}


def test_looking_at_many_modules_at_once_widens_the_intervals():
    lower = answers([1, 8, 13, 13, 5], module="Thấp")
    others = [answers([0, 3, 8, 20, 9], module=f"{i}") for i in range(31)]
    assert standings(lower, *others[:5])["Thấp"] == "worse"
    assert standings(lower, *others)["Thấp"] == "around"


def test_nothing_comes_from_nothing():
    assert against_cohort(answers([]), FIVE_STEPS).height == 0


def row(module, from_cohort, standing, share=0.0, direction="up"):
    return {
        "module": module,
        "cohort_mean": 4.0,
        "from_cohort": from_cohort,
        "standing": standing,
        "modules": 5,
        "direction": direction,
        "share": share,
    }


@pytest.mark.parametrize("direction", ["up", "down"])
def test_what_is_clearly_worse_is_looked_at_first_and_too_few_answers_last(direction):
    sign = 1 if direction == "up" else -1
    rows = [
        row("few", None, "too few", 0.9),
        row("best", 0.9 * sign, "better"),
        row("low but uncertain", -0.8 * sign, "around"),
        row("as low, picked more", -0.8 * sign, "around", 0.2),
        row("worst", -0.6 * sign, "worse"),
    ]
    ordered = by_need_of_revision(
        pl.DataFrame([{**one, "direction": direction, "blurred": False, "withheld": False} for one in rows])
    )
    assert ordered["module"].to_list() == ["worst", "as low, picked more", "low but uncertain", "best", "few"]


def test_an_order_without_the_picks_it_goes_by_is_refused():
    with pytest.raises(FrameError, match="The column 'share' is missing"):
        by_need_of_revision(against_cohort(answers([1, 2, 3, 9, 8]), FIVE_STEPS))
