"""All totals of a table at once: which are parts of which, and which could be solved for from the others.

Complementary cell suppression (Cox, Suppression methodology and statistical disclosure control, JASA 1980; Hundepool et
al., Statistical Disclosure Control, Wiley 2012, chapter 4). To withhold the fewest cells is NP-hard; this is the greedy
way: the smallest change that hides each number from linear algebra over all totals (`solving`), then the rule of a
partition within every total that is shown, until there is nothing left to withhold. It may withhold more than the
fewest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.formulas import Floats
from analytics.partitions import with_withheld_of_partition
from analytics.solving import Flags, Rows, hiding, solvable

ROW, LEVEL, SIZE, WHOLE = "_row", "_level", "_size", "_whole"


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

    def closed(self, smallest_group: int, *, step_by_step: bool = False, forced: Flags | None = None) -> Flags:
        """What is withheld of all the totals together, where every one of them may be.

        `step_by_step`, a table after the other from the coarsest on: each among its own totals alone, as one who makes
        only that table and those that it adds up to would do; the coarser ones then stay as they are. `forced` are
        withheld whatever they hold.
        """
        every = tuple(range(len(self.levels)))
        turns = [((place,), self._beside(place)) for place in every] if step_by_step else [(every, [every])]
        found = np.zeros(len(self.level), dtype=np.bool_) if forced is None else forced
        # From each smallest group to the next: a larger one then never shows more, whatever the greedy way takes.
        for smallest in range(min(2, smallest_group), smallest_group + 1):
            for free, published_together in turns:
                may = np.isin(self.level, free)
                found = found | (may & (self.sizes < smallest))
                found = self._settled(
                    found, smallest, may=may, seen=[np.isin(self.level, places) for places in published_together]
                )
        return found

    def _settled(self, withheld: Flags, smallest_group: int, *, may: Flags, seen: Sequence[Flags]) -> Flags:
        """With whatever must go as well, whichever of the tables `seen` together somebody has before them."""
        found, before = withheld, None
        if not (found & np.any(seen, axis=0) & (self.sizes > 0)).any():
            return found  # with nobody to protect, nothing else is at risk
        known = [self._known(here & ~may & ~found) for here in seen]
        if not (known[0] & may & (self.sizes > 0)).any():
            seen, known = seen[:1], known[:1]  # what is hidden from one who sees all is hidden from all
        while before is None or (found != before).any():
            before = found
            for here, anyway in zip(seen, known, strict=True):
                # The algebra first: it finds the shortest ring of cells, where lines one by one would go on and on.
                found = self._by_algebra(found, here=here, may=may, known=anyway)
                found = self._by_partitions(found, smallest_group, here=here, may=may & ~anyway)
        return found

    def _beside(self, place: int) -> list[tuple[int, ...]]:
        """What may be published beside a table: all coarser tables (this comes first), or the whole and one of them.

        What all of them give away between them, one alone does not: it still must not
        (test_what_all_tables_give_away_is_still_hidden_where_only_some_are_published).
        """
        coarser = [other for other, keys in enumerate(self.levels) if {*keys} < {*self.levels[place]}]
        fewer = [(place, *sorted({coarser[0], other})) for other in coarser]
        return [(place, *coarser), *(places for places in fewer if len(places) <= len(coarser))]

    def _known(self, shown: Flags) -> Flags:
        """What is known anyway from totals that stay: like an empty cell it can neither hide another nor be hidden."""
        known = np.zeros(len(self.level), dtype=np.bool_)
        if shown.any():
            for rows, totals in self.tables:
                known[rows] = solvable(totals, shown[rows])
        return known

    def _by_partitions(self, withheld: Flags, smallest_group: int, *, here: Flags, may: Flags) -> Flags:
        """Every total that is shown is a partition into the totals of each finer level."""
        withheld = withheld.copy()
        seen, free = (np.unique(self.level[flags]) for flags in (here, may))
        for coarse, fine in ((a, b) for a in seen for b in free if {*self.levels[a]} < {*self.levels[b]}):
            keys = [*self.whole, *self.levels[coarse]]
            marked = self.published.with_columns(pl.Series("_withheld", withheld))
            parents = marked.filter((self.level == coarse) & here & ~withheld).select(keys)
            parts = marked.filter((self.level == fine) & may).join(parents, on=keys, how="semi", nulls_equal=True)
            judged = with_withheld_of_partition(
                parts, size=SIZE, smallest_group=smallest_group, keys=[*keys, ROW], group=[ROW], also="_withheld"
            )
            withheld[judged.filter("withheld")[ROW].to_numpy()] = True
        return withheld

    def _by_algebra(self, withheld: Flags, *, here: Flags, may: Flags, known: Flags) -> Flags:
        """Whatever could be solved for, and is not known anyway, is hidden by withholding others."""
        withheld = withheld.copy()
        for rows, totals in self.tables:
            inside = here[rows]
            if (withheld[rows] & inside & ~known[rows]).any():
                table = rows[inside]
                hidden = hiding(
                    np.unique(totals[inside], axis=1), self.sizes[table], withheld[table], may[table], known[table]
                )
                withheld[table] = hidden
        return withheld

    def _rows_at(self, cells: pl.DataFrame, place: int) -> Rows:
        keys = [*self.whole, *self.levels[place]]
        rows = self.published.filter(pl.col(LEVEL) == place).select(*keys, ROW)
        found: Rows = cells.join(rows, on=keys, how="left", nulls_equal=True, maintain_order="left")[ROW].to_numpy()
        return found

    def _tables(self) -> list[tuple[Rows, Floats]]:
        """For each whole the rows of its totals, and the cells that these are sums of (1, else 0)."""
        table = self.published.select(pl.struct(self.whole).rank("dense")).to_series().to_numpy()
        # An empty cell is known: it can neither hide another nor give it away.
        peopled = self.rows_of_cells[np.argsort(self.rows_of_cells[:, -1])]
        peopled = peopled[self.sizes[peopled[:, -1]] > 0]
        tables = []
        for number in np.unique(table):
            rows = np.flatnonzero((table == number) & (self.sizes > 0))
            inside = peopled[table[peopled[:, -1]] == number]
            tables.append((rows, (inside == rows[:, None, None]).any(axis=2).astype(np.float64)))
        return tables


def _published(cells: pl.DataFrame, *, whole: Sequence[str], levels: Sequence[tuple[str, ...]]) -> pl.DataFrame:
    """Every total of every level, a row each; the keys that it was summed over are null.

    They are in the order of their keys: of equals the first is withheld, and if the order of the cells told which, then
    two orders would give away what each of them withholds.
    """
    tables = [
        cells.group_by(*whole, *level)
        .agg(pl.col(SIZE).sum())
        .sort(*whole, *level)
        .with_columns(pl.lit(place).alias(LEVEL))
        for place, level in enumerate(levels)
    ]
    # The last table has all keys, and so the order of the columns.
    return pl.concat([*tables[-1:], *tables], how="diagonal").slice(tables[-1].height).with_row_index(ROW)
