"""Evaluations as the trainee's side needs them: read from the tables, kept in memory, refreshed every few seconds."""

from __future__ import annotations

import asyncio
import datetime
import itertools
import secrets
import time
from collections.abc import Iterator, Sequence
from typing import Any

import jinja2
import msgspec

from survey.answering.documents import EmptyForms
from survey.answering.reading import UsualFields, usual_fields
from survey.database.saving import Outcome, is_shut
from survey.forms.parts import Part, parts_of
from survey.forms.places import Place, places
from survey.forms.shape import Comment, Form, Offered
from survey.settings import Settings
from survey.tables import ClassLink, Cohort, CourseClass, Evaluation, Lesson, LessonLecturer, Purpose

# An evaluation that is closed on the command line is closed for everybody after this many seconds at the latest;
# the recorder asks the database itself, so that no answer slips in between.
FRESH_SECONDS = 5


class Course(msgspec.Struct, frozen=True):
    """What the trainee reads about the course before the first question."""

    programme: dict[str, str]
    cohort: dict[str, str]
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    enrolled: int
    # Titles and notes of modules revised since the last cohort: the loop closed where the next trainee sees it.
    revised: list[tuple[dict[str, str], str]]


class OpenEvaluation(msgspec.Struct, frozen=True):
    """An evaluation with its form laid over its lessons, or over a part of them."""

    id: int
    row: dict[str, Any]
    course: Course
    form: Form
    offered: Sequence[Offered]
    places: dict[str, Place]
    # Of the whole form: a sheet is taken apart before it is known of which part it is.
    usual: UsualFields
    empty_forms: EmptyForms
    read_at: float
    # Where picks choose among other lessons than those that are asked about.
    pickable: Sequence[Offered]
    # Whose turn it is in the rotation of the parts. It starts anywhere, lest the first part gain by every restart.
    turns: Iterator[int]
    # Key of the part that this is (none: the whole), and of the whole, its parts by key.
    part: str = ""
    parts: dict[str, OpenEvaluation] = {}

    @property
    def closes_at(self) -> datetime.datetime | None:
        moment: datetime.datetime | None = self.row["closes_at"]
        return moment

    @property
    def grace_minutes(self) -> int:
        minutes: int = self.row["grace_minutes"]
        return minutes

    @property
    def last_moment(self) -> datetime.datetime | None:
        """Until when started responses may be saved."""
        return self.closes_at and self.closes_at + datetime.timedelta(minutes=self.grace_minutes)

    @property
    def last_moment_ms(self) -> int | str:
        """The same as browsers count time; nothing where it stays open."""
        return int(self.last_moment.timestamp() * 1000) if self.last_moment else ""

    @property
    def first_step(self) -> str:
        """Address within the page of the first question."""
        section = self.form.sections[0]
        return f"s-{section.key}" if section.per == "course" or not self.offered else f"m{self.offered[0].key}"

    @property
    def daily(self) -> bool:
        """Whether it is asked day by day (and the days of the lessons are known)."""
        return self.row["purpose"] == Purpose.daily and bool(self.part or self.parts)

    def dealt(self) -> OpenEvaluation:
        """The next part of the rotation."""
        parts = list(self.parts.values())
        return parts[next(self.turns) % len(parts)]

    def shut(self) -> tuple[Outcome, bool] | None:
        return is_shut(self.row, datetime.datetime.now(datetime.UTC))

    def with_parts(self) -> OpenEvaluation:
        daily = self.row["purpose"] == Purpose.daily
        parts = parts_of(self.offered, daily=daily, share=self.row["share"], evaluation=self.id)
        return msgspec.structs.replace(self, parts={key: self._laid_over(part) for key, part in parts.items()})

    def _laid_over(self, part: Part) -> OpenEvaluation:
        return msgspec.structs.replace(
            self,
            part=part.key,
            offered=part.asked,
            pickable=part.pickable,
            places=places(self.form, part.asked, part.pickable),
        )

    def comment_places(self) -> list[str]:
        return [name for name, place in self.places.items() if isinstance(place.item, Comment)]


class OpenEvaluations:
    """The evaluations of this process by id, each with its rendered form."""

    def __init__(self, settings: Settings, environment: jinja2.Environment) -> None:
        self._settings, self._environment = settings, environment
        self._known: dict[int, OpenEvaluation] = {}
        self._links: dict[str, tuple[int, int]] = {}
        self._locks: dict[int, asyncio.Lock] = {}

    async def by_code(self, code: str) -> tuple[OpenEvaluation, int] | None:
        """The evaluation and the class behind a class link's code, or none."""
        code = code.upper()
        if not code.isprintable():
            return None  # PostgreSQL refuses to look for a NUL
        link = self._links.get(code)
        if link is None:
            row = (
                await ClassLink.select(ClassLink.evaluation, ClassLink.course_class)
                .where(ClassLink.code == code)
                .first()
            )
            if row is None:
                return None
            link = self._links[code] = row["evaluation"], row["course_class"]
        return await self.by_id(link[0]), link[1]

    async def by_id(self, evaluation: int) -> OpenEvaluation:
        known = self._known.get(evaluation)
        if known is not None and time.monotonic() - known.read_at < FRESH_SECONDS:
            return known
        lock = self._locks.setdefault(evaluation, asyncio.Lock())
        if known is not None and lock.locked():
            return known  # somebody is reading it anew already
        async with lock:
            known = self._known.get(evaluation)
            if known is None or time.monotonic() - known.read_at >= FRESH_SECONDS:
                self._known[evaluation] = await self._read(evaluation, known)
            return self._known[evaluation]

    async def _read(self, evaluation: int, known: OpenEvaluation | None) -> OpenEvaluation:
        row = await (
            Evaluation.select(
                Evaluation.id,
                Evaluation.state,
                Evaluation.opens_at,
                Evaluation.closes_at,
                Evaluation.grace_minutes,
                Evaluation.purpose,
                Evaluation.share,
                Evaluation.cohort,
                Evaluation.questionnaire.definition,
            )
            .where(Evaluation.id == evaluation)
            .first()
        )
        assert row is not None
        form = msgspec.json.decode(row.pop("questionnaire.definition"), type=Form)
        offered = await offered_modules(row["cohort"])
        course = await _course(row["cohort"])
        if known and (known.row, known.course, known.form, known.offered) == (row, course, form, offered):
            return msgspec.structs.replace(known, read_at=time.monotonic())
        asked = places(form, offered)
        return OpenEvaluation(
            id=row["id"],
            row=row,
            course=course,
            form=form,
            offered=offered,
            places=asked,
            usual=usual_fields(asked),
            empty_forms=EmptyForms(self._environment),
            read_at=time.monotonic(),
            pickable=offered,
            turns=known.turns if known else itertools.count(secrets.randbelow(10**6)),
        ).with_parts()


async def offered_modules(cohort: int) -> list[Offered]:
    """What a cohort was taught, in the order of its lessons."""
    version = Lesson.module_version
    lessons = await (
        Lesson.select(
            Lesson.id,
            Lesson.key,
            Lesson.taught_on,
            version.titles.as_alias("titles"),
            version.module.key.as_alias("module"),
            version.module.component.key.as_alias("component"),
        )
        .where(Lesson.cohort == cohort)
        .order_by(Lesson.position, Lesson.id)
        .output(load_json=True)
    )
    lecturers = await _lecturers([lesson["id"] for lesson in lessons])
    days = {
        day: number for number, day in enumerate(sorted({row["taught_on"] for row in lessons if row["taught_on"]}), 1)
    }
    return [
        Offered(
            key=lesson["key"],
            module=lesson["module"],
            component=lesson["component"],
            titles=lesson["titles"],
            day=days.get(lesson["taught_on"]),
            taught_on=lesson["taught_on"],
            lecturers=tuple(lecturers.get(lesson["id"], ())),
        )
        for lesson in lessons
    ]


async def _lecturers(lessons: Sequence[int]) -> dict[int, list[str]]:
    if not lessons:
        return {}
    names: dict[int, list[str]] = {}
    rows = await (
        LessonLecturer.select(LessonLecturer.lesson, LessonLecturer.lecturer.name.as_alias("name"))
        .where(LessonLecturer.lesson.is_in(list(lessons)))
        .order_by(LessonLecturer.id)
    )
    for row in rows:
        names.setdefault(row["lesson"], []).append(row["name"])
    return names


async def _course(cohort: int) -> Course:
    row = await (
        Cohort.select(
            Cohort.programme,
            Cohort.position,
            Cohort.names,
            Cohort.starts_on,
            Cohort.ends_on,
            Cohort.programme.names.as_alias("programme_names"),
        )
        .where(Cohort.id == cohort)
        .first()
        .output(load_json=True)
    )
    assert row is not None
    classes = await CourseClass.select(CourseClass.enrolled).where(CourseClass.cohort == cohort)
    return Course(
        programme=row["programme_names"],
        cohort=row["names"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        enrolled=sum(one["enrolled"] for one in classes),
        revised=await _revised_since_last(row["programme"], row["position"], cohort),
    )


async def _revised_since_last(programme: int, position: int, cohort: int) -> list[tuple[dict[str, str], str]]:
    """Title and content note of every module that is taught in a newer version than to the cohort before."""
    before = (
        await Cohort.select(Cohort.id)
        .where(Cohort.programme == programme, Cohort.position < position)
        .order_by(Cohort.position, ascending=False)
        .first()
    )
    if before is None:
        return []
    version = Lesson.module_version
    taught = {
        row["module"]: row["number"]
        for row in await Lesson.select(version.module.as_alias("module"), version.number.as_alias("number")).where(
            Lesson.cohort == before["id"]
        )
    }
    now = await (
        Lesson.select(
            version.module.as_alias("module"),
            version.number.as_alias("number"),
            version.titles.as_alias("titles"),
            version.content_note.as_alias("note"),
        )
        .where(Lesson.cohort == cohort)
        .order_by(Lesson.position)
        .output(load_json=True)
    )
    return [(row["titles"], row["note"]) for row in now if row["number"] > taught.get(row["module"], row["number"])]
