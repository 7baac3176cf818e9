"""Which totals of a table could be solved for from others, and the smallest change that hides them.

Linear algebra over all totals together (Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4). To
withhold the fewest cells is NP-hard; this hides one number after another, each by the smallest change.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
import scipy  # whose parts are loaded when they are first used; those for this take as long as all else together
from numpy.typing import NDArray

from analytics.formulas import Floats

Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.int64]

CRUMBS: Final = 1e-9
"""What rounding leaves of a zero in sums and differences of ones."""

NOISE: Final = 1e-6
"""What the solver of linear programmes leaves of a zero."""


def solvable(totals: Floats, shown: Flags) -> Flags:
    """Which of `totals` somebody can work out who sees those that are `shown`.

    `totals` has a row per published total and a column per cell: 1 where the cell is part of the total, else 0. A total
    is determined if it is a linear combination of those shown; that is, if no change of the cells that leaves all of
    these as they are changes it (Hundepool et al. 2012, chapter 4): nothing of it is outside the space they span.
    """
    unknown: Flags = np.asarray(totals.any(axis=0))
    left = totals[shown]
    # What is left of a total after all that is known of it, cell by cell: this does most of the work.
    while (alone := left[left.sum(axis=1) == 1]).any():
        unknown = unknown & ~alone.any(axis=0)
        left = left * unknown
    determined = np.ones(len(totals), dtype=np.bool_)
    for cells in _blocks(left, unknown):
        seen = scipy.linalg.orth(left[np.ix_(left[:, cells].any(axis=1), cells)].T)
        unseen = totals[:, cells] - totals[:, cells] @ seen @ seen.T
        determined &= np.abs(unseen).max(axis=1, initial=0.0) < CRUMBS
    return determined


def _blocks(equations: Floats, unknown: Flags) -> list[Rows]:
    """The unknown cells that hang together through equations, each lot to be solved alone."""
    met = scipy.sparse.csr_array(equations)
    _, block = scipy.sparse.csgraph.connected_components(met.T @ met, directed=False)
    block[~equations.any(axis=0)] = -1  # in no equation, each free
    return [np.flatnonzero(unknown & (block == number)) for number in np.unique(block[unknown])]


def hiding(totals: Floats, sizes: Rows, withheld: Flags, may: Flags, known: Flags) -> Flags:
    """Those of `totals` that are `withheld`, and with them enough that `may` be, so that none of them is `solvable`.

    Each that is given away needs a change of the cells that changes it and leaves all that is shown as it is. The
    change that touches the least is a linear programme (Kelly, Golden, Assad, Cell suppression: disclosure protection
    for sensitive tabular data, Networks 1992); what it touches is withheld. A total costs as many cells as it is the
    sum of; of equals the smaller goes, then the earlier. `known` ones cannot be helped.
    """
    withheld = withheld.copy()
    given_away = withheld & ~known & solvable(totals, ~withheld)
    costs = totals.sum(axis=1) + (sizes + np.linspace(0, 0.5, len(sizes))) / (sizes.max(initial=0) + 1)
    while given_away.any():
        one = np.flatnonzero(given_away)[np.argmin(costs[given_away])]
        touched = np.abs(totals @ _least_change(totals, one, costs, fixed=~withheld & ~may, dear=~withheld & may))
        withheld |= touched > NOISE
        given_away &= touched <= NOISE
    return withheld


def _least_change(totals: Floats, one: int, costs: Floats, *, fixed: Flags, dear: Flags) -> Floats:
    """The change of the cells that changes `one` total by 1, none that is `fixed`, and the `dear` ones as little."""
    cells, size = totals.shape[1], int(dear.sum())
    changes, bound = scipy.sparse.csr_array(totals[dear]), scipy.sparse.eye_array(size)
    solved = scipy.optimize.linprog(
        np.concatenate([np.zeros(cells), costs[dear]]),
        A_ub=scipy.sparse.block_array([[changes, -bound], [-changes, -bound]], format="csr"),
        b_ub=np.zeros(2 * size),
        A_eq=np.hstack([np.vstack([totals[fixed], totals[one]]), np.zeros((int(fixed.sum()) + 1, size))]),
        b_eq=np.append(np.zeros(int(fixed.sum())), 1.0),
        bounds=[(None, None)] * cells + [(0, None)] * size,
    )
    # There is such a change for whatever is not known: to find none is our mistake.
    assert solved.x is not None, solved.message
    change: Floats = solved.x[:cells]
    return change
