"""One partition of people (the classes of a module): which parts are withheld, the whole being shown elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl


def with_withheld_of_partition(
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
    are a partition of a whole that is shown elsewhere. There a cell is shown only if it and its complement reach
    `smallest_group`; and the cells withheld are at least two, with at least `smallest_group` people together, because
    subtracting the cells shown from the whole gives their sum (the smallest of the others are withheld with them; of
    equals the first by the keys of `group`, whatever the order of the rows, or two orders would tell two parts).

    `also` names a column that is true for cells to be withheld for a reason of their own, and protected alike.
    """
    forced = pl.col(also) if also else pl.lit(False)
    if not group:
        return cells.with_columns(withheld=(pl.col(size) < smallest_group) | forced)
    whole = [name for name in keys if name not in group]
    return (
        cells.with_row_index("_place")
        .with_columns(_at_risk=_at_risk(size, whole, smallest_group) | (forced & (pl.col(size) > 0)))
        # An empty cell has nobody to protect, and protects nobody: it comes last.
        .sort(pl.col(size) == 0, ~pl.col("_at_risk"), pl.col(size), *group, "_place")
        .with_columns(
            _before=_over(pl.col(size).cum_sum() - pl.col(size), whole),
            _rank=_over(pl.int_range(pl.len()), whole),
        )
        .with_columns(_protects=(pl.col("_before") < smallest_group) | (pl.col("_rank") < 2))
        .with_columns(
            withheld=(pl.col(size) < smallest_group)
            | forced
            | pl.col("_at_risk")
            | (_over(pl.col("_at_risk").any(), whole) & pl.col("_protects"))
        )
        .sort("_place")
        .drop("_place", "_at_risk", "_before", "_rank", "_protects")
    )


def _at_risk(size: str, whole: Sequence[str], smallest_group: int) -> pl.Expr:
    n = pl.col(size)
    complement = _over(n.sum(), whole) - n
    # No complement: the cell is the whole and shows nothing that the whole does not show.
    return (n > 0) & ((n < smallest_group) | ((complement > 0) & (complement < smallest_group)))


def _over(value: pl.Expr, keys: Sequence[str]) -> pl.Expr:
    return value.over(keys) if keys else value
