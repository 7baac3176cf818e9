"""Responses as one wide frame: a row per response, a small-integer column per place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from analytics import NOT_OFFERED
from survey.forms.parts import PART, Part, unoffered, unpickable
from survey.forms.places import Place, column
from survey.forms.shape import Form, Pick, Rating

PICKED = 1


def wide_schema(places: Mapping[str, Place]) -> dict[str, pl.DataType]:
    """Name and type of every column: steps of rated places (null = blank), and for each pick and module 1 or null."""
    names = [name for name, place in places.items() if place.top]
    for name, keys in _picks(places):
        names += [column(name, key) for key in keys]
    return dict.fromkeys(names, pl.Int8())


def wide_row(document: Mapping[str, Any]) -> dict[str, int]:
    """A stored document as a row: its ratings as they are, its picks spread over their columns."""
    row: dict[str, int] = {}
    for name, value in document.items():
        if name == PART:
            continue
        if isinstance(value, list):
            row |= {column(name, key): PICKED for key in value}
        else:
            row[name] = value
    return row


def not_offered(places: Mapping[str, Place], part: Part | None) -> dict[str, int]:
    """What stands in a row where its sheet asked nothing, to be laid under its answers: neither blank nor absent.

    No column says which part a row is: it could be read from the answers anyhow, and is nobody's business.
    """
    names = [name for name in unoffered(places, part) if places[name].top]
    names += [column(name, key) for name, keys in _picks(places) for key in unpickable(keys, part)]
    return dict.fromkeys(names, NOT_OFFERED)


def count_places(places: Mapping[str, Place]) -> pl.DataFrame:
    """What each column holds, as `analytics.count_wide` asks: column, component, module, item, steps."""
    offered = {place.offered.key: place.offered for place in places.values() if place.offered}
    rows = [
        (name, *((one.component, one.module) if (one := place.offered) else ("", "")), place.item.key, place.top)
        for name, place in places.items()
        if place.top
    ]
    for name, keys in _picks(places):
        rows += [(column(name, key), offered[key].component, offered[key].module, name, PICKED) for key in keys]
    schema = {"column": pl.String, "component": pl.String, "module": pl.String, "item": pl.String, "steps": pl.Int16}
    return pl.DataFrame(rows, schema=schema, orient="row")


def is_invalid(form: Form, places: Mapping[str, Place]) -> pl.Expr:
    """Whether a response leaves more of the ratings that it was asked for blank than the form's policy allows; never,
    without a policy.

    "Did not attend" is an answer. Source: Thông tư 10/2017/TT-BNV, the rule of the 5 %.
    """
    ratings = [name for name, place in places.items() if isinstance(place.item, Rating)]
    if form.policy is None or form.policy.blank_limit is None or not ratings:
        return pl.lit(False)
    blank = pl.sum_horizontal(pl.col(name).is_null() for name in ratings)
    asked = pl.sum_horizontal(pl.col(name).is_null() | (pl.col(name) != NOT_OFFERED) for name in ratings)
    return blank > form.policy.blank_limit * asked


def _picks(places: Mapping[str, Place]) -> list[tuple[str, list[str]]]:
    """Every pick with the keys of the modules among which it chooses."""
    keys = list(dict.fromkeys(place.offered.key for place in places.values() if place.offered))
    return [(name, keys) for name, place in places.items() if isinstance(place.item, Pick)]
