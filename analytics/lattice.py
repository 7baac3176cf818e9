"""All totals of a table at once: which are parts of which, and which could be solved for from the others.

Complementary cell suppression (Cox, Suppression methodology and statistical disclosure control, JASA 1980; Hundepool et
al., Statistical Disclosure Control, Wiley 2012, chapter 4). To withhold the fewest cells is NP-hard; this is the greedy
way: the rule of a partition within every total that is shown, then linear algebra over all totals together, until there
is nothing left to withhold. It may withhold more than the fewest, never less than is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.linalg import lstsq, null_space

from analytics.formulas import Floats
from analytics.partitions import with_withheld_of_partition

Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.int64]

ROW, LEVEL, SIZE, WHOLE = "_row", "_level", "_size", "_whole"

CRUMBS: Final = 1e-9
"""What rounding leaves of a zero in sums and differences of ones."""


def solvable(totals: Floats, shown: Flags) -> Flags:
    """Which of `totals` somebody can work out who sees those that are `shown`.

    `totals` has a row per published total and a column per cell: 1 where the cell is part of the total, else 0. A total
    is determined if it is a linear combination of those shown; that is, if no change of the cells that leaves all of
    these as they are changes it, so that it is orthogonal to their null space (Hundepool et al. 2012, chapter 4).
    """
    unseen = null_space(totals[shown]) if shown.any() else np.eye(totals.shape[1])
    determined: Flags = np.abs(totals @ unseen).max(axis=1, initial=0.0) < CRUMBS
    return determined


class Lattice:
    """The totals of `cells` within `whole`, a table for each of `levels`: the coarsest first, the cells' own last.

    `published` has a row per total; flags that go in and come out are in its order.
    """

    def __init__(
        self, cells: pl.DataFrame, *, size: str, whole: Sequence[str], levels: Sequence[tuple[str, ...]]
    ) -> None:
        cells = cells.with_columns(pl.lit(0).alias(WHOLE), pl.col(size).cast(pl.Int64).alias(SIZE))
        self.whole, self.levels = [*whole, WHOLE], levels
        self.published = _published(cells, whole=self.whole, levels=levels)
        self.level = self.published[LEVEL].to_numpy()
        self.sizes = self.published[SIZE].to_numpy()
        # A row per cell, a column per level: in which total the cell is.
        self.rows_of_cells = np.column_stack([self._rows_at(cells, place) for place in range(len(levels))])
        self.tables = self._tables()

    def closed(
        self,
        smallest_group: int,
        *,
        among: Sequence[int] | None = None,
        free: int | None = None,
        withheld: Flags | None = None,
    ) -> Flags:
        """What is withheld `among` some levels, where only totals of the level `free` may be withheld in addition."""
        here = np.isin(self.level, range(len(self.levels)) if among is None else among)
        may = here if free is None else self.level == free
        found = np.zeros(len(self.level), dtype=np.bool_) if withheld is None else withheld
        # Step by step, each from the one before: a larger group then never shows more, whatever the greedy way takes.
        for smallest in range(min(2, smallest_group), smallest_group + 1):
            found = found | (may & (self.sizes < smallest))
            # With nobody to protect, nothing else is at risk.
            before = None if (found & here & (self.sizes > 0)).any() else found
            while before is None or (found != before).any():
                before = found
                found = self._by_partitions(found, smallest, here=here, may=may)
                found = self._by_algebra(found, here=here, may=may)
        return found

    def _by_partitions(self, withheld: Flags, smallest_group: int, *, here: Flags, may: Flags) -> Flags:
        """Every total that is shown is a partition into the totals of each finer level."""
        withheld = withheld.copy()
        pairs = [
            (a, b) for a, keys in enumerate(self.levels) for b, finer in enumerate(self.levels) if {*keys} < {*finer}
        ]
        for coarse, fine in pairs:
            keys = [*self.whole, *self.levels[coarse]]
            marked = self.published.with_columns(pl.Series("_withheld", withheld))
            parents = marked.filter((self.level == coarse) & here & ~withheld).select(keys)
            parts = marked.filter((self.level == fine) & may).join(parents, on=keys, how="semi", nulls_equal=True)
            judged = with_withheld_of_partition(
                parts, size=SIZE, smallest_group=smallest_group, keys=[*keys, ROW], group=[ROW], also="_withheld"
            )
            withheld[judged.filter("withheld")[ROW].to_numpy()] = True
        return withheld

    def _by_algebra(self, withheld: Flags, *, here: Flags, may: Flags) -> Flags:
        """One more total is withheld for each that could be solved for, until none can be."""
        withheld = withheld.copy()
        for rows, totals in self.tables:
            table, of = rows[here[rows]], totals[here[rows]]
            while len(more := self._more(table, of, withheld[table], may[table])):
                withheld[more] = True
        return withheld

    def _more(self, rows: Rows, totals: Floats, withheld: Flags, may: Flags) -> Rows:
        """For each total that is withheld and given away, the finest and smallest of those that give it away."""
        if not withheld.any():
            return rows[:0]
        given_away = withheld & solvable(totals, ~withheld)
        shown = np.flatnonzero(~withheld)
        if not given_away.any():
            return rows[:0]
        weights = lstsq(totals[shown].T, totals[given_away].T)[0]
        fineness = np.array([len(level) for level in self.levels])[self.level[rows[shown]]]
        order = np.lexsort((shown, self.sizes[rows[shown]], -fineness))
        parts = ((np.abs(weights) > CRUMBS) & may[shown][:, None])[order]
        found: Rows = np.unique(rows[shown[order[parts.argmax(axis=0)[parts.any(axis=0)]]]])
        return found

    def _rows_at(self, cells: pl.DataFrame, place: int) -> Rows:
        keys = [*self.whole, *self.levels[place]]
        rows = self.published.filter(pl.col(LEVEL) == place).select(*keys, ROW)
        found: Rows = cells.join(rows, on=keys, how="left", nulls_equal=True, maintain_order="left")[ROW].to_numpy()
        return found

    def _tables(self) -> list[tuple[Rows, Floats]]:
        """For each whole the rows of its totals, and the cells that these are sums of (1, else 0)."""
        table = self.published.select(pl.struct(self.whole).rank("dense")).to_series().to_numpy()
        # An empty cell is known: it can neither hide another nor give it away.
        peopled = self.rows_of_cells[self.sizes[self.rows_of_cells[:, -1]] > 0]
        tables = []
        for number in np.unique(table):
            rows = np.flatnonzero((table == number) & (self.sizes > 0))
            inside = peopled[table[peopled[:, -1]] == number]
            tables.append((rows, (inside == rows[:, None, None]).any(axis=2).astype(np.float64)))
        return tables


def _published(cells: pl.DataFrame, *, whole: Sequence[str], levels: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """Every total of every level, a row each; the keys that it was summed over are null."""
    tables = [
        cells.group_by(*whole, *level, maintain_order=True)
        .agg(pl.col(SIZE).sum())
        .with_columns(pl.lit(place).alias(LEVEL))
        for place, level in enumerate(levels)
    ]
    # The last table has all keys, and so the order of the columns.
    return pl.concat([*tables[-1:], *tables], how="diagonal").slice(tables[-1].height).with_row_index(ROW)
