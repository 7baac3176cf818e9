"""What trainees hand in while an evaluation is open. Sealing empties these tables of it.

No row holds a time, an address or a person, and none points at another: a ticket is spent and a response
inserted in one transaction, and nothing stored joins the two (tests/answering/test_anonymity.py).
"""

from __future__ import annotations

import enum

from piccolo.columns import JSON, Boolean, Date, ForeignKey, Integer, OnDelete, Serial, Text, Varchar
from piccolo.table import Table

from survey.tables.asking import Evaluation
from survey.tables.teaching import CourseClass


class TicketKind(enum.StrEnum):
    personal = "personal"
    blind = "blind"
    class_link = "class_link"


class TicketLot(Table, tablename="ticket_lot"):
    """Tickets that were made together for a class, so that what is left of them can be counted and revoked.

    The day, not the hour; and no number of a slip: what stands on paper beside a code is nowhere kept.
    """

    id: Serial
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10, choices=TicketKind)
    made_on = Date()


class Ticket(Table):
    """The right to answer once. Only the hash of its secret is kept; the database refuses to spend it twice, and to
    spend one that was revoked."""

    digest = Varchar(length=32, primary_key=True, default="")
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10, choices=TicketKind)
    spent = Boolean(default=False)
    # None for what a class link hands out.
    lot = ForeignKey(TicketLot, null=True, default=None, on_delete=OnDelete.restrict)
    revoked = Boolean(default=False)


class Response(Table):
    """One trainee's ratings and picks, reached by the hash of the receipt that only the trainee holds."""

    receipt = Varchar(length=32, primary_key=True, default="")
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    # Number of the save, counted by the trainee's browser: the newest wins.
    sequence = Integer()
    document = JSON()


class Comment(Table):
    """A free text without its response: words that give somebody away must not give away their ratings.

    While the evaluation is open the key is made from the receipt and the place, so that its writer alone can
    change it; sealing gives every comment a fresh random key.
    """

    key = Varchar(length=32, primary_key=True, default="")
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    place = Varchar(length=80)
    text = Text()
