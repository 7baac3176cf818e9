"""Module scores that do not depend on who happened to rate: leniency taken out, raw beside adjusted."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtrit

from analytics.formulas import Floats
from analytics.options import refuse_strange_options
from analytics.persons.forms import (
    Claims,
    agreed,
    answer_matrix,
    columns_of,
    keys_of_places,
    only_ratings,
    with_numbers,
)
from analytics.persons.two_way import fitted, hanging_together
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups

LENIENCY: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "n": pl.Int64(),
        "mean": pl.Float64(),
        "mean_low": pl.Float64(),
        "mean_high": pl.Float64(),
        "used": pl.Int64(),
        "left_out": pl.Int64(),
        "adjusted": pl.Float64(),
        "adjusted_low": pl.Float64(),
        "adjusted_high": pl.Float64(),
        "withheld": pl.Boolean(),
        "adjusted_withheld": pl.Boolean(),
    }
)
"""What `leniency_adjusted` says of an item of a module; the key columns of the places stand in front."""

ADJUSTED: Final = ("used", "left_out", "adjusted", "adjusted_low", "adjusted_high")
RAW: Final = ("n", "mean", "mean_low", "mean_high")


def leniency_adjusted(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    fewest_ratings: int = 8,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The mean of each item of each module, raw, and as it would be if each of the raters had rated all modules.

    Takes the forms of one evaluation and their places (`forms.answer_matrix`; with the key column `module`, places
    without a module are left out). Gives a row for each place with its key columns and the columns of `LENIENCY`:

    - `n` ratings, their `mean` in steps with Student's t interval, clipped to the scale: as `measures` has them;
    - `used`: of these, the ratings by people who rated this item in `fewest_ratings` modules or more (of fewer, a
      leniency can hardly be told from the modules that they happened to rate); `left_out`: the others. Where everybody
      was asked about few modules, ask for fewer: the model is exact from two on, and wide where it knows little;
    - `adjusted`: the mean that module would have if each of the people used had rated every module, and its interval.
      Formula and source: `two_way.fitted`. Between modules that were rated by different people (a share of the modules
      each) this is the fair comparison; where everybody rated everything it equals the raw mean. The interval is about
      these people, and says how far the module's mean could lie from this by chance of their single answers; it is not
      clipped, and may pass the end of the scale, as a comparison may and a rating may not. It is null without
      any spread to judge by;
    - `withheld`: fewer than `smallest_group` ratings, or fewer than `unanimous_below` (0: never) of which all, or all
      but one, are the same; all numbers are null, and such places take no part in the model.
      `adjusted_withheld`: fewer than `smallest_group` were used, or between 1 and `smallest_group` - 1 left out: where
      the others rated everything, adjusted and raw mean would give their answers away by subtraction
      (test_few_who_are_left_out_cannot_be_found_by_subtraction). Likewise where nearly all of those used, or of those
      left out, gave the same rating. Of such a module the adjusted means of the others still hold a little, where not
      everybody rated everything.

    `adjusted` is null as well, with nobody used, where no people lead from this module to most of the others
    (`two_way.hanging_together`). Raises `FrameError` for frames that are not what they should be, `ValueError` for
    impossible options.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    if fewest_ratings < 2:
        raise ValueError(f"'fewest_ratings' is {fewest_ratings}; nobody can be centred on fewer than 2 ratings.")
    table = only_ratings(answer_matrix(ratings, places, keys=["module"]))
    rated = places["module"].is_not_null().to_numpy()
    places, table = places.filter(rated), table[:, rated]
    numbers = _raw(table, places, confidence=confidence) | _empty(places.height)
    told = agreed(table, below=unanimous_below)
    used = np.zeros(table.shape, dtype=np.bool_)
    for item in places["item"].unique(maintain_order=True):
        where = np.flatnonzero((places["item"] == item).to_numpy() & (numbers["n"] >= smallest_group) & ~told)
        people, modules = _usable(~np.isnan(table[:, where]), fewest_ratings)
        used[np.ix_(people, where[modules])] = True
        for name, values in _adjusted(table[np.ix_(people, where[modules])], confidence=confidence).items():
            numbers[name][where[modules]] = values
    numbers["left_out"] = numbers["n"] - numbers["used"]
    of_some = [agreed(np.where(some, table, np.nan), below=unanimous_below) for some in (used, ~used)]
    described = with_numbers(places, numbers, LENIENCY).with_columns(_agreed=told, _some_agreed=np.any(of_some, axis=0))
    shown = _shown(described, smallest_group=smallest_group)
    return shown.select(*keys_of_places(places), *LENIENCY)


def _raw(table: Floats, places: pl.DataFrame, *, confidence: float) -> dict[str, Floats]:
    raw = columns_of(table, confidence=confidence)
    low, high = np.clip(raw["low"], 1, None), np.minimum(raw["high"], places["steps"].to_numpy())
    return {"n": raw["n"], "mean": raw["mean"], "mean_low": low, "mean_high": high}


def _empty(places: int) -> dict[str, Floats]:
    return {"used": np.zeros(places)} | {name: np.full(places, np.nan) for name in ADJUSTED[2:]}


def _adjusted(table: Floats, *, confidence: float) -> dict[str, Floats]:
    """Of one item, for each module: how many ratings were used, the adjusted mean and its interval."""
    if not table.size:
        return {}
    fit = fitted(table)
    reach = stdtrit(max(fit.error_freedom, 1), (1 + confidence) / 2) * np.where(fit.error > 0, fit.error, np.nan)
    return {
        "used": (~np.isnan(table)).sum(axis=0).astype(np.float64),
        "adjusted": fit.adjusted,
        "adjusted_low": fit.adjusted - reach,
        "adjusted_high": fit.adjusted + reach,
    }


def _usable(rated: Claims, fewest_ratings: int) -> tuple[Claims, Claims]:
    people = rated.sum(axis=1) >= fewest_ratings
    modules = hanging_together(rated & people[:, None])
    return people & (rated & modules).any(axis=1), modules


def _shown(described: pl.DataFrame, *, smallest_group: int) -> pl.DataFrame:
    used, left_out = pl.col("used"), pl.col("left_out")
    few = ((used > 0) & (used < smallest_group)) | ((left_out > 0) & (left_out < smallest_group))
    told = pl.col("_agreed") | ((used > 0) & pl.col("_some_agreed"))
    shown = without_small_groups(
        described.with_columns(adjusted_withheld=few | (pl.col("n") < smallest_group) | told),
        size="n",
        smallest_group=smallest_group,
        numbers=[*RAW, *ADJUSTED],
        also="_agreed",
    )
    return shown.with_columns(pl.when(~pl.col("adjusted_withheld")).then(pl.col(*ADJUSTED)).name.keep())
