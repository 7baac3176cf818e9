"""Cohorts with the evaluation that their results come from, and how many answered it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from survey.database.frames import asked_cohorts
from survey.forms.shape import Form, Words
from survey.tables import Questionnaire, State


class AskedForm(msgspec.Struct, frozen=True, kw_only=True):
    """The evaluation that a cohort's results come from: its questionnaire, its state, how many answered."""

    evaluation: int
    state: State
    form: Form
    answered: int
    # Forms that the questionnaire's policy sets apart; known once sealed.
    invalid: int = 0
    closes_at: datetime.datetime | None = None


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
    )


async def _forms(ids: Iterable[int]) -> dict[int, Form]:
    rows = await Questionnaire.select(Questionnaire.id, Questionnaire.definition).where(
        Questionnaire.id.is_in(list(ids) or [0])
    )
    return {row["id"]: _form(row["definition"]) for row in rows}


@lru_cache(maxsize=32)
def _form(definition: str) -> Form:
    return msgspec.json.decode(definition, type=Form)
