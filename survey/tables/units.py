"""Units of the organisation: as many levels as there are, each valid for a while."""

from __future__ import annotations

from piccolo.columns import JSON, Date, ForeignKey, OnDelete, Serial, Varchar
from piccolo.table import Table


class Unit(Table):
    id: Serial
    key = Varchar(length=60, unique=True)
    names = JSON()
    parent = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    # The district level ended on 1 July 2025: old cohorts keep their unit, new ones cannot choose it.
    valid_from = Date(null=True, default=None)
    valid_to = Date(null=True, default=None)
