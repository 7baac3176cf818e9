"""How a trainee arrives: by the class link or by a ticket. Looking through a door spends nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Request

from survey.answering.codes import RECEIPT_LENGTH, TICKET_LENGTH, read_code, receipt_from
from survey.answering.evaluations import OpenEvaluation, OpenEvaluations
from survey.answering.tickets import class_ticket_digest, ticket_digest
from survey.database.saving import Outcome
from survey.problems import Problem, Refusal
from survey.tables import Ticket
from survey.web.ready import Header, cookie_header, cookies_of

# A random mark on the phone. The server keeps none of it: it makes the phone's ticket and receipt, so that sending
# twice without a script gives one response, and nobody else (the clerk who printed a ticket included) can make them.
PHONE = "gopy_phone"
# The receipt of the response that was started at this address, for this address only (of a daily evaluation with its
# day): leads the phone back to it. The form's script writes it too, for it makes the receipt itself; so it is the one
# cookie of ours that is not hidden from scripts.
STARTED = "gopy_started"
MONTH = 30 * 24 * 3600


class Door(msgspec.Struct, frozen=True):
    """An evaluation, and by what right a trainee may answer it."""

    evaluation: OpenEvaluation
    course_class: int
    key: str
    handed_out: bool
    spent: bool = False

    @property
    def path(self) -> str:
        return f"/c/{self.key}" if self.handed_out else f"/t/{self.key}"

    def started(self, receipt: str) -> str:
        """What the phone remembers once it has begun."""
        return ".".join(filter(None, [receipt, _day(self.evaluation)]))

    def started_before(self, cookies: Mapping[str, str]) -> str | None:
        return started_before(cookies, self.evaluation)

    def over(self, part: OpenEvaluation) -> Door:
        """The same door with a part of the form behind it."""
        return self if part is self.evaluation else msgspec.structs.replace(self, evaluation=part)

    def ticket(self, phone: str) -> str:
        return class_ticket_digest(phone, self._turn) if self.handed_out else ticket_digest(self.key)

    def receipt(self, phone: str) -> str:
        return receipt_from(phone, self._turn)

    @property
    def _turn(self) -> str:
        """What a phone answers once: the evaluation, or a day of it. One day's ticket and receipt tell nothing of
        another's (tests/answering/test_days.py)."""
        return f"{self.key}/{self.evaluation.part}" if self.handed_out and self.evaluation.daily else self.key


def started_before(cookies: Mapping[str, str], evaluation: OpenEvaluation) -> str | None:
    """The receipt that the phone remembers from this address; of a daily evaluation, from the same day."""
    receipt, _, day = cookies.get(STARTED, "").partition(".")
    return read_code(receipt, RECEIPT_LENGTH) if day == _day(evaluation) else None


def _day(evaluation: OpenEvaluation) -> str:
    return evaluation.part if evaluation.daily else ""


async def class_door(evaluations: OpenEvaluations, code: str) -> Door:
    found = await evaluations.by_code(code)
    if found is None:
        raise Problem(Refusal.unknown_link)
    return Door(found[0], found[1], code.upper(), handed_out=True)


async def ticket_door(evaluations: OpenEvaluations, text: str) -> Door:
    ticket = read_code(text, TICKET_LENGTH)
    row = (
        ticket
        and await Ticket.select(Ticket.evaluation, Ticket.course_class, Ticket.spent, Ticket.revoked)
        .where(Ticket.digest == ticket_digest(ticket))
        .first()
    )
    if not ticket or not row:
        raise Problem(Refusal.unknown_link)
    if row["revoked"]:
        raise Problem(Refusal.slip_revoked)
    evaluation = await evaluations.by_id(row["evaluation"])
    return Door(evaluation, row["course_class"], ticket, handed_out=False, spent=bool(row["spent"]))


def refuse_if_shut(evaluation: OpenEvaluation, *, started: bool = False) -> None:
    """Raises the refusal of an evaluation that is not open; a started response may be saved in the grace period."""
    if shut := evaluation.shut():
        outcome, grace = shut
        if not (started and grace):
            raise Problem(Refusal.not_open_yet if outcome is Outcome.not_open_yet else Refusal.closed)


def phone_cookie(request: Request[Any, Any, Any]) -> list[Header]:
    """A mark for a phone that has none yet."""
    return [] if PHONE in cookies_of(request) else [own_cookie(request, PHONE, secrets.token_hex(16))]


def own_cookie(request: Request[Any, Any, Any], name: str, value: str, path: str = "/") -> Header:
    secure = request.app.state.settings.secure
    return cookie_header(name, value, path=path, seconds=MONTH, secure=secure, hidden=name != STARTED)
