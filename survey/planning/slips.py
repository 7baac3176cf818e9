"""Blind slips, drawn from a box by the trainees of a class: made in lots, counted, revoked, printed again."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import msgspec

from survey.answering.tickets import make_lot
from survey.database.tallies import LotTally, lot_tallies
from survey.people.audit import note
from survey.people.sessions import Staff
from survey.planning.evaluations import WRONG_STATE, refuse_tickets_of_days
from survey.planning.naming import class_of, subject_of
from survey.planning.papers import Slips
from survey.refusals import Refused
from survey.results.policy import SMALLEST_GROUP
from survey.tables import Evaluation, State, Ticket, TicketKind, TicketLot

# More at once would keep the clerk's browser waiting; a cohort of a thousand needs two lots.
MOST_SLIPS = 500

TOO_MANY = "A lot has 1 to {most} slips."
UNKNOWN_LOT = "There is no such lot."
NOTHING_LEFT = "Nothing is left of this lot: its slips are all used or revoked."
NOT_SLIPS = "This lot is of personal links. Revoke it, then make new links from the roster."


class Lot(msgspec.Struct, frozen=True):
    """Tickets that were made together. How many were used is told only where it says little about anybody."""

    id: int
    course_class: int
    kind: TicketKind
    made_on: datetime.date
    made: int
    revoked: bool
    # None where the lot is smaller than the smallest group: in a lot of two, "one used" is nearly a name.
    used: int | None

    @property
    def left(self) -> int | None:
        """How many may still be used."""
        if self.revoked:
            return 0
        return None if self.used is None else self.made - self.used


async def lots_of(evaluation: int) -> list[Lot]:
    """The lots of an evaluation, oldest first; none once it is sealed."""
    tallies = await lot_tallies(evaluation)
    rows = await TicketLot.select().where(TicketLot.evaluation == evaluation).order_by(TicketLot.id)
    return [_lot(row, tallies[row["id"]]) for row in rows if row["id"] in tallies]


def _lot(row: dict, tally: LotTally) -> Lot:
    return Lot(
        id=row["id"],
        course_class=row["course_class"],
        kind=TicketKind(row["kind"]),
        made_on=row["made_on"],
        made=tally.made,
        revoked=tally.revoked > 0,
        used=tally.used if tally.made >= SMALLEST_GROUP else None,
    )


async def blind_slips(evaluation: int, course_class: str, number: int, *, who: Staff | None) -> Slips:
    """New slips for a class (its key). What is kept of them is only their hashes.

    Raises:
        Refused: no such evaluation or class, it takes no more answers, or is asked every day.
    """
    await refuse_if_over(evaluation)
    async with Ticket._meta.db.transaction():
        slips = Slips(*await make_lot(evaluation, await class_of(evaluation, course_class), TicketKind.blind, number))
        await note(who, "slips made", await subject_of(evaluation, course_class), lot=slips.lot, number=number)
    return slips


async def refuse_if_over(evaluation: int) -> None:
    row = await Evaluation.select(Evaluation.state).where(Evaluation.id == evaluation).first()
    if row and row["state"] in (State.closed, State.sealed):
        raise Refused(WRONG_STATE[State(row["state"])])
    await refuse_tickets_of_days(evaluation)


async def revoke_lot(evaluation: int, lot: int, *, who: Staff | None) -> int:
    """Refuse from now on what is left of a lot; what was spent of it stays counted. Gives how many were left.

    Raises:
        Refused: no such lot, or nothing is left of it.
    """
    async with Ticket._meta.db.transaction():
        row = await _known(evaluation, lot)
        left = Ticket.update({Ticket.revoked: True}).where(
            Ticket.lot == lot, Ticket.spent.eq(False), Ticket.revoked.eq(False)
        )
        revoked: Sequence[dict] = await left.returning(Ticket.digest)
        if not revoked:
            raise Refused(NOTHING_LEFT)
        # Not how many: in a small lot that would tell who has answered (tests/planning/test_slips.py).
        await note(who, "lot revoked", await subject_of(evaluation, row["course_class.key"]), lot=lot)
    return len(revoked)


async def reprint_lot(evaluation: int, lot: int, *, who: Staff | None) -> Slips:
    """As many new slips as were left of a lot, whose rest is revoked: their secrets cannot be shown again.

    A lot below the smallest group is printed again in full, because the number of its new slips would tell how many
    of the old ones were used.

    Raises:
        Refused: no such lot of slips, nothing left of it, or the evaluation takes no more answers.
    """
    await refuse_if_over(evaluation)
    async with Ticket._meta.db.transaction():
        row = await _known(evaluation, lot)
        if row["kind"] != TicketKind.blind:
            raise Refused(NOT_SLIPS)
        made = await Ticket.count().where(Ticket.lot == lot)
        left = await revoke_lot(evaluation, lot, who=who)
        number = left if made >= SMALLEST_GROUP else made
        return await blind_slips(evaluation, row["course_class.key"], number, who=who)


async def _known(evaluation: int, lot: int) -> dict:
    row = (
        await TicketLot.select(TicketLot.kind, TicketLot.course_class.key)
        .where(TicketLot.id == lot, TicketLot.evaluation == evaluation)
        .first()
    )
    if row is None:
        raise Refused(UNKNOWN_LOT)
    return row
