"""When more want to start by a class link than it takes: in all, or all at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.types import ASGIApp

from survey.answering import autosave
from survey.answering.doors import Door
from survey.answering.keeping import kept_response
from survey.answering.reading import Sent
from survey.answering.sheets import busy_page
from survey.database.saving import Outcome, Save
from survey.database.tallies import class_tallies
from survey.problems import Problem, Refusal
from survey.tables import CourseClass
from survey.web.pages import page

REFILL_SECONDS = 600


class Bucket(msgspec.Struct):
    size: int
    left: float
    filled_at: float

    def refill(self, now: float) -> None:
        self.left = min(self.size, self.left + (now - self.filled_at) * self.size / REFILL_SECONDS)
        self.filled_at = now


class Throttle:
    """Starts by class link: as many at once as the class has enrolled, and as many again within ten minutes.

    Per class, never per address of the network: a whole class answers from one. Kept in memory; what must hold after a
    restart too is the limit of the class link itself, which the database keeps.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[int, int], Bucket] = {}

    async def takes(self, evaluation: int, course_class: int) -> bool:
        """Whether there is room for one more now; either way it is counted until `give_back`."""
        key, now = (evaluation, course_class), self._clock()
        if key not in self._buckets:
            enrolled = await _enrolled(course_class)
            self._buckets.setdefault(key, Bucket(enrolled, enrolled, now))
        bucket = self._buckets[key]
        bucket.refill(now)
        bucket.left -= 1
        return bucket.left >= 0

    def give_back(self, evaluation: int, course_class: int) -> None:
        if bucket := self._buckets.get((evaluation, course_class)):
            bucket.left += 1

    def settle(self, save: Save, outcome: Outcome | None) -> None:
        """What was no new start after all is given back: a phone that sends again must not use up its class's share."""
        if save.handed_out and outcome not in (Outcome.started, Outcome.class_full):
            self.give_back(save.evaluation, save.course_class)


async def crowded(
    request: Request[Any, Any, Any], door: Door, receipt: str, sent: Sent
) -> ASGIApp | Response[Any] | None:
    """The answer to a start that the class link cannot take now; none where it may go on, or is no start."""
    throttle: Throttle = request.app.state.throttle
    if not door.handed_out or await throttle.takes(door.evaluation.id, door.course_class):
        return None
    if await kept_response(receipt):
        return None
    throttle.give_back(door.evaluation.id, door.course_class)
    tally = (await class_tallies(door.evaluation.id))[door.course_class]
    return full_page(request, sent) if tally.taken >= tally.most else busy(request, sent)


def busy(request: Request[Any, Any, Any], sent: Sent) -> ASGIApp | Response[Any]:
    """Too many at once: the form's script tries again by itself, a person presses the button of a page."""
    return autosave.busy() if autosave.by_script(request) else busy_page(request, sent)


def full_page(request: Request[Any, Any, Any], sent: Sent) -> Response[Any]:
    """The class link has taken all its answers: says whom to ask, and carries these, so that one press sends them."""
    refusal = Refusal.class_full
    if autosave.by_script(request):
        raise Problem(refusal)
    return page(request, "class_full.html", status_code=refusal.status, refusal=refusal, fields=sent.carried())


async def _enrolled(course_class: int) -> int:
    row = await CourseClass.select(CourseClass.enrolled).where(CourseClass.id == course_class).first()
    assert row is not None
    return int(row["enrolled"])
