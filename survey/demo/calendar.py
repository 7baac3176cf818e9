"""When the demo's cohorts were taught: the newest ended yesterday, or on the last working day before."""

from __future__ import annotations

import datetime

import msgspec

DAY = datetime.timedelta(days=1)
# From the last day of one cohort to the first of the next: time to read the slips and revise.
BETWEEN_COHORTS = datetime.timedelta(days=35)
# How long after the last day of teaching answers are taken.
ANSWERING = datetime.timedelta(days=7)
SATURDAY = 5


class Dates(msgspec.Struct, frozen=True):
    """Teaching days of a cohort, and when its evaluation opens and closes."""

    days: tuple[datetime.date, ...]
    opens_at: datetime.datetime
    closes_at: datetime.datetime


def teaching_days(last: datetime.date, number: int) -> tuple[datetime.date, ...]:
    """So many working days up to a last one, weekends off."""
    days: list[datetime.date] = []
    while len(days) < number:
        if last.weekday() < SATURDAY:
            days.append(last)
        last -= DAY
    return tuple(reversed(days))


def cohort_dates(today: datetime.date, *, cohorts: int, lessons: int) -> list[Dates]:
    """Dates of the cohorts in their order; only the last one's evaluation is still open."""
    dates: list[Dates] = []
    last = today - DAY
    for _ in range(cohorts):
        days = teaching_days(last, lessons)
        dates.append(Dates(days, _at(days[-1], 14), _at(max(days[-1], last) + ANSWERING, 17)))
        last = days[0] - BETWEEN_COHORTS
    return dates[::-1]


def _at(day: datetime.date, hour: int) -> datetime.datetime:
    """An hour of the day in the machine's own time zone, as the pages show it."""
    return datetime.datetime.combine(day, datetime.time(hour)).astimezone()
