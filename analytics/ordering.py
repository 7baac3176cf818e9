"""Which modules stand out in their cohort, and in which order they are looked at for revision."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.measures import measures
from analytics.options import refuse_strange_options
from analytics.schemas import checked

STANDINGS: Final = ("worse", "around", "better", "too few")

AGAINST_COHORT: Final = pl.Schema(
    {
        "cohort_mean": pl.Float64(),
        "from_cohort": pl.Float64(),
        "standing": pl.String(),
        "direction": pl.String(),
        "withheld": pl.Boolean(),
    }
)
"""What `against_cohort` says of a module; cohort, module and item stand in front."""


def against_cohort(
    counts: pl.DataFrame, items: pl.DataFrame, *, smallest_group: int = 5, confidence: float = 0.95
) -> pl.DataFrame:
    """How each module stands against the mean of its cohort in the same item.

    Takes counts (schema `COUNTS`) and scales (`ITEMS`); gives a row for each cohort, module and item with the columns
    of `AGAINST_COHORT`: `cohort_mean` and `from_cohort` (module less cohort) in steps, and a `standing`: "worse" or
    "better" (by the item's direction) only if the interval of the module's mean leaves out the cohort's mean, else
    "around"; "too few" where the module is withheld. Neither end of a "middle" item is worse: its modules are "around".

    A cohort's modules are looked at all at once, so their intervals are widened until they hold together (Bonferroni:
    each at 1 - (1 - confidence) / modules). Leniency shared by module and cohort is left in, which only makes "worse"
    and "better" rarer.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence)
    rated = counts.filter(pl.col("module").is_not_null())
    modules = rated.select("cohort", "module").unique().group_by("cohort").len()["len"].max()
    together = 1 - (1 - confidence) / (modules if isinstance(modules, int) else 1)
    cells = measures(rated, items, by=("cohort", "module", "item"), smallest_group=smallest_group, confidence=together)
    cohorts = measures(rated, items, by=("cohort", "item"), smallest_group=smallest_group)
    return (
        cells.join(cohorts.select("cohort", "item", cohort_mean="mean"), on=["cohort", "item"], maintain_order="left")
        .with_columns(from_cohort=pl.col("mean") - pl.col("cohort_mean"))
        .with_columns(standing=_standing())
        .select("cohort", "module", "item", *AGAINST_COHORT)
    )


def by_need_of_revision(modules: pl.DataFrame) -> pl.DataFrame:
    """The modules as they should be looked at: clearly worse, around, clearly better than the cohort, too few answers.

    Takes rows with the columns of `AGAINST_COHORT`, and `share` of responses that picked the module for revision.
    Within a standing the further a mean lies on the worse side the earlier the module stands, and picks decide between
    equals; the intervals there overlap the cohort's mean alike, so this inner order is a guess and must be called one.
    """
    place = pl.col("standing").replace_strict({name: i for i, name in enumerate(STANDINGS)}, return_dtype=pl.Int8)
    goodness = pl.col("from_cohort") * _sign()
    return checked(modules, AGAINST_COHORT).sort(
        place, goodness, -pl.col("share").fill_null(0), nulls_last=True, maintain_order=True
    )


def _standing() -> pl.Expr:
    # All gave the same answer: there is no spread to judge by, and an interval without width would be sure of anything.
    judged = pl.col("mean_low") < pl.col("mean_high")
    above = judged & (pl.col("mean_low") > pl.col("cohort_mean"))
    below = judged & (pl.col("mean_high") < pl.col("cohort_mean"))
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
