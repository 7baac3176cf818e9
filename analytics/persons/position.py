"""Where on the way through a form people leave gaps, and where they stop."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.special import bdtrc

from analytics.formulas import Floats, divided, wilson_interval
from analytics.options import refuse_strange_options
from analytics.persons.forms import (
    Answers,
    Claims,
    agreed,
    answer_matrix,
    columns_of,
    keys_of_places,
    only_ratings,
    with_numbers,
)
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups
from analytics.schemas import BLANK, NOT_ATTENDED, NOT_OFFERED

POSITIONS: Final = pl.Schema(
    {
        "position": pl.Int64(),
        "steps": pl.Int16(),
        "asked": pl.Int64(),
        "n": pl.Int64(),
        "blank_share": pl.Float64(),
        "blank_low": pl.Float64(),
        "blank_high": pl.Float64(),
        "not_attended_share": pl.Float64(),
        "mean": pl.Float64(),
        "mean_low": pl.Float64(),
        "mean_high": pl.Float64(),
        "stopped_share": pl.Float64(),
        "stops_share": pl.Float64(),
        "largest_drop": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `gaps_by_position` says of a place; the key columns of the places stand in front."""

SHORTEST_END: Final = 2
"""Places left empty in a row at the end before it is called a stop."""

NUMBERS: Final = [name for name in POSITIONS if name not in {"position", "steps", "withheld"}]


def gaps_by_position(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """What is left empty by the place in the form, and where people stop, in the order of asking.

    Takes the forms of one evaluation and their places (`forms.answer_matrix`). Gives a row for each place with its key
    columns and the columns of `POSITIONS`:

    - `position` from 1; `asked`, the forms that asked here (of a share of the modules not all do: all shares are of
      these); `n` of them rated;
    - `blank_share` with Wilson's interval, `not_attended_share`, all from 0 to 1;
    - `mean` in steps with Student's t interval, clipped to the scale. Place and module go together unless the order
      changes from form to form: a mean that falls along the form does not say that people tired;
    - `stopped_share`: of the forms asked here, those that have stopped: no answer here or at any later place that they
      were asked ("did not attend" is an answer), of which there must be two at least, because the last place alone may
      have been passed over. Forms without any answer are among them from the first place on;
    - `stops_share`: of the forms that could stop here (asked here and once more later, some answer before, not stopped
      yet), those that did; null where none could;
    - `largest_drop`: the place with the largest `stops_share`, if that is more than chance: if stops fell on places in
      proportion to the forms that could stop there, as many or more would fall on this one with a probability of less
      than 1 - `confidence` (conditional test of Przyborowski and Wilenski, Biometrika 1940), made smaller for having
      looked at all places (Bonferroni). False everywhere if no place stands out;
    - `withheld`: fewer than `smallest_group` rated, or fewer than `unanimous_below` (0: never) of whom all, or all but
      one, gave the same rating; all numbers are null.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    answers = answer_matrix(ratings, places)
    asked = _sum(answers != NOT_OFFERED)
    blank = divided(_sum(answers == BLANK), asked)
    low, high = wilson_interval(blank, asked, confidence=confidence)
    means = columns_of(only_ratings(answers), confidence=confidence)
    stopped = _stopped(answers)
    stops, could_stop = _stops(answers, stopped)
    numbers = {
        "position": np.arange(1.0, places.height + 1),
        "asked": asked,
        "n": means["n"],
        "blank_share": blank,
        "blank_low": low,
        "blank_high": high,
        "not_attended_share": divided(_sum(answers == NOT_ATTENDED), asked),
        "mean": means["mean"],
        "mean_low": np.clip(means["low"], 1, None),
        "mean_high": np.minimum(means["high"], places["steps"].to_numpy()),
        "stopped_share": divided(_sum(stopped & (answers != NOT_OFFERED)), asked),
        "stops_share": divided(stops, could_stop),
    }
    told = agreed(only_ratings(answers), below=unanimous_below)
    shown = (means["n"] >= smallest_group) & ~told
    cells = with_numbers(places, numbers, POSITIONS).with_columns(
        largest_drop=pl.Series(_largest_drop(stops, could_stop, shown, confidence=confidence), dtype=pl.Boolean),
        _agreed=told,
    )
    without = without_small_groups(cells, size="n", smallest_group=smallest_group, numbers=NUMBERS, also="_agreed")
    return without.select(*keys_of_places(places), *POSITIONS)


def _stopped(answers: Answers) -> Claims:
    """Whether a form has stopped at a place, which it may not have been asked."""
    ended = ~_from_here(answers >= NOT_ATTENDED)
    stopped: Claims = ended & ((ended & (answers == BLANK)).sum(axis=1, keepdims=True) >= SHORTEST_END)
    return stopped


def _stops(answers: Answers, stopped: Claims) -> tuple[Floats, Floats]:
    """How many forms stopped just at each place, and how many could have."""
    asked = answers != NOT_OFFERED
    begun = np.logical_or.accumulate(answers >= NOT_ATTENDED, axis=1)
    # Counted among the places that were asked: the one before in the form may not have been.
    first = stopped & asked & ((stopped & asked).cumsum(axis=1, dtype=np.int16) == 1)
    begun_before, asked_later = np.zeros_like(asked), np.zeros_like(asked)
    begun_before[:, 1:], asked_later[:, :-1] = begun[:, :-1], _from_here(asked)[:, 1:]
    possible = asked & begun_before & asked_later & (~stopped | first)
    return _sum(first & possible), _sum(possible)


def _from_here(claims: Claims) -> Claims:
    """Whether it is so here or at any later place."""
    later: Claims = np.logical_or.accumulate(claims[:, ::-1], axis=1)[:, ::-1]
    return later


def _largest_drop(stops: Floats, could_stop: Floats, shown: Claims, *, confidence: float) -> Claims:
    share = np.where(shown, divided(stops, could_stop), np.nan)
    drop = np.zeros(len(share), dtype=np.bool_)
    if np.nansum(share) > 0:
        place = int(np.nanargmax(share))
        as_many = bdtrc(int(stops[place]) - 1, int(stops.sum()), could_stop[place] / could_stop.sum())
        drop[place] = bool(as_many * (could_stop > 0).sum() < 1 - confidence)
    return drop


def _sum(claims: Claims) -> Floats:
    total: Floats = claims.sum(axis=0).astype(np.float64)
    return total
