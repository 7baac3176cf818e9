"""How many responses a class link takes: as many as the class has enrolled (and days, where it is asked every day),
unless more or fewer were set.

The count stands in the link's own row, so that a batch asks and adds with one small statement, and of two batches at
once the database lets the second see what the first has added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from survey.database.json_rows import is_postgres, with_keys
from survey.tables import ClassLink, Ticket

# A daily evaluation takes a sheet from everybody on each of its days.
DAYS = """
    CASE (SELECT purpose FROM evaluation WHERE evaluation.id = class_link.evaluation) WHEN 'daily' THEN (
        SELECT CASE COUNT(DISTINCT taught_on) WHEN 0 THEN 1 ELSE COUNT(DISTINCT taught_on) END
        FROM lesson JOIN evaluation ON evaluation.cohort = lesson.cohort WHERE evaluation.id = class_link.evaluation
    ) ELSE 1 END
"""
MOST = f'COALESCE(most, (SELECT enrolled FROM "class" WHERE "class".id = class_link.course_class) * {DAYS})'
THIS = "WHERE evaluation = {} AND course_class = {}"
ADD = f"UPDATE class_link SET taken = taken + {{}} {THIS} AND taken + {{}} <= {MOST} RETURNING id"
ROOM = f"SELECT {MOST} - taken AS room FROM class_link {THIS}"

Link = tuple[int, int]


class Start(Protocol):
    @property
    def evaluation(self) -> int: ...
    @property
    def course_class(self) -> int: ...
    @property
    def ticket(self) -> str | None: ...


async def beyond_limits(starts: Sequence[Start]) -> list[str]:
    """Count tickets that class links have just handed out; take those back for which a link has no room left.

    Runs inside the transaction of the tickets. Gives those that were taken back: of each link, the last that came.
    """
    by_link: dict[Link, list[str]] = defaultdict(list)
    for start in starts:
        assert start.ticket is not None
        by_link[start.evaluation, start.course_class].append(start.ticket)
    refused: list[str] = []
    for link in sorted(by_link):  # always in this order, so that two batches do not wait for each other in a ring
        refused += by_link[link][await _admitted(link, len(by_link[link])) :]
    if refused:
        await with_keys(Ticket, "DELETE FROM ticket WHERE digest IN :keys", refused)
    return refused


async def _admitted(link: Link, number: int) -> int:
    """How many of a number of new starts a link takes; they are counted."""
    if await _added(link, number):
        return number
    (row,) = await ClassLink.raw(ROOM + (" FOR UPDATE" if is_postgres(ClassLink) else ""), *link)
    room = min(row["room"], number)
    return room if room > 0 and await _added(link, room) else 0


async def _added(link: Link, number: int) -> bool:
    return bool(await ClassLink.raw(ADD, number, *link, number))
