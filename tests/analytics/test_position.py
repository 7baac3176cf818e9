"""Where people leave gaps and where they stop, by the place in the form."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from analytics import persons
from analytics.persons import POSITIONS
from tests.analytics.answers import some_examples
from tests.analytics.forms_to_read import forms, frame, modules

# Tables small enough to be read; what is withheld where nearly all agree: test_blurring_everywhere.py.
gaps_by_position = partial(persons.gaps_by_position, unanimous_below=0)


def gaps(*rows, k=1):
    return gaps_by_position(forms(*rows), modules(len(rows[0])), smallest_group=k)


def test_gaps_and_absence_are_shares_of_those_asked():
    said = gaps("5.4", "453", "3.2", "1 1", "2--")
    assert said["position"].to_list() == [1, 2, 3]
    assert said["asked"].to_list() == [5, 4, 5]
    assert said["n"].to_list() == [5, 1, 4]
    assert said["blank_share"].to_list() == [0.0, 0.5, 0.0]
    assert said["not_attended_share"].to_list() == [0.0, 0.25, 0.2]
    assert said["mean"].to_list() == [3.0, 5.0, 2.5]


def test_the_interval_of_a_gap_is_wilsons():
    row = gaps(*["54"] * 7, *["5."] * 3).row(1, named=True)
    low, high = proportion_confint(3, 10, method="wilson")
    assert (row["blank_share"], row["blank_low"], row["blank_high"]) == pytest.approx((0.3, low, high))


def test_who_stops_has_no_answer_to_the_end():
    said = gaps("54321", "543..", "54...", "5.3.1", "5432.", ".....", "54---")
    assert said["stopped_share"].to_list() == pytest.approx([1 / 7, 1 / 7, 2 / 7, 3 / 7, 3 / 7])
    assert said["stops_share"].to_list() == [None, 0, 1 / 6, 1 / 5, None]  # nobody stops at the first or the last


def test_a_place_that_was_not_asked_is_no_stop():
    """Four forms with half of the modules each; the last one left after its second."""
    said = gaps("5 4 3 ", " 5 4 3", "5 4 3 ", "5 4 . ", " 5 . .")
    assert said["asked"].to_list() == [3, 2, 3, 2, 3, 2]
    assert said["stops_share"].to_list() == [None, None, 0, 0.5, None, None]
    assert said["stopped_share"].to_list() == [0, 0, 0, 0.5, 0, 0.5]


def test_the_largest_drop_is_named_where_it_stands_out():
    said = gaps(*["543212"] * 60, *["543..."] * 25, *["54321."] * 3, *["5432.."] * 1, k=5)
    assert said["largest_drop"].to_list() == [False, False, False, True, False, False]


def test_a_few_stops_among_many_forms_are_no_drop():
    """Three of three stops at one of three places is what happens by chance in one of nine such forms."""
    assert not gaps(*["54321"] * 200, *["543.."] * 3)["largest_drop"].any()
    assert gaps(*["54321"] * 200, *["543.."] * 8)["largest_drop"].any()


def test_the_same_drop_as_by_the_exact_test_of_scipy():
    """Stops 2, 6 and 1 at three places: what binomtest says, three times for three places."""
    rows = [*["54321"] * 40, *["5...."] * 2, *["54..."] * 6, "543.."]
    by_chance = stats.binomtest(6, 9, 47 / (49 + 47 + 41), alternative="greater").pvalue
    for confidence, named in ((1 - 3 * by_chance - 0.01, True), (1 - 3 * by_chance + 0.01, False)):
        said = gaps_by_position(forms(*rows), modules(5), smallest_group=1, confidence=confidence)
        assert said["largest_drop"].to_list() == [False, False, named, False, False]


def test_no_drop_is_named_where_all_are_alike_or_few():
    assert not gaps(*["54321"] * 60)["largest_drop"].any()
    assert not gaps(*["54321"] * 60, "5....", "54...", "54...", "543..")["largest_drop"].any()


@some_examples
@given(st.lists(st.text("135.- ", min_size=6, max_size=6), min_size=1, max_size=20))
def test_stops_add_up_to_the_forms_that_ended_early(rows):
    """Looked at one by one: stripped of what was not asked, a form ends in two blanks or more after some answer."""
    said = gaps(*rows, k=1)
    asked = [[row[i] for row in rows] for i in range(6)]
    ended = [len(row.replace(" ", "")) - len(row.replace(" ", "").rstrip(".")) for row in rows]
    for place, row in enumerate(said.rows(named=True)):
        if row["withheld"]:
            continue
        here = [
            sign != " " and blanks > 1 and not one[place:].replace(" ", "").strip(".")
            for sign, one, blanks in zip(asked[place], rows, ended, strict=True)
        ]
        assert row["stopped_share"] == pytest.approx(sum(here) / sum(sign != " " for sign in asked[place]))


@some_examples
@given(st.lists(st.text("135.-", min_size=6, max_size=6), min_size=1, max_size=20))
def test_who_has_stopped_does_not_come_back(rows):
    shares = gaps(*rows, k=1)["stopped_share"].drop_nulls().to_list()
    assert shares == sorted(shares)


def test_a_place_that_few_rated_is_withheld():
    said = gaps(*["54"] * 4, *["5."] * 9, k=5)
    assert said["withheld"].to_list() == [False, True]
    numbers = said.select(name for name in POSITIONS if name not in {"position", "steps", "withheld"})
    assert numbers.row(1) == (None,) * numbers.width


@pytest.mark.parametrize("rows", [("5",), ("...",), ("---",), ("   ",), ("55", "55")])
def test_little_or_nothing_answered(rows):
    said = gaps(*rows)
    assert said.height == len(rows[0])
    assert not said["largest_drop"].any()


def test_no_forms_no_places_and_three_hundred_places():
    assert gaps_by_position(forms("54").clear(), modules(2), smallest_group=1)["withheld"].all()
    assert gaps_by_position(forms("54"), modules(2).clear(), smallest_group=1).height == 0
    table = np.full((90, 300), 4.0)
    assert gaps_by_position(frame(table), modules(300), smallest_group=5)["asked"].to_list() == [90] * 300


def test_the_columns_are_those_written_down():
    assert gaps("54").schema == {"module": pl.String, "item": pl.String, **POSITIONS}
