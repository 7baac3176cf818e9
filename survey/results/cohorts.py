"""Cohorts with the evaluation that their results come from, and how many answered it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from survey.database.frames import asked_cohorts
from survey.forms.shape import Form, Words
from survey.tables import Purpose, Questionnaire, State


class AskedForm(msgspec.Struct, frozen=True, kw_only=True):
    """The evaluation that a cohort's results come from: its questionnaire, its state, how many answered."""

    evaluation: int
    state: State
    form: Form
    # Sheets: one for each who answered, or of a daily evaluation, one for each day on which somebody did.
    answered: int
    # Forms that the questionnaire's policy sets apart; known once sealed.
    invalid: int = 0
    closes_at: datetime.datetime | None = None
    purpose: Purpose = Purpose.end_of_course
    # Of how many of the lessons each trainee was asked; none means all.
    share: int | None = None
    lessons: int = 0
    # Teaching days of the cohort while it was open.
    days: int = 0

    @property
    def sheets_each(self) -> int:
        """How many sheets one trainee could hand in."""
        return self.days if self.purpose == Purpose.daily and self.days else 1

    @property
    def in_parts(self) -> bool:
        """Whether a sheet asked about some of the lessons only."""
        return self.sheets_each > 1 or self.share is not None


class CohortResults(msgspec.Struct, frozen=True, kw_only=True):
    """A cohort as the results pages speak of it. `key` names it in frames, `id` in addresses."""

    id: int
    key: str
    names: Words
    programme: int
    unit: int
    enrolled: int
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    asked: AskedForm | None = None

    @property
    def sealed(self) -> bool:
        return self.asked is not None and self.asked.state == State.sealed

    @property
    def response_rate(self) -> float | None:
        """Sheets handed in of those that could be; none where there are none, more than the roster allows, or days to
        come."""
        if self.asked is None or (self.asked.sheets_each > 1 and not self.sealed):
            return None
        possible = self.enrolled * self.asked.sheets_each
        return self.asked.answered / possible if 0 < self.asked.answered <= possible else None


async def cohorts_in_order(programmes: Sequence[int]) -> list[CohortResults]:
    """The cohorts of these programmes, oldest first."""
    rows = {row["id"]: row for row in (await asked_cohorts(programmes)).to_dicts()}
    forms = await _forms({row["questionnaire"] for row in rows.values()} - {None})
    return [_cohort(row, forms) for row in rows.values()]


def _cohort(row: dict[str, Any], forms: dict[int, Form]) -> CohortResults:
    return CohortResults(
        id=row["id"],
        key=row["key"],
        names=msgspec.json.decode(row["names"], type=Words),
        programme=row["programme"],
        unit=row["unit"],
        enrolled=row["enrolled"] or 0,
        starts_on=row["starts_on"] and datetime.date.fromisoformat(row["starts_on"]),
        ends_on=row["ends_on"] and datetime.date.fromisoformat(row["ends_on"]),
        asked=_asked(row, forms) if row["evaluation"] else None,
    )


def _asked(row: dict[str, Any], forms: dict[int, Form]) -> AskedForm:
    return AskedForm(
        evaluation=row["evaluation"],
        state=State(row["state"]),
        form=forms[row["questionnaire"]],
        answered=row["answered"],
        invalid=row["invalid"] or 0,
        closes_at=row["closes_at"] and datetime.datetime.fromisoformat(row["closes_at"]),
        purpose=Purpose(row["purpose"]),
        share=row["share"],
        lessons=row["lessons"],
        days=row["days"],
    )


async def _forms(ids: Iterable[int]) -> dict[int, Form]:
    rows = await Questionnaire.select(Questionnaire.id, Questionnaire.definition).where(
        Questionnaire.id.is_in(list(ids) or [0])
    )
    return {row["id"]: _form(row["definition"]) for row in rows}


@lru_cache(maxsize=32)
def _form(definition: str) -> Form:
    return msgspec.json.decode(definition, type=Form)
