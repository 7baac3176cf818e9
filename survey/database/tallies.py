"""How far open evaluations have come: answers by class, tickets by lot. Counts only, and cheap enough to ask for often.

A response is counted by its ticket: the rows are small, and the link keeps its own count.
"""

from __future__ import annotations

import msgspec

from survey.database.limits import MOST
from survey.tables import ClassLink, Ticket

BY_SLIPS = """(
    SELECT count(*) FROM ticket WHERE ticket.spent AND ticket.kind <> 'class_link'
    AND ticket.evaluation = class_link.evaluation AND ticket.course_class = class_link.course_class
)"""
CLASSES = f"""
    SELECT course_class, taken, {MOST} AS most, taken + {BY_SLIPS} AS answers FROM class_link
    WHERE evaluation = {{}}
"""
LOTS = """
    SELECT lot, count(*) AS made, count(CASE WHEN spent THEN 1 END) AS used,
    count(CASE WHEN revoked THEN 1 END) AS revoked FROM ticket WHERE lot IS NOT NULL AND evaluation = {} GROUP BY lot
"""


class ClassTally(msgspec.Struct, frozen=True):
    """`taken` by the class link, which takes `most`; `answers` by whatever way."""

    course_class: int
    taken: int
    most: int
    answers: int


class LotTally(msgspec.Struct, frozen=True):
    lot: int
    made: int
    used: int
    revoked: int


async def class_tallies(evaluation: int) -> dict[int, ClassTally]:
    """Class -> how many have answered."""
    return {row["course_class"]: ClassTally(**row) for row in await ClassLink.raw(CLASSES, evaluation)}


async def lot_tallies(evaluation: int) -> dict[int, LotTally]:
    """Lot -> how many of its tickets were used and revoked."""
    return {row["lot"]: LotTally(**row) for row in await Ticket.raw(LOTS, evaluation)}
