"""Everything that a page of results or `gopy report` shows, from counts, in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.comparing import changes_to_previous
from analytics.measures import measures
from analytics.options import refuse_strange_cohorts
from analytics.ordering import against_cohort
from analytics.picks import pick_shares
from analytics.policy import UNANIMOUS_BELOW
from analytics.schemas import COUNTS, FrameError, checked, checked_items


@dataclass(frozen=True, slots=True)
class FullReport:
    """Frames, each with small groups withheld; the key columns stand in front.

    - `modules`: columns of `MEASURES` for each cohort, module and item; no module (null) for the course as a whole;
    - `components`: the same for each cohort, component and item, `cohorts` for each cohort and item, both made of the
      modules that may be shown;
    - `changes`: columns of `CHANGES` for each module and item in each cohort, against the last cohort before it that
      had the module;
    - `standings`: columns of `AGAINST_COHORT` for each cohort, module and item;
    - `picks`: columns of `PICKS` for each cohort, module and pick; no rows where nothing was to be picked.
    """

    modules: pl.DataFrame
    components: pl.DataFrame
    cohorts: pl.DataFrame
    changes: pl.DataFrame
    standings: pl.DataFrame
    picks: pl.DataFrame


def full_report(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    cohorts: Sequence[str],
    picks: Sequence[str] = (),
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> FullReport:
    """All that counts say of these cohorts: measures, comparisons, standings, picks, each with small groups withheld.

    Takes counts (schema `COUNTS`), the scales of the rated items (`ITEMS`) and the keys of the cohorts in their order
    in time; counts of other cohorts are left out. `picks` names the items that are picks ("revise first"). For one form
    per person: leave out questions that the same people answered on several days (`measures` with `times`).

    Formulas and sources stand with the functions that this puts together: `measures`, `changes_to_previous`,
    `against_cohort`, `pick_shares`. Raises `FrameError` for frames that are not what they should be and for an item
    that is neither rated nor a pick, `ValueError` for impossible options.
    """
    refuse_strange_cohorts(cohorts)
    _refuse_rated_picks(items, picks)
    shown = checked(counts, COUNTS).filter(pl.col("cohort").is_in(list(cohorts)))
    picked = pl.col("item").is_in(list(picks))
    ratings = shown.filter(~picked)
    of_modules = ratings.filter(pl.col("module").is_not_null())

    def measured(some: pl.DataFrame, *by: str) -> pl.DataFrame:
        return measures(
            some,
            items,
            by=by,
            smallest_group=smallest_group,
            confidence=confidence,
            unanimous_below=unanimous_below,
        )

    return FullReport(
        modules=measured(ratings, "cohort", "module", "item"),
        components=measured(of_modules, "cohort", "component", "item"),
        cohorts=measured(ratings, "cohort", "item"),
        changes=changes_to_previous(
            ratings,
            items,
            cohorts=cohorts,
            smallest_group=smallest_group,
            confidence=confidence,
            unanimous_below=unanimous_below,
        ),
        standings=against_cohort(
            of_modules,
            items,
            smallest_group=smallest_group,
            confidence=confidence,
            unanimous_below=unanimous_below,
        ),
        picks=pick_shares(shown.filter(picked), smallest_group=smallest_group, confidence=confidence),
    )


def _refuse_rated_picks(items: pl.DataFrame, picks: Sequence[str]) -> None:
    both = [name for name in picks if name in checked_items(items)["item"]]
    if both:
        raise FrameError(f"The column 'item' names {both[0]!r}, which is also said to be a pick: it is one of the two.")
