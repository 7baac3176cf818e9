"""The last step of every public function: what too few people said is withheld, and what subtraction would reveal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.options import refuse_strange_options
from analytics.partitions import with_withheld_of_partition
from analytics.suppression import with_crossed_withheld

CURRICULUM: Final = frozenset({"programme", "cohort", "component", "module", "criterion", "item"})
"""Keys that say what was rated. Any other key (class, unit, ...) says who rated, and divides people into groups; so
does the version of a module, where one cohort was taught two."""


def groups_of(by: Sequence[str], group: Sequence[str] | None) -> tuple[str, ...]:
    """The keys that divide people into groups: those named, or else every key that is not of the curriculum."""
    if group is None:
        return tuple(name for name in by if name not in CURRICULUM)
    strangers = [name for name in group if name not in by]
    if strangers:
        raise ValueError(f"The group {strangers[0]!r} is not among the columns asked for: {', '.join(by)}.")
    return tuple(group)


def with_withheld(
    cells: pl.DataFrame,
    *,
    size: str,
    smallest_group: int,
    keys: Sequence[str] = (),
    group: Sequence[str] = (),
    also: str | None = None,
) -> pl.DataFrame:
    """The cells with a column `withheld`: true where the numbers of a cell must not be shown.

    `size` names the column with the number of people in a cell. Cells that differ only in `group` (some of `keys`)
    are a partition of a whole that is shown elsewhere: see `with_withheld_of_partition`. Where several keys divide
    people (class and unit), the totals over each of them are shown elsewhere too: see `with_crossed_withheld`.
    `also` names a column that is true for cells to be withheld for a reason of their own, and protected alike.
    """
    withheld = with_crossed_withheld if len(group) > 1 else with_withheld_of_partition
    return withheld(cells, size=size, smallest_group=smallest_group, keys=keys, group=group, also=also)


def without_small_groups(
    cells: pl.DataFrame,
    *,
    size: str,
    smallest_group: int,
    numbers: Sequence[str],
    keys: Sequence[str] = (),
    group: Sequence[str] = (),
    also: str | None = None,
) -> pl.DataFrame:
    """The cells with their `numbers` null wherever `with_withheld` says that they must not be shown.

    n is a number too: all that is said of a withheld cell is that it has fewer than `smallest_group`, or that `also`
    is true of it.

    Raises `ValueError` for a `smallest_group` below 0.
    """
    refuse_strange_options(smallest_group=smallest_group)
    marked = with_withheld(cells, size=size, smallest_group=smallest_group, keys=keys, group=group, also=also)
    return marked.with_columns(pl.when(~pl.col("withheld")).then(pl.col(*numbers)).name.keep())
