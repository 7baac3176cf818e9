"""Printed tickets: made in lots, kept as hashes, looked up without being spent."""

from __future__ import annotations

import datetime

from survey.answering.codes import TICKET_LENGTH, digest, new_code
from survey.tables import Ticket, TicketKind, TicketLot


def ticket_digest(ticket: str) -> str:
    return digest("ticket", ticket)


def class_ticket_digest(phone: str, code: str) -> str:
    """The ticket that a class link hands to a phone: one per phone and link, whatever the phone tries."""
    return digest("class ticket", f"{code}/{phone}")


async def make_lot(evaluation: int, course_class: int, kind: TicketKind, number: int) -> tuple[int, list[str]]:
    """A lot of new tickets: its number, and the secrets, which are given here and never again.

    The rows are written in the order of their hashes, so that neither table nor index tells who drew which, nor which
    number stood on whose slip.
    """
    secrets = [new_code(TICKET_LENGTH) for _ in range(number)]
    async with Ticket._meta.db.transaction():
        lot = TicketLot(evaluation=evaluation, course_class=course_class, kind=kind, made_on=datetime.date.today())
        await lot.save()
        rows = [
            Ticket(digest=key, evaluation=evaluation, course_class=course_class, kind=kind, spent=False, lot=lot.id)
            for key in sorted(map(ticket_digest, secrets))
        ]
        for start in range(0, len(rows), 500):
            await Ticket.insert(*rows[start : start + 500])
    return lot.id, secrets
