"""The evaluations as administrators see them: what was planned, how it stands, how many have answered."""

from __future__ import annotations

import datetime
from collections import defaultdict

import msgspec

from survey.database.reading import one_moment
from survey.database.tallies import ClassTally, class_tallies
from survey.forms.shape import Words
from survey.planning.slips import Lot, lots_of
from survey.tables import ClassLink, Evaluation, SealedRatings, State, Trainee


class PlannedClass(msgspec.Struct, frozen=True):
    """A class with its link. `tally` is None once the evaluation is sealed: nothing is told by class any more."""

    id: int
    key: str
    names: Words
    enrolled: int
    code: str
    roster: int
    tally: ClassTally | None
    lots: list[Lot]

    @property
    def tells_taken(self) -> bool:
        """Whether it may be told how many came by the link. All answers less those came by slips: beside a lot below
        the smallest group that would tell how many of it were used (tests/planning/test_evaluation_pages.py)."""
        return all(lot.used is not None for lot in self.lots)


class Planned(msgspec.Struct, frozen=True):
    id: int
    programme: Words
    cohort: Words
    purpose: str
    state: str
    opens_at: datetime.datetime | None
    closes_at: datetime.datetime | None
    grace_minutes: int
    classes: list[PlannedClass]
    answers: int

    @property
    def enrolled(self) -> int:
        return sum(one.enrolled for one in self.classes)


async def planned_evaluations() -> list[Planned]:
    """Every evaluation, newest first."""
    async with one_moment():
        ids = await Evaluation.select(Evaluation.id).order_by(Evaluation.id, ascending=False).output(as_list=True)
        return [one for number in ids if (one := await _planned(number, lots=False))]


async def planned_evaluation(evaluation: int) -> Planned | None:
    """One evaluation with the lots of its classes, or none."""
    async with one_moment():
        return await _planned(evaluation, lots=True)


async def _planned(evaluation: int, *, lots: bool) -> Planned | None:
    cohort = Evaluation.cohort
    row = (
        await Evaluation.select(
            Evaluation.id,
            Evaluation.purpose,
            Evaluation.state,
            Evaluation.opens_at,
            Evaluation.closes_at,
            Evaluation.grace_minutes,
            cohort.names.as_alias("cohort"),
            cohort.programme.names.as_alias("programme"),
        )
        .where(Evaluation.id == evaluation)
        .first()
        .output(load_json=True)
    )
    if row is None:
        return None
    tallies = await class_tallies(evaluation) if row["state"] != State.sealed else {}
    lots_by_class: dict[int, list[Lot]] = defaultdict(list)
    for lot in await lots_of(evaluation) if lots else []:
        lots_by_class[lot.course_class].append(lot)
    classes = [await _planned_class(one, tallies, lots_by_class) for one in await _links(evaluation)]
    answers = sum(one.answers for one in tallies.values()) if tallies else await _sealed_answers(evaluation)
    return Planned(classes=classes, answers=answers, **row)


async def _links(evaluation: int) -> list[dict]:
    of_class = ClassLink.course_class
    return (
        await ClassLink.select(
            of_class.id.as_alias("id"),
            of_class.key.as_alias("key"),
            of_class.names.as_alias("names"),
            of_class.enrolled.as_alias("enrolled"),
            ClassLink.code,
        )
        .where(ClassLink.evaluation == evaluation)
        .order_by(ClassLink.id)
        .output(load_json=True)
    )


async def _planned_class(row: dict, tallies: dict[int, ClassTally], lots: dict[int, list[Lot]]) -> PlannedClass:
    roster = await Trainee.count().where(Trainee.course_class == row["id"])
    return PlannedClass(roster=roster, tally=tallies.get(row["id"]), lots=lots[row["id"]], **row)


async def _sealed_answers(evaluation: int) -> int:
    row = await SealedRatings.select(SealedRatings.responses).where(SealedRatings.evaluation == evaluation).first()
    return int(row["responses"]) if row else 0
