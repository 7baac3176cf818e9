"""Programme, component, module and what was taught under a module for a while."""

from __future__ import annotations

from piccolo.columns import JSON, Date, ForeignKey, Integer, OnDelete, Serial, Text, Varchar
from piccolo.constraints import Unique
from piccolo.table import Table

from survey.tables.units import Unit


class Programme(Table):
    id: Serial
    key = Varchar(length=60, unique=True)
    names = JSON()
    unit = ForeignKey(Unit, null=False, on_delete=OnDelete.restrict)


class Component(Table):
    id: Serial
    programme = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=20)
    position = Integer()
    names = JSON()

    unique_key = Unique([programme, key])


class Module(Table):
    """Keeps its identity for ever; what is taught under it are its versions."""

    id: Serial
    programme = ForeignKey(Programme, null=False, on_delete=OnDelete.restrict)
    component = ForeignKey(Component, null=False, on_delete=OnDelete.restrict)
    key = Varchar(length=20)
    position = Integer()

    unique_key = Unique([programme, key])


class ModuleVersion(Table, tablename="module_version"):
    id: Serial
    module = ForeignKey(Module, null=False, on_delete=OnDelete.restrict)
    number = Integer()
    titles = JSON()
    content_note = Text()
    approver = Varchar(length=200)
    approved_on = Date(null=True, default=None)

    unique_number = Unique([module, number])
