"""Which modules stand out in their cohort, and in which order they are looked at for revision."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from analytics.blurring import possible_counts
from analytics.cells import parts_of, rolled_up, step_counts
from analytics.formulas import mean_and_spread
from analytics.measures import measures
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups
from analytics.schemas import checked, refuse_missing

STANDINGS: Final = ("worse", "around", "better", "too few")

AGAINST_COHORT: Final = pl.Schema(
    {
        "cohort_mean": pl.Float64(),
        "from_cohort": pl.Float64(),
        "standing": pl.String(),
        "modules": pl.Int64(),
        "direction": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `against_cohort` says of a module; cohort, module and item stand in front."""


STANDS: Final = pl.col("standing") != "too few"
COHORT_MEANS: Final = ("cohort_mean", "_lowest_mean", "_highest_mean")


def against_cohort(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """How each module stands against the mean of its cohort in the same item.

    Takes counts (schema `COUNTS`) and scales (`ITEMS`); gives a row for each cohort, module and item with the columns
    of `AGAINST_COHORT`: `cohort_mean` and `from_cohort` (module less cohort) in steps, and a `standing`: "worse" or
    "better" (by the item's direction) only if the interval of the module's mean leaves out the cohort's mean, else
    "around"; "too few" where the module is withheld. `modules` of the cohort are shown in this item; one that is shown
    alone is its cohort's mean. Neither end of a "middle" item is worse: its modules are "around".

    A cohort's modules are looked at all at once, so their intervals are widened until they hold together (Bonferroni:
    each at 1 - (1 - confidence) / modules). Leniency shared by module and cohort is left in, which only makes "worse"
    and "better" rarer.

    A module that is `blurred`, as `measures` blurs it with the same `unanimous_below`, has a standing and neither
    number. The cohort's mean counts it as though all of its ratings stood on the step of most, so that nothing more is
    told of it; a standing holds wherever the one rating in doubt stands, its own or another module's.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    rated = counts.filter(pl.col("module").is_not_null())
    modules = rated.select("cohort", "module").unique().group_by("cohort").len()["len"].max()
    together = 1 - (1 - confidence) / (modules if isinstance(modules, int) else 1)
    cells = measures(
        rated,
        items,
        by=("cohort", "module", "item"),
        smallest_group=smallest_group,
        confidence=together,
        unanimous_below=unanimous_below,
    )
    cohorts = _cohort_means(rated, items, smallest_group=smallest_group, unanimous_below=unanimous_below)
    return (
        cells.join(cohorts, on=["cohort", "item"], maintain_order="left")
        .with_columns(from_cohort=pl.col("mean") - pl.col("cohort_mean"))
        .with_columns(standing=_standing())
        .with_columns(modules=pl.when(STANDS).then(STANDS.sum().over("cohort", "item").cast(pl.Int64)))
        .with_columns(pl.when(~pl.col("blurred")).then("cohort_mean").alias("cohort_mean"))
        .select("cohort", "module", "item", *AGAINST_COHORT)
    )


def _cohort_means(
    rated: pl.DataFrame, items: pl.DataFrame, *, smallest_group: int, unanimous_below: int
) -> pl.DataFrame:
    """The `cohort_mean` of each cohort in each item, and between which it lies whatever blurred modules hold."""
    by = ("cohort", "item")
    parts = parts_of(rated, items, by=by, smallest_group=smallest_group, group=None, unanimous_below=unanimous_below)
    cells = rolled_up(parts, by=by)
    means = [mean_and_spread(possible)[0] for possible in possible_counts(cells, step_counts(cells))]
    ends = (means[0], np.minimum.reduce(means), np.maximum.reduce(means))
    numbers = [pl.Series(name, end, nan_to_null=True) for name, end in zip(COHORT_MEANS, ends, strict=True)]
    return without_small_groups(
        cells.with_columns(numbers), size="people", smallest_group=smallest_group, numbers=COHORT_MEANS
    ).select(*by, *COHORT_MEANS)


def by_need_of_revision(modules: pl.DataFrame) -> pl.DataFrame:
    """The modules as they should be looked at: clearly worse, around, clearly better than the cohort, too few answers.

    Takes rows with the columns of `AGAINST_COHORT`, and `share` of responses that picked the module for revision.
    Within a standing the further a mean lies on the worse side the earlier the module stands, and picks decide between
    equals; the intervals there overlap the cohort's mean alike, so this inner order is a guess and must be called one.
    What is blurred has no distance to go by and comes last within its standing.
    """
    place = pl.col("standing").replace_strict({name: i for i, name in enumerate(STANDINGS)}, return_dtype=pl.Int8)
    goodness = pl.col("from_cohort") * _sign()
    refuse_missing(["share"], among=modules.columns)
    return checked(modules, AGAINST_COHORT).sort(
        place, goodness, -pl.col("share").fill_null(0), nulls_last=True, maintain_order=True
    )


def _standing() -> pl.Expr:
    # All gave the same answer: there is no spread to judge by, and an interval without width would be sure of anything.
    judged = pl.col("mean_low") < pl.col("mean_high")
    above = judged & (pl.col("mean_low") > pl.col("_highest_mean"))
    below = judged & (pl.col("mean_high") < pl.col("_lowest_mean"))
    return (
        pl.when(pl.col("withheld") | pl.col("cohort_mean").is_null())
        .then(pl.lit("too few"))
        .when((above & (_sign() > 0)) | (below & (_sign() < 0)))
        .then(pl.lit("better"))
        .when((below & (_sign() > 0)) | (above & (_sign() < 0)))
        .then(pl.lit("worse"))
        .otherwise(pl.lit("around"))
    )


def _sign() -> pl.Expr:
    """Whether more steps are better (1), worse (-1) or neither (0)."""
    return pl.col("direction").replace_strict({"up": 1, "middle": 0, "down": -1}, return_dtype=pl.Int8)
