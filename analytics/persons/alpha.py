"""Whether items measure one thing: Cronbach's alpha of the items that stand together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from scipy.special import fdtri

from analytics.formulas import Floats
from analytics.options import refuse_strange_options
from analytics.persons.forms import (
    agreed,
    answer_matrix,
    keys_of_places,
    only_ratings,
    with_numbers,
)
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups
from analytics.schemas import FrameError, refuse_missing

ALPHA: Final = pl.Schema(
    {
        "items": pl.Int64(),
        "people": pl.Int64(),
        "incomplete": pl.Int64(),
        "alpha": pl.Float64(),
        "alpha_low": pl.Float64(),
        "alpha_high": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `cronbach_alpha` says of a scale; the columns it was asked `by` stand in front."""


def cronbach_alpha(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    by: Sequence[str] = ("module",),
    smallest_group: int = 5,
    reversed_items: Sequence[str] = (),
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """Cronbach's alpha of the items that stand together in a scale: one for each of `by` (columns of `places`).

    Takes the forms of one evaluation and their places (`forms.answer_matrix`). Gives a row for each of `by` (one row
    for nothing) with the columns of `ALPHA`: `items` of the scale; `people` who rated all of them, and they alone are
    counted; `incomplete`, who rated some; `alpha` with Feldt's interval; `withheld` where fewer than `smallest_group`
    people rated all, or fewer than `unanimous_below` (0: never) of whom all, or all but one, gave the same rating of
    some item (of two items, one of which has no spread, alpha is 0); all numbers are null then. `reversed_items` are
    turned round first, since alpha takes it that more is better throughout. Null where there is one item only, or no
    spread; null intervals where nothing is left to chance.

    alpha = k / (k - 1) * (1 - sum of the variances / variance of the sum) (Cronbach, Psychometrika 1951);
    interval 1 - (1 - alpha) * F(n - 1, (n - 1)(k - 1)) at both tails (Feldt, Psychometrika 1965). Alpha grows with the
    number of items and does not show that they measure one thing alone. Raises `FrameError` if a scale has items of
    different numbers of steps, `ValueError` for impossible options.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    refuse_missing(by, among=keys_of_places(places))
    table = only_ratings(answer_matrix(ratings, places))
    turned = places["item"].is_in(list(reversed_items)).to_numpy()
    table = np.where(turned, places["steps"].to_numpy() + 1 - table, table)
    named = places.with_row_index("_place").with_columns(_all=pl.lit(0))
    scales = named.group_by(*by, "_all", maintain_order=True).agg(pl.col("_place"), pl.col("steps").n_unique())
    if scales.filter(pl.col("steps") > 1).height:
        raise FrameError("The column 'steps' differs within a scale: items of different steps cannot be added up.")
    rows = [_alpha(table[:, where], confidence=confidence) for where in scales["_place"].to_list()]
    numbers = {name: np.array([row[name] for row in rows], dtype=np.float64) for name in ALPHA if name != "withheld"}
    told = [agreed(_complete(table[:, where]), below=unanimous_below).any() for where in scales["_place"].to_list()]
    return without_small_groups(
        with_numbers(scales.select(*by, "_all"), numbers, ALPHA).with_columns(_agreed=np.array(told, dtype=np.bool_)),
        size="people",
        smallest_group=smallest_group,
        numbers=[*numbers],
        also="_agreed",
    ).select(*by, *ALPHA)


def _complete(table: Floats) -> Floats:
    """Of who rated all."""
    return table[~np.isnan(table).any(axis=1)]


def _alpha(table: Floats, *, confidence: float) -> dict[str, float]:
    complete, some = _complete(table), ~np.isnan(table).all(axis=1)
    people, items = complete.shape
    alpha = low = high = np.nan
    spread = complete.sum(axis=1).var(ddof=1) if people > 1 else 0.0
    if items > 1 and spread > 0:
        alpha = items / (items - 1) * (1 - complete.var(axis=0, ddof=1).sum() / spread)
        if not np.isclose(alpha, 1):
            freedom, tail = people - 1, (1 + confidence) / 2
            low = 1 - (1 - alpha) * fdtri(freedom, freedom * (items - 1), tail)
            high = 1 - (1 - alpha) * fdtri(freedom, freedom * (items - 1), 1 - tail)
    incomplete = int(some.sum()) - people
    return {
        "items": items,
        "people": people,
        "incomplete": incomplete,
        "alpha": alpha,
        "alpha_low": low,
        "alpha_high": high,
    }
