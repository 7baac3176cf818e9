"""Whether people agree on a module: how much less their ratings scatter than if they had answered at random."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.formulas import divided
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

AGREEMENT: Final = pl.Schema(
    {"steps": pl.Int16(), "n": pl.Int64(), "variance": pl.Float64(), "r_wg": pl.Float64(), "withheld": pl.Boolean()}
)
"""What `rater_agreement` says of an item of a module; the key columns of the places stand in front."""


def rater_agreement(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """r_wg of each item of each module: how much the people agree on it, from 0 (as at random) to 1 (all the same).

    Takes the forms of one evaluation and their places (`forms.answer_matrix`, with the key column `module`). Gives a
    row for each place with its key columns and the columns of `AGREEMENT`: `n` ratings, their `variance` (divisor
    n - 1, in steps squared), `r_wg`, and `withheld` where fewer than `smallest_group` rated, or fewer than
    `unanimous_below` (0: never) of whom all, or all but one, gave the same rating; all numbers are null then. Fewer
    than two ratings have no variance to judge by.

    r_wg = 1 - variance / ((A^2 - 1) / 12) with A steps: the variance if every step were equally probable; below zero it
    is set to zero (James, Demaree and Wolf, J. Applied Psychology 1984). Random answers of people who are kind are not
    spread over all the steps, so r_wg flatters wherever ratings crowd at one end: it may compare modules of one form,
    and proves no agreement.
    """
    refuse_strange_options(smallest_group=smallest_group, unanimous_below=unanimous_below)
    table = only_ratings(answer_matrix(ratings, places, keys=["module"]))
    steps = places["steps"].to_numpy().astype(np.float64)
    n = (~np.isnan(table)).sum(axis=0).astype(np.float64)
    mean = divided(np.nansum(table, axis=0), n)
    variance = divided(np.nansum((table - mean) ** 2, axis=0), n - 1)
    r_wg = np.clip(1 - variance / ((steps**2 - 1) / 12), 0, 1)
    numbers = {"n": n, "variance": variance, "r_wg": r_wg}
    cells = with_numbers(places, numbers, AGREEMENT).with_columns(_agreed=agreed(table, below=unanimous_below))
    shown = without_small_groups(cells, size="n", smallest_group=smallest_group, numbers=[*numbers], also="_agreed")
    return shown.select(*keys_of_places(places), *AGREEMENT)
