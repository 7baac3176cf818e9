"""What goes in here: whole forms, one row per response, and the places of a form in the order in which it asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.blurring import MOST_ODD
from analytics.formulas import Floats, divided, mean_interval
from analytics.schemas import BLANK, NOT_ATTENDED, NOT_OFFERED, PLACES, FrameError, checked, refuse_missing

Answers: TypeAlias = NDArray[np.int16]
Claims: TypeAlias = NDArray[np.bool_]


def answer_matrix(ratings: pl.DataFrame, places: pl.DataFrame, *, keys: Sequence[str] = ()) -> Answers:
    """The answers, a row per form and a column per place: a step from 1, `NOT_ATTENDED`, `BLANK` or `NOT_OFFERED`.

    `ratings` has one row per response and one integer column per place, in the convention of `count_wide` (0 for "did
    not attend", null or `BLANK` for blank, `NOT_OFFERED` where the sheet did not ask). `places` (schema `PLACES`) names
    these columns in the order in which the form asks; `keys` are further columns that it must have, and which say
    together with `item` what a place is: no two places are the same. Raises `FrameError` with the name of what is
    wrong.
    """
    _refuse_strange_places(places, keys)
    _refuse_strange_columns(ratings, places)
    columns = [pl.col(name).fill_null(BLANK).cast(pl.Int16) for name in places["column"]]
    answers: Answers = ratings.select(columns).to_numpy().reshape(ratings.height, places.height)
    return answers


def only_ratings(answers: Answers) -> Floats:
    """The steps chosen, not a number wherever there is no rating: absent, blank and not asked are all left out."""
    ratings: Floats = np.where(answers > NOT_ATTENDED, answers, np.nan)
    return ratings


def agreed(table: Floats, *, below: int) -> Claims:
    """Whether at most one rating of a column stands apart from all others, and fewer than `below` people gave them.

    As `blurring.nearly_unanimous`, of whole forms. Here such columns are withheld: variances and models of them have no
    ends to blur them to.
    """
    n, most = (~np.isnan(table)).sum(axis=0), np.zeros(table.shape[1])
    for step in np.unique(table[~np.isnan(table)]):
        most = np.maximum(most, (table == step).sum(axis=0))
    nearly_all: Claims = (n > 0) & (n - most <= MOST_ODD) & (n < below)
    return nearly_all


def columns_of(table: Floats, *, confidence: float) -> dict[str, Floats]:
    """`n`, `mean` and Student's t interval of each column, of what is a number in it.

    Formula and source of the interval: `formulas.mean_interval`, without a population.
    """
    n = (~np.isnan(table)).sum(axis=0).astype(np.float64)
    mean = divided(np.nansum(table, axis=0), n)
    spread = divided(np.nansum((table - mean) ** 2, axis=0), n)
    low, high = mean_interval(mean, spread, n, np.full(len(n), np.nan), confidence=confidence)
    return {"n": n, "mean": mean, "low": low, "high": high}


def keys_of_places(places: pl.DataFrame) -> list[str]:
    """The columns that say what a place is: component, module, item, ..."""
    return [name for name in places.columns if name not in {"column", "steps"}]


def with_numbers(places: pl.DataFrame, numbers: dict[str, Floats], schema: pl.Schema) -> pl.DataFrame:
    """The frame with columns of numbers in the types of the schema; null where not a number."""
    return places.with_columns(
        pl.Series(name, values, nan_to_null=True).cast(schema[name]) for name, values in numbers.items()
    )


def _refuse_strange_places(places: pl.DataFrame, keys: Sequence[str]) -> None:
    checked(places, PLACES)
    checked(places, pl.Schema(dict.fromkeys(keys, pl.String())))
    if places["column"].null_count() or places["column"].is_duplicated().any():
        raise FrameError("The column 'column' of the places must name each column of the ratings once.")
    if places.filter(pl.col("steps").is_null() | (pl.col("steps") < 2)).height:
        raise FrameError("The column 'steps' must be 2 or more for every place.")
    what = [*keys, "item"]
    double = places.filter(pl.struct(what).is_duplicated()) if keys else places.clear()
    if double.height:
        raise FrameError(f"The columns {', '.join(what)} name the same place twice: {double.select(what).row(0)}.")


def _refuse_strange_columns(ratings: pl.DataFrame, places: pl.DataFrame) -> None:
    refuse_missing(places["column"], among=ratings.columns)
    for name in places["column"]:
        if not ratings[name].dtype.is_integer() and ratings[name].null_count() < ratings.height:
            raise FrameError(f"The column {name!r} is {ratings[name].dtype}, expected were small integers.")
    strange = ratings.select(
        _strange(name, steps).any().alias(name) for name, steps in places.select("column", "steps").iter_rows()
    )
    for column in strange:
        if column.item():
            steps = places.filter(pl.col("column") == column.name)["steps"].item()
            raise FrameError(f"The column {column.name!r} holds values outside of 0 to {steps}.")


def _strange(name: str, steps: int) -> pl.Expr:
    return ~pl.col(name).cast(pl.Int64).is_between(NOT_OFFERED, steps)
