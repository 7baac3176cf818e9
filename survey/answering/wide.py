"""Responses as one wide frame: a row per response, a small-integer column per place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import msgspec
import numpy as np
import polars as pl
from msgspec.structs import astuple

from analytics import BLANK, NOT_OFFERED
from survey.forms.parts import PART, Part, unoffered, unpickable
from survey.forms.places import Place, column
from survey.forms.shape import Form, Pick, Rating

PICKED = 1

PORTION = 5_000
"""So many documents are Python objects at the same time."""
NOTHING = 255
"""The byte of a place that a document does not mention: as a small signed integer it is `BLANK`."""


def wide_schema(places: Mapping[str, Place]) -> dict[str, pl.DataType]:
    """Name and type of every column: steps of rated places or `BLANK`, and for each pick and module 1 or `BLANK`."""
    names = [name for name, place in places.items() if place.top]
    for name, keys in _picks(places):
        names += [column(name, key) for key in keys]
    return dict.fromkeys(names, pl.Int8())


def wide_frame(
    documents: Iterable[bytes | str], places: Mapping[str, Place], silent: Callable[[str | None], Mapping[str, int]]
) -> pl.DataFrame:
    """Stored documents as rows, in their order: ratings as they are, picks spread over their columns, else `BLANK`.

    No nulls: columns without them are counted in half the time (benchmarks/counting.py).

    `silent` gives, for the part that a sheet names (None: it names none), what stands in the columns that it did not
    ask about. What a document says of a place that there is no more is left out. The documents are read in portions, so
    that few of them are Python objects at a time; a column is one byte a row.
    """
    schema = wide_schema(places)
    reader = _Reader(places)
    portions = [_as_frame(reader, portion, schema, silent) for portion in _portions(documents)]
    return pl.concat(portions) if portions else pl.DataFrame(schema=schema)


def is_answered(places: Mapping[str, Place]) -> pl.Expr:
    """Whether a response holds any rating or pick."""
    names = list(wide_schema(places))
    return pl.any_horizontal(pl.col(name) >= 0 for name in names) if names else pl.lit(False)


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
    blank = pl.sum_horizontal(pl.col(name) == BLANK for name in ratings)
    asked = pl.sum_horizontal(pl.col(name) != NOT_OFFERED for name in ratings)
    return blank > form.policy.blank_limit * asked


class _Reader:
    """Documents of one form to rows of bytes.

    The type that msgspec decodes is made for the form, a field per place, so that neither dictionaries nor names are
    made for each document. Measured against dictionaries (msgspec, orjson) and against whole columns (Polars' and
    pyarrow's own readers of lines of JSON) in benchmarks/counting.py.
    """

    def __init__(self, places: Mapping[str, Place]) -> None:
        rated = [name for name, place in places.items() if place.top]
        picks = _picks(places)
        fields = [(f"rating_{number}", int, NOTHING) for number in range(len(rated))]
        fields += [(f"pick_{number}", tuple[str, ...], ()) for number in range(len(picks))]
        names = dict(zip((field for field, *_ in fields), [*rated, *(name for name, _ in picks)], strict=True))
        sheet = msgspec.defstruct("Sheet", [*fields, (PART, str | None, None)], rename=names, gc=False)
        self.ratings = len(rated)
        self.decode = msgspec.json.Decoder(sheet).decode
        columns = {name: place for place, name in enumerate(wide_schema(places))}
        self.spots = [{key: columns[column(name, key)] for key in keys} for name, keys in picks]

    def read(self, documents: Iterable[bytes | str]) -> tuple[np.ndarray, list[str | None]]:
        """A row of small integers for each document, `BLANK` where it says nothing, and the part that it names."""
        sheets = [astuple(self.decode(document)) for document in documents]
        rated = np.frombuffer(b"".join([bytes(sheet[: self.ratings]) for sheet in sheets]), np.int8)
        width = self.ratings + sum(len(spots) for spots in self.spots)
        rows = np.full((len(sheets), width), BLANK, np.int8, order="F")
        rows[:, : self.ratings] = rated.reshape(len(sheets), self.ratings)
        for pick, spots in enumerate(self.spots, start=self.ratings):
            picked = [(row, spots[key]) for row, sheet in enumerate(sheets) for key in sheet[pick] if key in spots]
            rows[tuple(np.array(picked, np.intp).reshape(-1, 2).T)] = PICKED
        return rows, [sheet[-1] for sheet in sheets]


def _as_frame(
    reader: _Reader,
    documents: Iterable[bytes | str],
    schema: Mapping[str, pl.DataType],
    silent: Callable[[str | None], Mapping[str, int]],
) -> pl.DataFrame:
    rows, parts = reader.read(documents)
    for part in set(parts):
        unasked = [number for number, name in enumerate(schema) if name in silent(part)]
        if unasked:
            spot = np.ix_([other == part for other in parts], unasked)
            # Laid under the answers: what somebody said of what was not offered is kept.
            rows[spot] = np.where(rows[spot] == BLANK, NOT_OFFERED, rows[spot])
    return pl.from_numpy(rows, schema=schema, orient="row")


def _portions(documents: Iterable[bytes | str]) -> Iterator[list[bytes | str]]:
    remaining = iter(documents)
    while portion := list(islice(remaining, PORTION)):
        yield portion


def _picks(places: Mapping[str, Place]) -> list[tuple[str, list[str]]]:
    """Every pick with the keys of the modules among which it chooses."""
    keys = list(dict.fromkeys(place.offered.key for place in places.values() if place.offered))
    return [(name, keys) for name, place in places.items() if isinstance(place.item, Pick)]
