"""What is tested together is judged together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

SIGNIFICANT: Final = 0.05
"""Below this a p value, adjusted for its family, is more than chance."""


def with_adjusted(tests: pl.DataFrame, *, within: Sequence[str] = ()) -> pl.DataFrame:
    """With `p_adjusted`: p times the number of tests over its rank, never above that of a larger p.

    Takes a row per test with its `p_value` (null where none was made: no test, and not counted as one). `within` names
    the columns that tell one family of tests from another; without them all rows are one.

    Benjamini and Hochberg, J. R. Stat. Soc. B 1995; statsmodels `multipletests(method="fdr_bh")`.
    """
    p_value = pl.col("p_value")
    made, larger = p_value.count(), pl.int_range(pl.len())
    falling = tests.with_row_index("_place").sort("p_value", descending=True, nulls_last=True)
    adjusted = (p_value * made / (made - larger)).cum_min().clip(upper_bound=1.0)
    family = adjusted.over(within) if within else adjusted
    return falling.with_columns(p_adjusted=family).sort("_place").drop("_place")
