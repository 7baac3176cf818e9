"""Cohorts: one run of a programme, with its classes and the lessons that it is taught."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

import msgspec
from piccolo.query.functions import Max

from survey.forms.shape import Words
from survey.refusals import Refused, refused_if_there
from survey.tables import Cohort, CourseClass, Lesson, LessonLecturer, ModuleVersion


class ClassOutline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    names: Words
    enrolled: int


class CohortOutline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`days` are the teaching days in order, one a module; a module beyond them has no date yet."""

    key: str
    names: Words
    classes: tuple[ClassOutline, ...]
    days: tuple[datetime.date, ...] = ()
    # Key of a module -> ids of those who teach it.
    lecturers: Mapping[str, tuple[int, ...]] = {}


NO_CLASS = "A cohort needs at least one class."
NOBODY_ENROLLED = "Class “{key}” needs at least one trainee; without their number no response rate can be told."
CLASS_TWICE = "In cohort “{key}” a class stands twice. Give each its own key."
COHORT_EXISTS = "This programme has a cohort “{key}” already. Choose another key."
NOTHING_TAUGHT = "This programme has no modules yet. Add them before its first cohort."


async def create_cohort(outline: CohortOutline, *, programme: int, unit: int) -> Cohort:
    """The next cohort of a programme, with classes and one lesson for each module as it is taught now.

    Raises:
        Refused: no class or nobody in one, a key that is taken, a programme without modules.
    """
    _check(outline)
    async with Cohort._meta.db.transaction():
        cohort = await _save_cohort(outline, programme, unit)
        with refused_if_there(CLASS_TWICE, key=outline.key):
            await CourseClass.insert(
                *(CourseClass(cohort=cohort.id, **msgspec.structs.asdict(one)) for one in outline.classes)
            )
        lessons = await _save_lessons(outline, cohort)
        await _assign(lessons, outline.lecturers)
    return cohort


def _check(outline: CohortOutline) -> None:
    if not outline.classes:
        raise Refused(NO_CLASS)
    for one in outline.classes:
        if one.enrolled < 1:
            raise Refused(NOBODY_ENROLLED, key=one.key)


async def _save_cohort(outline: CohortOutline, programme: int, unit: int) -> Cohort:
    last = await Cohort.select(Max(Cohort.position)).where(Cohort.programme == programme).first()
    cohort = Cohort(
        programme=programme,
        unit=unit,
        key=outline.key,
        position=(last["max"] or 0) + 1,
        names=outline.names,
        starts_on=min(outline.days, default=None),
        ends_on=max(outline.days, default=None),
    )
    with refused_if_there(COHORT_EXISTS, key=outline.key):
        await cohort.save()
    return cohort


async def current_versions(programme: int) -> list[dict[str, object]]:
    """`module` (key), `position` and `version` (id) of what is taught now, in the order of teaching."""
    rows = (
        await ModuleVersion.select(
            ModuleVersion.id.as_alias("version"),
            ModuleVersion.module.key.as_alias("module"),
            ModuleVersion.module.position.as_alias("position"),
        )
        .where(ModuleVersion.module.programme == programme)
        .order_by(ModuleVersion.number)
    )
    newest = {row["module"]: row for row in rows}  # ordered by number: the last one stays
    return sorted(newest.values(), key=lambda row: row["position"])


async def _save_lessons(outline: CohortOutline, cohort: Cohort) -> list[Lesson]:
    taught = await current_versions(cohort.programme)
    if not taught:
        raise Refused(NOTHING_TAUGHT)
    days: list[datetime.date | None] = [*outline.days[: len(taught)], *[None] * (len(taught) - len(outline.days))]
    lessons = [
        Lesson(cohort=cohort.id, module_version=one["version"], key=one["module"], position=position, taught_on=day)
        for position, (one, day) in enumerate(zip(taught, days, strict=True), 1)
    ]
    await Lesson.insert(*lessons).returning(Lesson.id)
    return lessons


async def _assign(lessons: Iterable[Lesson], lecturers: Mapping[str, tuple[int, ...]]) -> None:
    pairs = [
        LessonLecturer(lesson=lesson.id, lecturer=lecturer)
        for lesson in lessons
        for lecturer in lecturers.get(lesson.key, ())
    ]
    if pairs:
        await LessonLecturer.insert(*pairs)
