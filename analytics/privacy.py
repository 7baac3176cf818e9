"""The last step of every public function: what too few people said is withheld, and what subtraction would reveal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

CURRICULUM: Final = frozenset({"programme", "cohort", "component", "module", "version", "item"})
"""Keys that say what was rated. Any other key (class, unit, ...) says who rated, and divides people into groups."""


def groups_of(by: Sequence[str], group: Sequence[str] | None) -> tuple[str, ...]:
    """The keys that divide people into groups: those named, or else every key that is not of the curriculum."""
    if group is None:
        return tuple(name for name in by if name not in CURRICULUM)
    strangers = [name for name in group if name not in by]
    if strangers:
        raise ValueError(f"The group {strangers[0]!r} is not among the columns asked for: {', '.join(by)}.")
    return tuple(group)


def with_withheld(
    cells: pl.DataFrame, *, size: str, smallest_group: int, keys: Sequence[str] = (), group: Sequence[str] = ()
) -> pl.DataFrame:
    """The cells with a column `withheld`: true where the numbers of a cell must not be shown.

    `size` names the column with the number of people in a cell. Cells that differ only in `group` (some of `keys`)
    are a partition of a whole that is shown elsewhere. There a cell is shown only if it and its complement reach
    `smallest_group`; and the cells withheld are at least two, with at least `smallest_group` people together, because
    subtracting the cells shown from the whole gives their sum (the smallest of the others are withheld with them).
    """
    if not group:
        return cells.with_columns(withheld=pl.col(size) < smallest_group)
    whole = [name for name in keys if name not in group]
    return (
        cells.with_row_index("_place")
        .with_columns(_at_risk=_at_risk(size, whole, smallest_group))
        # An empty cell has nobody to protect, and protects nobody: it comes last.
        .sort(pl.col(size) == 0, ~pl.col("_at_risk"), pl.col(size), "_place")
        .with_columns(
            _before=_over(pl.col(size).cum_sum() - pl.col(size), whole),
            _rank=_over(pl.int_range(pl.len()), whole),
        )
        .with_columns(_protects=(pl.col("_before") < smallest_group) | (pl.col("_rank") < 2))
        .with_columns(
            withheld=(pl.col(size) < smallest_group)
            | pl.col("_at_risk")
            | (_over(pl.col("_at_risk").any(), whole) & pl.col("_protects"))
        )
        .sort("_place")
        .drop("_place", "_at_risk", "_before", "_rank", "_protects")
    )


def without_small_groups(
    cells: pl.DataFrame,
    *,
    size: str,
    smallest_group: int,
    numbers: Sequence[str],
    keys: Sequence[str] = (),
    group: Sequence[str] = (),
) -> pl.DataFrame:
    """The cells with their `numbers` null wherever `with_withheld` says that they must not be shown.

    n is a number too: all that is said of a withheld cell is that it has fewer than `smallest_group`.
    """
    marked = with_withheld(cells, size=size, smallest_group=smallest_group, keys=keys, group=group)
    return marked.with_columns(pl.when(~pl.col("withheld")).then(pl.col(*numbers)).name.keep())


def _at_risk(size: str, whole: Sequence[str], smallest_group: int) -> pl.Expr:
    n = pl.col(size)
    complement = _over(n.sum(), whole) - n
    # No complement: the cell is the whole and shows nothing that the whole does not show.
    return (n > 0) & ((n < smallest_group) | ((complement > 0) & (complement < smallest_group)))


def _over(value: pl.Expr, keys: Sequence[str]) -> pl.Expr:
    return value.over(keys) if keys else value
