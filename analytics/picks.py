"""Which modules were named among few: "pick up to three to revise first"."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from analytics.formulas import divided, wilson_interval
from analytics.options import refuse_strange_keys, refuse_strange_options
from analytics.privacy import groups_of, with_withheld, without_small_groups
from analytics.schemas import BLANK, PICKS, checked_counts, refuse_missing

PICKED = 1
"""The step that says that a module was picked; `BLANK` says that it could have been and was not."""

NUMBERS = [name for name in PICKS if name != "withheld"]


def pick_shares(
    counts: pl.DataFrame,
    *,
    by: Sequence[str] = ("cohort", "module", "item"),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pl.DataFrame:
    """The share of responses that picked each module, small groups withheld.

    Takes counts (schema `COUNTS`) in which the item is the key of the pick, step 1 "picked" and `BLANK` "not picked".
    Gives a row for each of `by`, which names `module` and `item`, with the columns of `PICKS`: `n` responses, `picked`,
    `share` from 0 to 1 with Wilson's interval, `withheld` where fewer than `smallest_group` responded. `group` as for
    `measures`. Several cohorts are added up from those that are shown, and from these alone.

    Picks are not blurred as `measures` blurs ratings: each names up to three modules of many, so nearly every module is
    one that nearly nobody picked, which is what the question is asked for, and tells of nobody what they think of it.
    """
    if not {"module", "item"} <= set(by):
        # A trainee picks up to three: over several modules the share would count people more than once.
        raise ValueError("Picks are counted module by module: name 'module' and 'item' among the columns asked for.")
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence)
    refuse_strange_keys(by, taken=[*PICKS, "step"])
    refuse_missing(by, among=counts.columns)
    n = pl.col("n")
    keys = [*dict.fromkeys([*by, "cohort"])]
    parts = (
        checked_counts(counts)
        .filter(pl.col("step").is_in([PICKED, BLANK]))
        .group_by(keys, maintain_order=True)
        .agg(n.sum(), n.filter(pl.col("step") == PICKED).sum().alias("picked"))
    )
    # A withheld cohort in the sum of all could be subtracted
    # (test_picks_of_a_withheld_cohort_cannot_be_subtracted_from_those_of_all).
    marked = with_withheld(parts, size="n", smallest_group=smallest_group, keys=keys, group=groups_of(by, group))
    shown_parts = pl.col("n", "picked").filter(~pl.col("withheld")).sum()
    cells = marked.group_by(by, maintain_order=True).agg(shown_parts)
    people = cells["n"].to_numpy().astype(np.float64)
    share = divided(cells["picked"].to_numpy().astype(np.float64), people)
    low, high = wilson_interval(share, people, confidence=confidence)
    described = cells.with_columns(
        pl.Series("share", share, nan_to_null=True),
        pl.Series("share_low", low, nan_to_null=True),
        pl.Series("share_high", high, nan_to_null=True),
    )
    shown = without_small_groups(
        described, size="n", smallest_group=smallest_group, numbers=NUMBERS, keys=by, group=groups_of(by, group)
    )
    return shown.select(*by, *PICKS)
