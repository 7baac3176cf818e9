"""What trainees hand in while an evaluation is open. Sealing empties these tables of it.

No row holds a time, an address or a person, and none points at another: a ticket is spent and a response
inserted in one transaction, and nothing stored joins the two (tests/answering/test_anonymity.py).
"""

from __future__ import annotations

import enum

from piccolo.columns import JSON, Boolean, ForeignKey, Integer, OnDelete, Text, Varchar
from piccolo.table import Table

from survey.tables.asking import Evaluation
from survey.tables.teaching import CourseClass


class TicketKind(enum.StrEnum):
    personal = "personal"
    blind = "blind"
    class_link = "class_link"


class Ticket(Table):
    """The right to answer once. Only the hash of its secret is kept; the database refuses to spend it twice."""

    digest = Varchar(length=32, primary_key=True, default="")
    evaluation = ForeignKey(Evaluation, null=False, on_delete=OnDelete.restrict)
    course_class = ForeignKey(CourseClass, null=False, on_delete=OnDelete.restrict)
    kind = Varchar(length=10, choices=TicketKind)
    spent = Boolean(default=False)


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
