"""The demo's dates hang on today, so that one evaluation is always open."""

import datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from survey.demo.calendar import cohort_dates, teaching_days

DAYS = st.dates(datetime.date(2024, 1, 1), datetime.date(2040, 1, 1))


@given(DAYS)
def test_weekends_are_off(last):
    days = teaching_days(last, 32)
    assert len(set(days)) == 32
    assert all(day.weekday() < 5 for day in days)
    assert list(days) == sorted(days)


@given(DAYS)
def test_cohorts_follow_each_other_and_only_the_last_is_open(today):
    dates = cohort_dates(today, cohorts=4, lessons=32)
    for earlier, later in pairwise(dates):
        assert earlier.closes_at.date() < later.days[0]
        assert earlier.closes_at.date() < today
    assert dates[-1].opens_at.date() < today
    assert datetime.timedelta(days=4) < dates[-1].closes_at.date() - today < datetime.timedelta(days=8)
