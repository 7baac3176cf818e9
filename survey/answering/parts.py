"""Which part of a form a phone is offered: today's lessons, or the next share of a rotation.

Opening an address writes nothing: the rotation is a counter in memory, and what a phone was dealt stands in its cookie
and in the form itself. No ticket decides its own part: whoever knows to whom it was sent would know that person's part
too, and look for them in fewer sheets (docs/anonymity.md).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from litestar import Request

from survey.answering.doors import Door, own_cookie, refuse_if_shut
from survey.answering.evaluations import OpenEvaluation
from survey.answering.keeping import kept_response
from survey.answering.reading import Sent
from survey.problems import Problem, Refusal
from survey.web.languages import date, language_of
from survey.web.ready import Header

# Which part of a shared form the phone was dealt, for the one address: reloading deals no other.
PART = "gopy_part"
# A day's sheet is offered on so many days after it too, unless lessons are taught again: a Friday's over the weekend.
LATE_DAYS = 3


def offered_part(
    request: Request[Any, Any, Any], evaluation: OpenEvaluation, cookies: Mapping[str, str]
) -> OpenEvaluation:
    """The evaluation as it is laid out for this phone: whole, today's lessons, or its share.

    Raises:
        Problem: no lessons to answer about today, or none any more.
    """
    if not evaluation.parts:
        return evaluation
    if evaluation.daily:
        return _todays(request, evaluation)
    held = evaluation.parts.get(cookies.get(PART, ""))
    return held or evaluation.dealt()


def sent_part(evaluation: OpenEvaluation, key: str) -> OpenEvaluation:
    """The part that a sent sheet says it is. Of an earlier day it is taken too: it may have been begun before midnight.

    A sheet that names no part, or one that there is no longer, is read as the whole form: nothing of it is lost.

    Raises:
        Problem: its day is still to come.
    """
    part = evaluation.parts.get(key, evaluation)
    if evaluation.daily and part.part > today().isoformat():
        raise Problem(Refusal.not_open_yet)
    return part


async def forget_other_days(evaluation: OpenEvaluation, sent: Sent) -> None:
    """Takes the receipt off a day's sheet if another day is kept under it: saving it there would overwrite that day."""
    if evaluation.daily and sent.receipt:
        kept = await kept_response(sent.receipt)
        if kept and kept.part != evaluation.part:
            sent.receipt = None


def part_cookie(request: Request[Any, Any, Any], door: Door, cookies: Mapping[str, str]) -> list[Header]:
    """Keeps the share that a phone was dealt; a day's needs no keeping."""
    part = door.evaluation.part
    if not part or door.evaluation.daily or cookies.get(PART) == part:
        return []
    return [own_cookie(request, PART, part, path=door.path)]


def day_to_answer(days: Iterable[str], now: datetime.date) -> str | None:
    """The last day of lessons, today's included, while it may still be answered."""
    last = max((day for day in days if day <= now.isoformat()), default=None)
    return last if last and now - datetime.date.fromisoformat(last) <= datetime.timedelta(LATE_DAYS) else None


def today() -> datetime.date:
    """The day in the machine's own time zone (docs/operating.md: TZ)."""
    return datetime.datetime.now(datetime.UTC).astimezone().date()


def _todays(request: Request[Any, Any, Any], evaluation: OpenEvaluation) -> OpenEvaluation:
    now = today()
    if day := day_to_answer(evaluation.parts, now):
        return evaluation.parts[day]
    refuse_if_shut(evaluation)
    coming = min((day for day in evaluation.parts if day > now.isoformat()), default=None)
    if coming is None:
        raise Problem(Refusal.no_lessons_left)
    language = language_of(request, request.app.state.settings.language)
    raise Problem(Refusal.no_lessons_today, day=date(datetime.date.fromisoformat(coming), language))
