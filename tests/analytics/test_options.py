"""The same mistake in an option is refused in the same words, whichever function it is given to."""

from __future__ import annotations

import inspect
import types

import polars as pl
import pytest

import analytics
import analytics.persons
from analytics import FrameError, measures
from tests.analytics.answers import FIVE_STEPS, answers, together
from tests.analytics.forms_to_read import forms, modules
from tests.analytics.written import comments

COUNTS = together(*(answers([1, 2, 3, 9, 8], cohort=cohort) for cohort in ("K1", "K2", "K3")))
OF_TEN = COUNTS.with_columns(item=pl.lit("q10"), respondents=pl.lit("trainees"), criterion=pl.lit("c"))
TEN_STEPS = FIVE_STEPS.with_columns(item=pl.lit("q10"), steps=pl.lit(10, pl.Int16))
ENROLLED = pl.DataFrame({"cohort": ["K1"], "answered": [20], "enrolled": [30]})
COHORTS = {"cohorts": ["K1", "K2", "K3"]}
TWO = {"before": "K1", "after": "K2"}
COMMENTS = comments(*["thiếu thời gian"] * 30)
FORMS = (forms(*["454"] * 9, *["345"] * 9), modules(3))

# What each function that takes options needs besides.
ASKED = {
    "measures": ((COUNTS, FIVE_STEPS), {}),
    "compare": ((COUNTS, FIVE_STEPS), TWO),
    "changes_to_previous": ((COUNTS, FIVE_STEPS), COHORTS),
    "trends": ((COUNTS, FIVE_STEPS), COHORTS),
    "several": ((COUNTS, FIVE_STEPS), COHORTS),
    "control_limits": ((COUNTS, FIVE_STEPS), COHORTS),
    "full_report": ((COUNTS, FIVE_STEPS), COHORTS),
    "revision_effects": ((COUNTS, FIVE_STEPS), {**TWO, "revised": ["Họp"]}),
    "against_cohort": ((COUNTS, FIVE_STEPS), {}),
    "ranked": ((COUNTS, FIVE_STEPS), {}),
    "pick_shares": ((COUNTS,), {}),
    "response_rates": ((ENROLLED,), {}),
    "silent_bounds": ((COUNTS, FIVE_STEPS, 30), {}),
    "indices": ((OF_TEN, TEN_STEPS), {}),
    "differencing": ((measures(COUNTS, FIVE_STEPS),) * 2, {"keys": ["cohort", "module", "item"]}),
    "what_a_sample_bears": ((30,), {}),
    "answers_wanted": ((30,), {}),
    "readable_comments": ((COMMENTS,), {}),
    "found_comments": ((COMMENTS, "thời"), {}),
    "masked_comments": ((COMMENTS,), {}),
    "frequent_terms": ((COMMENTS,), {}),
    "theme_counts": ((COMMENTS,), {}),
}
PERSONS = {
    name: (FORMS, {})
    for name in analytics.persons.__all__
    if isinstance(getattr(analytics.persons, name), types.FunctionType)
}
EVERY = ASKED | PERSONS
OF_CELLS = {"suppressed_totals", "without_small_groups"}  # of cells that somebody else has counted

LAYERS_AND_TEXTS = {"indices", "frequent_terms", "theme_counts"}  # an index has items of its own; texts have none


def function_of(name):
    return getattr(analytics, name, None) or getattr(analytics.persons, name)


def taking(option, names=EVERY):
    return [name for name in names if option in inspect.signature(function_of(name)).parameters]


def refused(name, **option):
    arguments, others = EVERY[name]
    with pytest.raises(ValueError) as refusal:
        function_of(name)(*arguments, **{**others, **option})
    return str(refusal.value)


def test_every_function_with_a_smallest_group_is_asked():
    functions = [name for name in analytics.__all__ if isinstance(getattr(analytics, name), types.FunctionType)]
    assert set(taking("smallest_group", functions)) == set(taking("smallest_group", ASKED)) | OF_CELLS
    assert set(taking("cohorts", functions)) == set(taking("cohorts"))


@pytest.mark.parametrize("name", taking("smallest_group"))
def test_fewer_than_nobody_are_no_group(name):
    assert refused(name, smallest_group=-1) == "The option 'smallest_group' must be 0 or more people, not -1."


def test_fewer_than_nobody_are_no_group_of_cells_either():
    cells = pl.DataFrame({"class": ["a", "b"], "people": [9, 9]})
    with pytest.raises(ValueError, match="'smallest_group' must be 0 or more people, not -1"):
        analytics.suppressed_totals(cells, by=["class"], smallest_group=-1, group=["class"])
    with pytest.raises(ValueError, match="'smallest_group' must be 0 or more people, not -1"):
        analytics.without_small_groups(cells, size="people", smallest_group=-1, numbers=["people"])


@pytest.mark.parametrize("name", taking("unanimous_below"))
def test_nobody_agrees_with_fewer_than_nobody(name):
    assert refused(name, unanimous_below=-1) == "The option 'unanimous_below' must be 0 (never) or more people, not -1."


@pytest.mark.parametrize("name", taking("confidence"))
@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_lies_between_0_and_1(name, confidence):
    assert (
        refused(name, confidence=confidence)
        == f"The option 'confidence' must lie between 0 and 1, not be {confidence}."
    )


@pytest.mark.parametrize("name", taking("cohorts"))
def test_cohorts_are_a_list_of_different_ones(name):
    assert "names 'K1' more than once" in refused(name, cohorts=["K1", "K2", "K1"])
    assert "give a list of cohorts" in refused(name, cohorts="K1")


@pytest.mark.parametrize("name", taking("smallest_group"))
def test_the_smallest_group_is_the_policys_unless_said(name):
    default = inspect.signature(function_of(name)).parameters["smallest_group"].default
    policy = analytics.Policy()
    of_texts = "comments" in name or name in {"frequent_terms", "theme_counts"}
    assert default == (policy.smallest_group_for_comments if of_texts else policy.smallest_group)


@pytest.mark.parametrize("name", EVERY)
def test_options_that_functions_share_stand_in_one_order(name):
    order = ["before", "after", "cohorts", "by", "smallest_group", "group", "confidence", "unanimous_below"]
    shared = [option for option in inspect.signature(function_of(name)).parameters if option in order]
    assert shared == sorted(shared, key=order.index)


@pytest.mark.parametrize("name", taking("by"))
def test_a_column_that_is_not_there_is_named(name):
    arguments, others = EVERY[name]
    usual = inspect.signature(function_of(name)).parameters["by"].default
    with pytest.raises(FrameError, match="The column 'version' is missing; there are "):
        function_of(name)(*arguments, **{**others, "by": (*usual, "version")})


@pytest.mark.parametrize("name", sorted({*taking("by", ASKED)} - LAYERS_AND_TEXTS))
def test_a_column_is_named_once(name):
    assert (
        refused(name, by=["module", "item", "item"])
        == "The option 'by' names 'item' more than once: name each column once."
    )


def test_the_same_people_rate_once_at_least():
    assert measures(COUNTS, FIVE_STEPS, times=1).height == 3
    with pytest.raises(ValueError, match="'times' must be 1 or more, not 0"):
        measures(COUNTS, FIVE_STEPS, times=0)
