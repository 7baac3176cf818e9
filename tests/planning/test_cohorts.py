"""Cohorts: classes and lessons of what is taught now."""

import datetime

import pytest

from survey.planning.cohorts import create_cohort
from survey.planning.programmes import Taught, create_programme, revise_module
from survey.refusals import Refused
from survey.tables import Cohort, CourseClass, Lecturer, Lesson, LessonLecturer, Programme
from tests.cast import saved
from tests.planning.outlines import MONDAY, cohort_of, department, module, programme_of, words

pytestmark = pytest.mark.anyio


async def programme_with(*modules):
    unit = await department()
    return await create_programme(programme_of(*modules), unit=unit.id)


async def test_a_cohort_is_taught_the_newest_versions_and_keeps_them(database):
    programme = await programme_with(module("01"), module("02"))
    first = await create_cohort(cohort_of("a"), programme=programme.id, unit=programme.unit)
    await revise_module(programme.id, "02", Taught(words("Mới")))
    second = await create_cohort(cohort_of("a", key="k2"), programme=programme.id, unit=programme.unit)

    async def taught(cohort):
        rows = await (
            Lesson.select(Lesson.key, Lesson.module_version.number.as_alias("number"))
            .where(Lesson.cohort == cohort.id)
            .order_by(Lesson.position)
        )
        return [(row["key"], row["number"]) for row in rows]

    assert await taught(first) == [("01", 1), ("02", 1)]
    assert await taught(second) == [("01", 1), ("02", 2)]
    assert (first.position, second.position) == (1, 2)


async def test_days_are_given_to_lessons_in_order_and_the_rest_have_none_yet(database):
    programme = await programme_with(module("01"), module("02"), module("03"))
    days = (MONDAY, MONDAY + datetime.timedelta(days=1))
    cohort = await create_cohort(cohort_of("a", days=days), programme=programme.id, unit=programme.unit)
    rows = await Lesson.select(Lesson.taught_on).order_by(Lesson.position)
    assert [row["taught_on"] for row in rows] == [*days, None]
    assert (cohort.starts_on, cohort.ends_on) == days


async def test_lecturers_are_those_of_the_module(database):
    programme = await programme_with(module("01"), module("02"))
    lecturer = await saved(Lecturer(name="Giảng viên mẫu", unit=programme.unit))
    outline = cohort_of("a", lecturers={"02": (lecturer.id,)})
    await create_cohort(outline, programme=programme.id, unit=programme.unit)
    rows = await LessonLecturer.select(LessonLecturer.lesson.key.as_alias("lesson"))
    assert [row["lesson"] for row in rows] == ["02"]


async def test_a_key_is_taken_once_in_a_programme(database):
    programme = await programme_with(module("01"))
    await create_cohort(cohort_of("a"), programme=programme.id, unit=programme.unit)
    with pytest.raises(Refused, match="has a cohort “k1” already"):
        await create_cohort(cohort_of("a"), programme=programme.id, unit=programme.unit)


async def test_a_class_that_stands_twice_leaves_nothing_behind(database):
    programme = await programme_with(module("01"))
    with pytest.raises(Refused, match="a class stands twice"):
        await create_cohort(cohort_of("a", "a"), programme=programme.id, unit=programme.unit)
    assert await Cohort.count() == await CourseClass.count() == 0


async def test_a_cohort_without_classes_is_refused(database):
    with pytest.raises(Refused, match="at least one class"):
        await create_cohort(cohort_of(), programme=1, unit=1)


async def test_a_programme_without_modules_has_no_cohort(database):
    unit = await department()
    programme = await saved(Programme(key="trong", names=words("Trống"), unit=unit.id))
    with pytest.raises(Refused, match="no modules yet"):
        await create_cohort(cohort_of("a"), programme=programme.id, unit=unit.id)
