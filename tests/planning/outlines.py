"""A small programme and a cohort of it, as somebody types them in."""

from __future__ import annotations

import datetime

from survey.planning.cohorts import ClassOutline, CohortOutline, create_cohort
from survey.planning.programmes import ComponentOutline, ModuleOutline, ProgrammeOutline, Taught, create_programme
from survey.tables import Unit
from tests.cast import saved

MONDAY = datetime.date(2026, 3, 2)


def words(text):
    return {"vi": text, "en": text}


def module(key, title="Chuyên đề"):
    return ModuleOutline(key, Taught(words(title), approver="Chủ tịch UBND thành phố"))


def programme_of(*modules, key="lanh-dao"):
    """The modules in one component."""
    return ProgrammeOutline(key, words("Chương trình"), (ComponentOutline("1", words("Kiến thức"), modules),))


def cohort_of(*classes, key="k1", **more):
    return CohortOutline(key, words("Khóa 1"), tuple(ClassOutline(one, words(one), 45) for one in classes), **more)


async def department():
    return await saved(Unit(key="so-noi-vu", names=words("Sở Nội vụ")))


async def planned_cohort():
    """A cohort of two classes that is taught two modules."""
    unit = await department()
    programme = await create_programme(programme_of(module("01"), module("02")), unit=unit.id)
    return await create_cohort(cohort_of("a", "b"), programme=programme.id, unit=unit.id)
