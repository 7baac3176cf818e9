"""From a table of text to counts: which columns are what, what each cell says, and which cells say nothing sensible."""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.counting import count_long, count_wide
from analytics.files import ROW, SLIPS, RefusedFileError, Table, tidied
from analytics.scales import Scale, inferred_scale, key_of, keys_of
from analytics.schemas import COUNTS, ITEMS, NOT_OFFERED, PLACES

KEYS = ("cohort", "component", "module")
UNREADABLE = "not a step"


@dataclass(frozen=True, slots=True)
class Shape:
    """What the columns of a table hold: `items` are patterns (wide), or `item` and `rating` a column each (long)."""

    module: str | None = None
    cohort: str | None = None
    component: str | None = None
    respondent: str | None = None
    items: Sequence[str] = ()
    item: str | None = None
    rating: str | None = None
    scale: Scale | None = None
    direction: str = "up"
    not_attended: Sequence[str] = ()
    blank: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Shaped:
    """Counts and items as `measures` takes them; the scale, which was `inferred` or not; and every slip on the way.

    `forms` has a column per item and a row per person, as `analytics.persons` takes them: nothing to be shown. None
    where a row is not one person's answers to several items.
    """

    counts: pl.DataFrame
    items: pl.DataFrame
    scale: Scale
    inferred: bool
    slips: pl.DataFrame
    rows: int
    without_module: int
    forms: pl.DataFrame | None


def shaped(table: Table, shape: Shape) -> Shaped:
    """The counts in a table. What does not parse is in `slips` and left out; of doubles the first is kept.

    Raises `RefusedFileError` where a column is not there or the answers cannot be a scale.
    """
    columns = _answer_columns(table, shape)
    named = [name for name in (shape.cohort, shape.component, shape.module, shape.respondent, shape.item) if name]
    keyed = table.cells.with_columns(_keys(table, shape))
    readable, odd = _readable_rows(keyed, shape)
    keys = readable.select(pl.col(columns).pipe(key_of))
    scale = shape.scale or inferred_scale(_answers(keys, shape))
    coded = readable.with_columns(keys.select(pl.all().pipe(_coded, scale=scale, shape=shape)))
    slips = [
        table.slips,
        _double_columns(table, [*named, *columns]),
        odd,
        *_unreadable(readable, coded, columns, scale),
    ]
    return Shaped(
        counts=_counts(coded, columns, scale, long=shape.item is not None),
        items=_items(coded, columns, scale, shape),
        scale=scale,
        inferred=shape.scale is None,
        slips=pl.concat(slips).sort("row", nulls_last=False, maintain_order=True),
        rows=readable.height,
        without_module=readable["\x1fmodule"].null_count() if shape.module else 0,
        forms=_forms(coded, columns, scale, shape),
    )


def matching_columns(names: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """The names that the patterns mean, in the order of the file. Raises `RefusedFileError` for an idle pattern."""
    found: set[str] = set()
    for pattern in patterns:
        # A name may hold brackets, which a pattern reads as a set of letters: the name itself comes first.
        hits = {pattern} & set(names) or {name for name in names if fnmatch.fnmatchcase(name, pattern)}
        if not hits:
            raise RefusedFileError("no match", pattern=pattern, near=_near(pattern, names), names=_listed(names))
        found |= hits
    return [name for name in names if name in found]


def _answer_columns(table: Table, shape: Shape) -> list[str]:
    if shape.item or shape.rating:
        if shape.items or not (shape.item and shape.rating):
            raise RefusedFileError("wide or long")
        return [_column(table, shape.rating)]
    if not shape.items:
        raise RefusedFileError("no items", names=_listed(table.names))
    taken = {shape.module, shape.cohort, shape.component, shape.respondent}
    columns = [name for name in matching_columns(table.names, shape.items) if name not in taken]
    if not columns:
        raise RefusedFileError("no items", names=_listed(table.names))
    return columns


def _column(table: Table, name: str) -> str:
    if name not in table.names:
        raise RefusedFileError("no column", name=name, near=_near(name, table.names), names=_listed(table.names))
    return name


def _keys(table: Table, shape: Shape) -> list[pl.Expr]:
    """The key columns under their own names, which no header can have."""
    named = {key: getattr(shape, key) for key in (*KEYS, "respondent", "item")}
    return [
        (tidied(pl.col(_column(table, name))) if name else pl.lit(None, pl.String)).alias(f"\x1f{key}")
        for key, name in named.items()
    ]


def _readable_rows(keyed: pl.DataFrame, shape: Shape) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows to be counted, and a slip for each of the others: without an item, or the same person once more."""
    nameless = pl.col("\x1fitem").is_null() if shape.item else pl.lit(False)
    who = ["\x1fcohort", "\x1fmodule", "\x1fitem", "\x1frespondent"]
    double = pl.col("\x1frespondent").is_not_null() & ~pl.struct(who).is_first_distinct()
    odd = keyed.filter(nameless | double).select(
        pl.when(nameless).then(pl.lit("no item")).otherwise(pl.lit("double")).alias("kind"),
        pl.col(ROW).alias("row"),
        pl.when(nameless).then(pl.lit(shape.item)).otherwise(pl.lit(shape.respondent)).alias("column"),
        pl.when(~nameless).then(pl.col("\x1frespondent")).alias("value"),
    )
    return keyed.filter(~(nameless | double)), odd.cast(SLIPS)


def _answers(keys: pl.DataFrame, shape: Shape) -> pl.Series:
    """All answers in a row, without those that say that there is none."""
    silent = [*keys_of(shape.blank), *keys_of(shape.not_attended)]
    answers = pl.concat(keys.get_columns()).drop_nulls()
    return answers.filter(~answers.is_in(silent))


def _coded(key: pl.Expr, *, scale: Scale, shape: Shape) -> pl.Expr:
    """Steps from 1, 0 for not attended, null for blank, and one step beyond the scale for what does not parse."""
    steps = dict(zip(keys_of(scale.labels), range(1, scale.steps + 1), strict=True))
    codes = steps | dict.fromkeys(keys_of(shape.not_attended), 0)
    blank = keys_of(shape.blank)
    code = key.replace_strict(list(codes), list(codes.values()), default=scale.steps + 1, return_dtype=pl.Int16)
    return pl.when(key.is_not_null() & ~key.is_in(blank)).then(code)


def _unreadable(
    readable: pl.DataFrame, coded: pl.DataFrame, columns: Sequence[str], scale: Scale
) -> list[pl.DataFrame]:
    return [
        readable.filter(coded[column] > scale.steps).select(
            pl.lit(UNREADABLE).alias("kind"),
            pl.col(ROW).alias("row"),
            pl.lit(column).alias("column"),
            pl.col(column).alias("value"),
        )
        for column in columns
    ]


def _counts(coded: pl.DataFrame, columns: Sequence[str], scale: Scale, *, long: bool) -> pl.DataFrame:
    keys = {f"\x1f{key}": key for key in (*KEYS, "item") if long or key != "item"}
    if long:
        counts = count_long(coded.rename({columns[0]: "rating"}), by=list(keys))
    else:
        # What does not parse was given a step of its own, lest it be counted as blank.
        items = dict.fromkeys(columns)
        places = pl.DataFrame({"column": columns, "item": list(items), "steps": [scale.steps + 1] * len(columns)})
        counts = count_wide(coded, places.cast(PLACES), by=list(keys))
    return counts.rename(keys).filter(pl.col("step") <= scale.steps).select(COUNTS.names())


def _forms(coded: pl.DataFrame, columns: Sequence[str], scale: Scale, shape: Shape) -> pl.DataFrame | None:
    """The answers row by row; what does not parse is counted nowhere. A number may be somebody else's next cohort."""
    person = coded.select("\x1fcohort", "\x1frespondent").filter(pl.col("\x1frespondent").is_not_null())
    if shape.item or len(columns) < 2 or person.is_duplicated().any():
        return None
    return coded.select(
        pl.when(pl.col(name) > scale.steps).then(pl.lit(NOT_OFFERED, pl.Int16)).otherwise(pl.col(name)).alias(name)
        for name in columns
    )


def _items(coded: pl.DataFrame, columns: Sequence[str], scale: Scale, shape: Shape) -> pl.DataFrame:
    names = coded["\x1fitem"].unique(maintain_order=True) if shape.item else pl.Series(columns, dtype=pl.String)
    items = pl.DataFrame({"item": names}).with_columns(
        steps=pl.lit(scale.steps, pl.Int16), direction=pl.lit(shape.direction)
    )
    return items.cast(ITEMS)


def _double_columns(table: Table, used: Sequence[str]) -> pl.DataFrame:
    doubled = [name for name in dict.fromkeys(used) if name in table.doubled]
    return pl.DataFrame(
        {"kind": ["double column"] * len(doubled), "row": [1] * len(doubled), "column": doubled, "value": doubled},
        schema=SLIPS,
    )


def _near(name: str, names: Sequence[str]) -> str:
    by_key = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.casefold().strip("*?"), list(by_key), n=3, cutoff=0.5)
    return ", ".join(f"“{by_key[key]}”" for key in close)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"“{name}”" for name in names)
