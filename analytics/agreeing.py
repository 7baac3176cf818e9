"""Groups of people who nearly all said the same are withheld, and so is what would tell it by subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from analytics.blurring import STEP
from analytics.privacy import with_withheld


def with_withheld_agreement(
    parts: pl.DataFrame, smallest_group: int, *, keys: Sequence[str], group: Sequence[str], agree: pl.Expr
) -> pl.DataFrame:
    """The parts with a column `withheld`, which is also true of those of several in which nearly all said the same.

    What is withheld of a whole is known together, by subtraction of what is shown. If it agrees nearly, then the
    smallest of those shown is withheld with it, until it does not or nothing is left (below every total that is shown).
    """
    whole = [name for name in keys if name not in group]
    wholes = [[*whole, *some] for length in range(len(group)) for some in combinations(group, length)]
    several = pl.col("people") < pl.col("people").sum().over(whole)
    forced = parts.with_columns(_forced=agree & several)
    while True:
        marked = with_withheld(
            forced, size="people", smallest_group=smallest_group, keys=keys, group=group, also="_forced"
        )
        more = pl.any_horizontal(_protects_agreement(marked, whole=one, keys=keys, agree=agree) for one in wholes)
        forced = marked.with_columns(pl.col("_forced") | more).drop("withheld")
        if forced["_forced"].equals(marked["_forced"]):
            return marked.drop("_forced")


def _protects_agreement(
    marked: pl.DataFrame, *, whole: Sequence[str], keys: Sequence[str], agree: pl.Expr
) -> pl.Series:
    """Which cell is withheld next, in every one of `whole` of which the withheld parts agree nearly."""
    together = marked.group_by(whole, maintain_order=True).agg(
        pl.col("n", "people", f"^{STEP}.*$").filter(pl.col("withheld")).sum()
    )
    agreed = together.select(*whole, _agreed=agree)
    shown = ~pl.col("withheld") & (pl.col("people") > 0)
    return (
        marked.with_row_index("_place")
        .join(agreed, on=whole, how="left", nulls_equal=True, maintain_order="left")
        .sort(~shown, "people", *keys, "_place")
        .with_columns(_next=shown & pl.col("_agreed") & (pl.int_range(pl.len()).over(whole) == 0))
        .sort("_place")["_next"]
    )
