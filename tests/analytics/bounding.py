"""How narrowly what is withheld is bounded by what is shown: the attack of somebody with a linear solver."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.optimize import linprog

UNBOUNDED = 3
"""The status of a linear programme in which nothing holds the number down."""


def totals_of(said, cells, keys):
    """The published totals as sums of the cells that hold anybody, written down anew from the frame itself."""
    peopled = cells.filter(pl.col("people") > 0)
    rows = [
        [all(row[key] in (None, cell[key]) for key in keys) for cell in peopled.rows(named=True)]
        for row in said.rows(named=True)
    ]
    return np.array(rows, dtype=float).reshape(said.height, peopled.height), peopled["people"].to_numpy()


def bounds_of(totals, people, *, shown, judged):
    """The least and the most that each of the `judged` totals can be, a row each, for somebody who sees those `shown`.

    `totals` has a row per published total and a column per cell that holds anybody (`totals_of`), `people` how many
    each cell holds, `shown` and `judged` a flag per total. The attacker knows which cells are empty and that no count
    is below 0: a linear programme each way (Hundepool et al., Statistical Disclosure Control, 2012, chapter 4, the
    attacker's problem). The most is infinite where nothing shown bounds it.
    """
    equations = {"A_eq": totals[shown], "b_eq": totals[shown] @ people} if shown.any() else {}
    bounds = [
        [way * _least(way * total, **equations) for way in (1, -1)]  # the most is the least of the opposite
        for total in totals[judged]
    ]
    return np.reshape(bounds, (-1, 2)).round(6)


def _least(total, **equations):
    solved = linprog(total, **equations, bounds=(0, None))
    assert solved.success or solved.status == UNBOUNDED, solved.message
    return solved.fun if solved.success else -np.inf
