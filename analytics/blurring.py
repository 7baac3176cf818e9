"""Where nearly everybody gave the same answer, the size of a group hides nobody: what is shown of it is blurred.

That all answers are equal tells everybody's answer (homogeneity attack: Machanavajjhala et al., l-Diversity, ACM TKDD
2007), and that all but one are tells it to that one. If only unanimous cells were blurred, the blur itself would say
what it hides (minimality attack: Wong et al., VLDB 2007). So both are blurred, and alike: all that is shown of them
follows from n and from the step that they share (test_who_sees_a_blurred_cell_cannot_tell_whether_somebody_differed).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from analytics.formulas import Floats

STEP, ODD = "_step_", "_odd_"
"""Columns with the counts of a step, and with how many ratings on it may in truth stand elsewhere."""

MOST_ODD: Final = 1
"""People who differ. Who may rate `times` times may have given as many ratings that do."""


def nearly_unanimous(*, below: int, times: int = 1) -> pl.Expr:
    """Whether at most one person's ratings of a part stand apart from all others, and fewer than `below` gave them."""
    odd = pl.col("n") - pl.max_horizontal(f"^{STEP}.*$")
    return (pl.col("n") > 0) & (odd <= MOST_ODD * times) & (pl.col("people") < below)


def with_blurred(parts: pl.DataFrame, *, below: int, times: int = 1) -> pl.DataFrame:
    """The parts, those `blurred` as though all of their ratings stood on the step of most, and one person's in doubt.

    Cells that are rolled up from parts are made from these numbers too: they say no more than the parts do.
    """
    marked = parts.with_columns(blurred=nearly_unanimous(below=below, times=times))
    if not marked["blurred"].any():
        return marked
    names = [name for name in parts.columns if name.startswith(STEP)]
    doubtful = pl.min_horizontal("n", pl.lit(MOST_ODD * times))
    marked = marked.with_columns(_most=pl.concat_list(names).list.arg_max())
    of_most = {name: pl.col("blurred") & (pl.col("_most") == place) for place, name in enumerate(names)}
    return marked.with_columns(
        *(pl.when(of).then("n").when("blurred").then(0).otherwise(name).alias(name) for name, of in of_most.items()),
        *(pl.when(of).then(doubtful).otherwise(0).alias(name.replace(STEP, ODD)) for name, of in of_most.items()),
    ).drop("_most")


def possible_counts(cells: pl.DataFrame, counts: Floats, *, times: int = 1) -> Sequence[Floats]:
    """The counts of the steps as they are, and if all ratings in doubt stood on the first step, on the second, and so
    on to the last; of somebody's `times` ratings also if some of them stood on the first and the others on the last.

    Where nothing is blurred there is no doubt, and only the first of them.

    For a single part with one rating in doubt these are all that it can be, and with several the furthest: the ends of
    a mean's interval are concave and convex in the ratings. Between them lies every mean and share of a cell rolled up
    from many parts; the ends of the intervals of its shares are the furthest there, of its means nearly: moving ratings
    moves a mean, and its standard error, in proportion to the distance.
    """
    if not cells["blurred"].any():
        return [counts]
    odd = cells.select(f"^{ODD}.*$").to_numpy().astype(np.float64)
    last = cells["steps"].to_numpy() - 1
    rows, doubtful = np.arange(len(counts)), odd.sum(axis=1)
    possible = [counts]
    for step in range(counts.shape[1]):
        moved = counts - odd
        moved[rows, np.minimum(step, last)] += doubtful
        possible.append(moved)
    for some in range(1, times):
        moved = counts - odd
        moved[:, 0] += doubtful * some / times
        moved[rows, last] += doubtful * (times - some) / times
        possible.append(moved)
    return possible


def widest(variants: Sequence[pl.DataFrame], *, low: Sequence[str], high: Sequence[str]) -> pl.DataFrame:
    """The least of the numbers `low` and the largest of the numbers `high` of the same rows in all variants."""
    of = {name: [one[name] for one in variants] for name in (*low, *high)}
    return pl.select(
        *(pl.min_horizontal(of[name]).alias(name) for name in low),
        *(pl.max_horizontal(of[name]).alias(name) for name in high),
    )
