"""Programmes and what is taught in them: components, modules, and the versions of a module."""

from __future__ import annotations

import datetime

import msgspec
from piccolo.query.functions import Max

from survey.forms.shape import Words
from survey.refusals import Refused, refused_if_there
from survey.tables import Component, Module, ModuleVersion, Programme


class Taught(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is taught under a module for a while, and who approved it."""

    titles: Words
    content_note: str = ""
    approver: str = ""
    approved_on: datetime.date | None = None


class ModuleOutline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    taught: Taught


class ComponentOutline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    names: Words
    modules: tuple[ModuleOutline, ...]


class ProgrammeOutline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Components and modules stand in the order in which they are taught."""

    key: str
    names: Words
    components: tuple[ComponentOutline, ...]


PROGRAMME_EXISTS = "There is a programme “{key}” already. Choose another key."
NO_MODULES = "A programme needs at least one module."
KEY_TWICE = "In programme “{key}” a component or a module stands twice. Give each its own key."
VERSION_EXISTS = "Somebody else made a version of this module at the same time. Look at it, then try again."
UNKNOWN_MODULE = "There is no such module in this programme."


async def create_programme(outline: ProgrammeOutline, *, unit: int) -> Programme:
    """A programme with its components, its modules and their first versions, all or nothing.

    Raises:
        Refused: the key is taken, a component or module stands twice, or there is nothing to teach.
    """
    if not any(component.modules for component in outline.components):
        raise Refused(NO_MODULES)
    async with Programme._meta.db.transaction():
        programme = Programme(key=outline.key, names=outline.names, unit=unit)
        with refused_if_there(PROGRAMME_EXISTS, key=outline.key):
            await programme.save()
        with refused_if_there(KEY_TWICE, key=outline.key):
            await _fill(programme, outline)
    return programme


async def _fill(programme: Programme, outline: ProgrammeOutline) -> None:
    components = [
        Component(programme=programme.id, key=component.key, position=position, names=component.names)
        for position, component in enumerate(outline.components, 1)
    ]
    await Component.insert(*components).returning(Component.id)
    planned = [
        (component, module)
        for component, written in zip(components, outline.components, strict=True)
        for module in written.modules
    ]
    modules = [
        Module(programme=programme.id, component=component.id, key=module.key, position=position)
        for position, (component, module) in enumerate(planned, 1)
    ]
    await Module.insert(*modules).returning(Module.id)
    await ModuleVersion.insert(
        *(_version(row, 1, module.taught) for row, (_, module) in zip(modules, planned, strict=True))
    )


def _version(module: Module, number: int, taught: Taught) -> ModuleVersion:
    return ModuleVersion(module=module.id, number=number, **msgspec.structs.asdict(taught))


async def revise_module(programme: int, key: str, taught: Taught) -> ModuleVersion:
    """The next version of a module. Cohorts that exist keep the version they were taught.

    Raises:
        Refused: no such module, or somebody else made the same version first.
    """
    async with ModuleVersion._meta.db.transaction():
        module = await Module.objects().get((Module.programme == programme) & (Module.key == key))
        if module is None:
            raise Refused(UNKNOWN_MODULE)
        newest = await ModuleVersion.select(Max(ModuleVersion.number)).where(ModuleVersion.module == module.id).first()
        version = _version(module, newest["max"] + 1, taught)
        with refused_if_there(VERSION_EXISTS):
            await version.save()
    return version
