"""Programmes, components, modules and their versions: made whole or refused in words."""

import datetime

import pytest

from survey.planning.programmes import ComponentOutline, ProgrammeOutline, Taught, create_programme, revise_module
from survey.refusals import Refused
from survey.tables import Component, Module, ModuleVersion, Programme
from tests.planning.outlines import department, module, programme_of, words

pytestmark = pytest.mark.anyio


async def test_modules_keep_their_order_and_their_component(database):
    unit = await department()
    outline = ProgrammeOutline(
        "p",
        words("P"),
        (
            ComponentOutline("A", words("A"), (module("02"), module("01"))),
            ComponentOutline("B", words("B"), (module("03"),)),
        ),
    )
    programme = await create_programme(outline, unit=unit.id)
    rows = (
        await Module.select(Module.key, Module.component.key.as_alias("component"))
        .where(Module.programme == programme.id)
        .order_by(Module.position)
    )
    assert [(row["key"], row["component"]) for row in rows] == [("02", "A"), ("01", "A"), ("03", "B")]


@pytest.mark.parametrize("number", [1, 9, 18, 32])
async def test_any_number_of_modules_makes_a_programme(database, number):
    unit = await department()
    modules = [module(f"{key:02}") for key in range(number)]
    programme = await create_programme(programme_of(*modules), unit=unit.id)
    assert await Module.count().where(Module.programme == programme.id) == number
    assert await ModuleVersion.count().where(ModuleVersion.number == 1) == number


async def test_a_key_is_taken_once(database):
    unit = await department()
    await create_programme(programme_of(module("01")), unit=unit.id)
    with pytest.raises(Refused, match="There is a programme “lanh-dao” already"):
        await create_programme(programme_of(module("01")), unit=unit.id)


async def test_a_module_that_stands_twice_leaves_nothing_behind(database):
    unit = await department()
    with pytest.raises(Refused, match="stands twice"):
        await create_programme(programme_of(module("01"), module("01")), unit=unit.id)
    assert await Programme.count() == await Component.count() == await Module.count() == 0


async def test_a_programme_without_modules_is_refused(database):
    with pytest.raises(Refused, match="at least one module"):
        await create_programme(programme_of(), unit=1)


async def test_a_revision_is_the_next_version_and_the_first_stays(database):
    unit = await department()
    programme = await create_programme(programme_of(module("01", "Cũ")), unit=unit.id)
    approved = datetime.date(2026, 5, 4)
    version = await revise_module(programme.id, "01", Taught(words("Mới"), "thêm tình huống", "Chủ tịch", approved))
    kept = await ModuleVersion.select().order_by(ModuleVersion.number).output(load_json=True)
    assert version.number == 2
    assert [(one["number"], one["titles"]["vi"], one["approved_on"]) for one in kept] == [
        (1, "Cũ", None),
        (2, "Mới", approved),
    ]


async def test_an_unknown_module_cannot_be_revised(database):
    unit = await department()
    programme = await create_programme(programme_of(module("01")), unit=unit.id)
    with pytest.raises(Refused, match="no such module"):
        await revise_module(programme.id, "99", Taught(words("Mới")))
