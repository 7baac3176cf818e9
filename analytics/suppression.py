"""Tables that are published with their totals, and what is withheld of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl

from analytics.lattice import LEVEL, SIZE, Lattice
from analytics.options import refuse_strange_options
from analytics.schemas import FrameError

SUPPRESSED: Final = pl.Schema({"summed_over": pl.List(pl.String), "people": pl.Int64(), "withheld": pl.Boolean()})
"""What `suppressed_totals` says of a total: over which group keys it was summed (these are null in its row), and how
many people it holds, null where withheld. The key columns stand in front."""


def suppressed_totals(
    cells: pl.DataFrame,
    *,
    by: Sequence[str],
    group: Sequence[str],
    totals: Sequence[Sequence[str]] | None = None,
    smallest_group: int = 5,
) -> pl.DataFrame:
    """The cells and their totals as they may be published together, with what must be withheld.

    `cells` has the key columns `by` and `people` (whole numbers); `group` are those keys that divide people (class,
    unit, component, ...). Totals are published within the other keys for every subset of `group`, or for the subsets in
    `totals`; the cells themselves always. Gives a row for each with the columns of `SUPPRESSED`, the coarsest first,
    in the order of their keys.

    Withheld are groups below `smallest_group`; within every total that is shown, parts whose complement is below it,
    and then enough others that the withheld parts are at least two and together reach it; and whatever else is needed
    so that no withheld number of people can be solved for from all totals that are shown (`solving.solvable`), even by
    somebody who knows which cells are empty. An empty cell is withheld like a small one, and counts as known. A larger
    `smallest_group` never shows more.

    The limit: that a number cannot be solved for does not mean that it is vague. Within each total that is shown it is
    between 0 and `smallest_group` at least; all totals together, with no count below 0, may bound it more narrowly than
    that (never to one number, where cells divide people by two keys). To prevent it would take two linear programmes
    for each small cell. Tests measure it (`tests/analytics/bounding.py`).

    Raises `FrameError` where 'people' is not a count, `ValueError` for keys that are not asked for and for a
    `smallest_group` below 0.
    """
    refuse_strange_options(smallest_group=smallest_group)
    levels = _levels(group, _subsets(group) if totals is None else totals)
    whole = [key for key in by if key not in group]
    _refuse_strange_cells(cells, by=by, group=group)
    lattice = Lattice(cells, size="people", whole=whole, levels=levels)
    withheld = lattice.closed(smallest_group)
    published = lattice.published.with_columns(withheld=pl.Series(withheld))
    left_out = [[key for key in group if key not in level] for level in levels]
    return published.select(
        *by,
        pl.col(LEVEL)
        .replace_strict(list(range(len(levels))), left_out, return_dtype=SUPPRESSED["summed_over"])
        .alias("summed_over"),
        pl.when(~pl.col("withheld")).then(pl.col(SIZE)).alias("people"),
        "withheld",
    )


def with_crossed_withheld(
    cells: pl.DataFrame,
    *,
    size: str,
    smallest_group: int,
    keys: Sequence[str],
    group: Sequence[str],
    also: str | None = None,
) -> pl.DataFrame:
    """The cells with a column `withheld`, where several keys of `group` divide people and cross (class and unit).

    The totals over some of these keys are made by other calls, which know nothing of this one. So every table, from the
    coarsest on, withholds among its own cells alone, by the same rule wherever it is made; the coarser stay as they are
    (test_classes_by_units_cannot_be_solved_for_from_classes_and_units_of_other_calls).

    That is safe where every class has people of every unit. Where cells are empty, and the table shows which, the
    totals of the other calls can give a small cell away between them, and nothing withheld here takes that back: tables
    that cross and are published together are then made by `suppressed_totals`. What the other totals tell anyway hides
    nobody, so it is not withheld for that; but it stays hidden from one who has only the whole, or the whole and one
    other table, beside this one.

    `also` names a column that is true for cells to be withheld for a reason of their own, and protected alike.
    """
    whole = [key for key in keys if key not in group]
    levels = _levels(group, _subsets(group))
    lattice = Lattice(cells, size=size, whole=whole, levels=levels)
    forced = np.zeros(lattice.published.height, dtype=np.bool_)
    if also:
        forced[lattice.rows_of_cells[cells[also].to_numpy(), -1]] = True
    withheld = lattice.closed(smallest_group, step_by_step=True, forced=forced)
    return cells.with_columns(pl.Series("withheld", withheld[lattice.rows_of_cells[:, -1]]))


def _subsets(group: Sequence[str]) -> list[tuple[str, ...]]:
    return [subset for length in range(len(group) + 1) for subset in combinations(group, length)]


def _levels(group: Sequence[str], totals: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """The tables to be published, each by some keys of the group: the coarsest first, the cells themselves last."""
    for strange in (key for total in totals for key in total if key not in group):
        raise ValueError(f"The total over {strange!r} is not of the group: {', '.join(group)}.")
    inside = {tuple(key for key in group if key in total) for total in totals} - {tuple(group)}
    return [*sorted(inside, key=lambda level: (len(level), [group.index(key) for key in level])), tuple(group)]


def _refuse_strange_cells(cells: pl.DataFrame, *, by: Sequence[str], group: Sequence[str]) -> None:
    for key in (*group, *by):
        if key not in by:
            raise ValueError(f"The group {key!r} is not among the columns asked for: {', '.join(by)}.")
        if key not in cells.columns:
            raise FrameError(f"The column {key!r} is missing; name the keys that the cells have.")
    if not cells.schema.get("people", pl.Null()).is_integer():
        raise FrameError("The column 'people' must hold whole numbers: how many people stand behind each cell.")
    if cells.filter(pl.col("people").is_null() | (pl.col("people") < 0)).height:
        raise FrameError("The column 'people' holds nulls or numbers below 0; give a count for each cell.")
