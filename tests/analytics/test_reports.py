"""The full report says what its parts say, with small groups withheld everywhere."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from analytics import (
    BLANK,
    CHANGES,
    COUNTS,
    ITEMS,
    MEASURES,
    PICKS,
    FrameError,
    changes_to_previous,
    full_report,
    measures,
    pick_shares,
)
from analytics.ordering import against_cohort
from tests.analytics.answers import FIVE_STEPS, answers, together

TWO_ITEMS = pl.DataFrame({"item": ["useful", "apply"], "steps": [5, 5], "direction": ["up", "up"]}, schema=ITEMS)

COURSE = together(
    *(
        answers(ratings, cohort=cohort, component=component, module=module)
        for cohort, lift in (("K1", 0), ("K2", 6))
        for component, module, ratings in (
            ("Kỹ năng", "Họp", [2, 3, 5, 10, 10 + lift]),
            ("Kỹ năng", "Dân vận", [10 + lift, 9, 5, 4, 2]),
            ("Lý luận", "Nghị quyết", [0, 1, 1, 1, 1]),
        )
    ),
    *(answers([0, 1, 4, 15, 10], cohort=cohort, component=None, module=None, item="apply") for cohort in ("K1", "K2")),
)


def picked(module, *, n, of):
    said = answers([n], module=module, item="revise_first")
    return together(said, said.with_columns(step=pl.lit(BLANK, COUNTS["step"]), n=pl.lit(of - n, pl.Int64)))


def report(counts=COURSE, *, items=TWO_ITEMS, cohorts=("K1", "K2"), **options):
    return full_report(counts, items, cohorts=cohorts, **options)


def test_the_report_says_what_its_parts_say():
    of_modules, found = COURSE.filter(pl.col("module").is_not_null()), report()
    assert_frame_equal(found.modules, measures(COURSE, TWO_ITEMS))
    assert_frame_equal(found.components, measures(of_modules, TWO_ITEMS, by=("cohort", "component", "item")))
    assert_frame_equal(found.cohorts, measures(COURSE, TWO_ITEMS, by=("cohort", "item")))
    assert_frame_equal(found.changes, changes_to_previous(COURSE, TWO_ITEMS, cohorts=("K1", "K2")))
    assert_frame_equal(found.standings, against_cohort(of_modules, TWO_ITEMS))


def test_picks_are_shares_and_not_ratings():
    picks = together(picked("Họp", n=4, of=30), picked("Dân vận", n=20, of=30))
    found = report(together(COURSE, picks), picks=["revise_first"])
    assert_frame_equal(found.picks, pick_shares(picks))
    assert_frame_equal(found.modules, report().modules)
    assert report().picks.height == 0


def test_small_groups_are_withheld_in_every_frame():
    found = report(smallest_group=5)
    for frame in (found.modules, found.components, found.changes):
        small = frame.filter(pl.any_horizontal(pl.col(pl.String) == "Nghị quyết") | (pl.col("item") == "none"))
        assert small["withheld"].all()
    few = found.components.filter(pl.col("component") == "Lý luận")
    assert few["withheld"].to_list() == [True, True]
    assert few["mean"].null_count() == few.height
    assert found.standings.filter(pl.col("module") == "Nghị quyết")["standing"].unique().to_list() == ["too few"]
    # Ratings of the small module are not in the sum of its cohort either, or it could be subtracted.
    assert found.cohorts.filter(pl.col("item") == "useful")["n"].to_list() == [60, 72]


def test_cohorts_are_compared_in_the_order_given():
    changes = report(cohorts=("K2", "K1")).changes
    assert changes.select("before", "after").unique().rows() == [("K2", "K1")]


def test_cohorts_that_are_not_asked_for_are_left_out():
    found = report(cohorts=("K2",))
    assert found.modules["cohort"].unique().to_list() == ["K2"]
    assert found.changes.height == 0


def test_no_answers_give_empty_frames_with_their_columns():
    found = report(COUNTS.to_frame(), cohorts=(), picks=["revise_first"])
    for field in dataclasses.fields(found):
        assert getattr(found, field.name).height == 0
    assert set(MEASURES) <= set(found.modules.columns)
    assert set(CHANGES) <= set(found.changes.columns)
    assert set(PICKS) <= set(found.picks.columns)


def test_an_item_that_is_neither_rated_nor_a_pick_is_refused():
    with pytest.raises(FrameError, match="holds 'apply', which is not among the items"):
        report(items=FIVE_STEPS)


def test_an_item_that_is_rated_and_a_pick_is_refused():
    with pytest.raises(FrameError, match="'useful', which is also said to be a pick"):
        report(picks=["useful"])


def test_a_cohort_named_twice_is_refused():
    with pytest.raises(ValueError, match="names 'K1' more than once"):
        report(cohorts=("K1", "K2", "K1"))
