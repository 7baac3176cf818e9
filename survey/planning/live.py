"""The live count of a class for those who watch: one reader of the database for all of them.

It tells the count and nothing else; that somebody has just answered, whoever is in the room can see anyway
(docs/anonymity.md).
"""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import AsyncIterator
from contextlib import suppress

from survey.database.reading import one_moment
from survey.database.saving import Outcome, is_shut
from survey.database.tallies import class_tallies
from survey.tables import Evaluation

SECONDS_BETWEEN_READS = 2.0
# A viewer who has gone without a word is noticed when this cannot be delivered.
SECONDS_BETWEEN_HEARTBEATS = 15.0
HEARTBEAT = ": still here\n\n"
OVER = "event: over\ndata:\n\n"

Link = tuple[int, int]


class _Watched:
    """A class that is being watched: its last count, and whoever waits for the next."""

    def __init__(self, link: Link) -> None:
        self.count: int | None = None
        self.over = False
        self.viewers = 0
        self.changed = asyncio.Event()
        self.enough = asyncio.Event()
        self.reader = asyncio.create_task(self._read(*link))

    async def _read(self, evaluation: int, course_class: int) -> None:
        """Never cancelled: a read that is cut off would leave its connection behind, and a thread."""
        try:
            while not (self.over or self.enough.is_set()):
                count, self.over = await _count(evaluation, course_class)
                if count != self.count or self.over:
                    self.count = count
                    self._tell()
                if not self.over:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self.enough.wait(), SECONDS_BETWEEN_READS)
        finally:
            self._tell()

    def _tell(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class LiveCounts:
    """The counts that are being watched in this process."""

    def __init__(self) -> None:
        self._watched: dict[Link, _Watched] = {}
        self._readers: set[asyncio.Task[None]] = set()
        self._stopped = False

    async def watch(self, evaluation: int, course_class: int) -> AsyncIterator[str]:
        """The count as events, now and whenever it changes, until the evaluation closes or the service stops."""
        link = evaluation, course_class
        watched = self._watched.get(link)
        if watched is None or watched.reader.done():
            watched = self._watched[link] = _Watched(link)
            self._readers.add(watched.reader)
            watched.reader.add_done_callback(self._readers.discard)
        watched.viewers += 1
        try:
            said = None
            while not self._stopped:
                changed = watched.changed
                if watched.count != said:
                    said = watched.count
                    yield f"data: {said}\n\n"
                if watched.over:
                    yield OVER
                    return
                if watched.reader.done():
                    watched.reader.result()  # our own mistake, or a database that is gone: said where all mistakes are
                    return
                try:
                    await asyncio.wait_for(changed.wait(), SECONDS_BETWEEN_HEARTBEATS)
                except TimeoutError:
                    yield HEARTBEAT
        finally:
            watched.viewers -= 1
            if not watched.viewers:
                watched.enough.set()
                if self._watched.get(link) is watched:
                    del self._watched[link]

    async def now(self, evaluation: int, course_class: int) -> int:
        """The count, read for nobody anew while it is being watched."""
        watched = self._watched.get((evaluation, course_class))
        if watched and watched.count is not None:
            return watched.count
        return (await _count(evaluation, course_class))[0]

    def stop(self) -> None:
        """Ends every stream: a service that stops does not wait for those who only watch."""
        self._stopped = True
        for watched in self._watched.values():
            watched.enough.set()

    async def close(self) -> None:
        """Stops, and waits until nothing is being read any more: the database may be left then."""
        self.stop()
        await asyncio.gather(*self._readers, return_exceptions=True)


async def _count(evaluation: int, course_class: int) -> tuple[int, bool]:
    """How many of a class have answered, and whether nobody else can any more."""
    async with one_moment():
        row = (
            await Evaluation.select(
                Evaluation.state, Evaluation.opens_at, Evaluation.closes_at, Evaluation.grace_minutes
            )
            .where(Evaluation.id == evaluation)
            .first()
        )
        tallies = await class_tallies(evaluation)
    assert row is not None
    shut = is_shut(row, datetime.datetime.now(datetime.UTC))
    return tallies[course_class].answers, shut is not None and shut[0] is Outcome.closed
