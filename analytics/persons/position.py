"""Where on the way through a form people leave gaps, and where they stop."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.formulas import Floats, divided, wilson_interval
from analytics.persons.forms import (
    Answers,
    Claims,
    answer_matrix,
    columns_of,
    keys_of_places,
    only_ratings,
    refuse_strange_options,
    with_numbers,
)
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
    ratings: pl.DataFrame, places: pl.DataFrame, *, smallest_group: int, confidence: float = 0.95
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
    - `stops_share`: of the forms asked here that had not stopped before, those that did so here, after some answer;
    - `largest_drop`: the place with the largest `stops_share`, if that is more than chance: Wilson's interval of it,
      widened for having looked at all places (Bonferroni), lies above the share at all other places together. False
      everywhere if no place stands out;
    - `withheld`: fewer than `smallest_group` rated, all numbers are null.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence)
    answers = answer_matrix(ratings, places)
    asked = _sum(answers != NOT_OFFERED)
    blank = divided(_sum(answers == BLANK), asked)
    low, high = wilson_interval(blank, asked, confidence=confidence)
    means = columns_of(only_ratings(answers), confidence=confidence)
    stopped, stops = _stopped(answers)
    at_risk = asked - _sum(stopped & (answers != NOT_OFFERED)) + stops
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
        "stops_share": divided(stops, at_risk),
    }
    shown = means["n"] >= smallest_group
    cells = with_numbers(places, numbers, POSITIONS).with_columns(
        largest_drop=pl.Series(_largest_drop(stops, at_risk, shown, confidence=confidence), dtype=pl.Boolean)
    )
    without = without_small_groups(cells, size="n", smallest_group=smallest_group, numbers=NUMBERS)
    return without.select(*keys_of_places(places), *POSITIONS)


def _stopped(answers: Answers) -> tuple[Claims, Floats]:
    """Whether a form has stopped at a place, and how many forms with answers did so just there."""
    answered = answers >= NOT_ATTENDED
    later = np.logical_or.accumulate(answered[:, ::-1], axis=1)[:, ::-1]
    # Counted among the places that were asked: the next one in the form may not have been.
    missing = (~later & (answers == BLANK)).cumsum(axis=1, dtype=np.int16)
    ended = ~later & (missing[:, -1:] >= SHORTEST_END)
    begins = ended & (missing == 1) & (answers == BLANK) & answered.any(axis=1, keepdims=True)
    return ended, _sum(begins)


def _largest_drop(stops: Floats, at_risk: Floats, shown: Claims, *, confidence: float) -> Claims:
    share = np.where(shown, divided(stops, at_risk), np.nan)
    drop = np.zeros(len(share), dtype=np.bool_)
    if np.isnan(share).all():
        return drop
    place = int(np.nanargmax(share))
    others = divided(stops.sum() - stops[place], at_risk.sum() - at_risk[place])
    low, _ = wilson_interval(share[place], at_risk[place], confidence=1 - (1 - confidence) / shown.sum())
    drop[place] = bool(low > others)
    return drop


def _sum(claims: Claims) -> Floats:
    total: Floats = claims.sum(axis=0).astype(np.float64)
    return total
