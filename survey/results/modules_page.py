"""D1: the modules of a cohort, in the order in which they need revising, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
import polars as pl

from analytics import COUNTS, against_cohort, by_need_of_revision, compare, measures, pick_shares, without_small_groups
from survey.problems import Problem, Refusal
from survey.results import curriculum
from survey.results.access import SeenCohort
from survey.results.cohorts import CohortResults
from survey.results.policy import FEW, SMALLEST_GROUP, SMALLEST_GROUP_FOR_COMMENTS, UNANIMOUS_BELOW
from survey.results.questions import RatedItem, Reason, course_items, module_items, picks, scales_of, why_not_compared
from survey.results.reading import Frames
from survey.results.remembering import remembered

REVISE_FIRST = "revise_first"


class Filters(msgspec.Struct, frozen=True):
    """What the reader asked to see: one item, and which modules."""

    item: str = ""
    component: str = ""
    few: bool = False
    revised: bool = False


def chosen_item(items: Sequence[RatedItem], key: str) -> RatedItem:
    """The item that was asked for, else the first.

    Raises:
        Problem: the questionnaire has no such item, or none for modules.
    """
    found = [item for item in items if item.key == key or not key]
    if not found:
        raise Problem(Refusal.wrong_request)
    return found[0]


@remembered(most=64)
def modules_page(
    seen: SeenCohort, frames: Frames, comments: dict[str, int], filters: Filters, language: str
) -> dict[str, Any]:
    """What the template of D1 shows."""
    form = seen.cohort.asked.form
    items, of_course = module_items(form), course_items(form)
    item = chosen_item(items, filters.item)
    names = curriculum.components(frames.taught.filter(pl.col("cohort") == seen.cohort.key), language)
    if filters.component and filters.component not in names:
        raise Problem(Refusal.wrong_request)
    said = measured(frames.counts, seen.cohort, [item, *of_course])
    rows = module_rows(seen, frames, said, comments, item, language)
    shown = by_need_of_revision(rows.filter(*_conditions(filters))).to_dicts()
    return {
        "item": item,
        "items": items,
        "filters": filters,
        "components": names,
        "groups": [(standing, list(some)) for standing, some in groupby(shown, key=itemgetter("standing"))],
        "shown": len(shown),
        "total": rows.height,
        "rollups": rollups(frames.counts, item, seen.cohort.key, names),
        "course": course_rows(said, of_course),
        "picked": any(pick.key == REVISE_FIRST for pick in picks(form)),
        "compared": seen.previous is not None and _why_not(seen, item) is None,
        "why_not": _why_not(seen, item),
    }


def measured(counts: pl.DataFrame, cohort: CohortResults, items: list[RatedItem]) -> pl.DataFrame:
    """Measures of a cohort in these items, module by module; those of the whole course have no module."""
    asked = [item.key for item in items]
    now = counts.filter(pl.col("cohort") == cohort.key, pl.col("item").is_in(asked))
    of_course = pl.col("module").is_null()
    # About the course the same trainee may have answered on every day, about a module on its own day.
    said = [
        measures(
            now.filter(some),
            scales_of(items),
            by=("module", "item"),
            smallest_group=SMALLEST_GROUP,
            unanimous_below=UNANIMOUS_BELOW,
            times=times,
        )
        for some, times in ((~of_course, 1), (of_course, cohort.asked.sheets_each))
    ]
    return pl.concat(said)


def module_rows(
    seen: SeenCohort,
    frames: Frames,
    said: pl.DataFrame,
    comments: dict[str, int],
    item: RatedItem,
    language: str,
) -> pl.DataFrame:
    """A row per module: its measures, its standing in the cohort, its change, its picks and comments."""
    key, before = seen.cohort.key, seen.previous.key if seen.previous else ""
    ratings = frames.counts.filter(pl.col("item") == item.key, pl.col("module").is_not_null())
    own = frames.counts.filter(pl.col("cohort") == key)
    rated = said.filter(pl.col("item") == item.key, pl.col("module").is_not_null())
    standings = against_cohort(
        ratings.filter(pl.col("cohort") == key),
        scales_of([item]),
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
    by: Any = {"on": "module", "how": "left", "maintain_order": "left"}
    return (
        curriculum.modules(frames.taught.filter(pl.col("cohort") == key), language)
        .join(rated, **by)
        .join(standings.select("module", "cohort_mean", "from_cohort", "standing", "modules"), **by)
        .join(curriculum.revised(frames.taught, before=before, after=key), **by)
        .join(_changes(seen, ratings, item), **by)
        .join(_picks(own), **by)
        .join(_comments(rated, comments), **by)
        .with_columns(
            pl.col("standing").fill_null("too few"),
            pl.col("withheld").fill_null(True),
            pl.col("blurred").fill_null(False),
            pl.col("direction").fill_null(item.scale.direction),
        )
    )


def _why_not(seen: SeenCohort, item: RatedItem) -> Reason | None:
    """Why no change since the cohort before is computed; none where it is, or where there is no such cohort."""
    return seen.previous and why_not_compared(seen.previous.asked.form, seen.cohort.asked.form, item.key)


def _changes(seen: SeenCohort, ratings: pl.DataFrame, item: RatedItem) -> pl.DataFrame:
    before = seen.previous.key if seen.previous and not _why_not(seen, item) else ""
    changes = compare(
        ratings,
        scales_of([item]),
        before=before,
        after=seen.cohort.key,
        by=("module", "item"),
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
    return changes.select("module", "verdict", "difference", "difference_low", "difference_high", "n_before")


def _picks(counts: pl.DataFrame) -> pl.DataFrame:
    shares = pick_shares(
        counts.filter(pl.col("item") == REVISE_FIRST), by=("module", "item"), smallest_group=SMALLEST_GROUP
    )
    return shares.select("module", "picked", "share", pick_n="n")


def _comments(said: pl.DataFrame, comments: dict[str, int]) -> pl.DataFrame:
    """How many comments each module has, null where too few people rated it for texts to be shown."""
    number = pl.col("module").replace_strict(comments, default=0, return_dtype=pl.Int64)
    return without_small_groups(
        said.select("module", "people", comments=number),
        size="people",
        smallest_group=SMALLEST_GROUP_FOR_COMMENTS,
        numbers=["comments"],
    ).select("module", "comments")


def _conditions(filters: Filters) -> list[pl.Expr]:
    conditions = [pl.lit(True)]
    if filters.few:
        conditions.append(pl.col("withheld") | (pl.col("n") < FEW))
    if filters.revised:
        conditions.append(pl.col("revised"))
    if filters.component:
        conditions.append(pl.col("component") == filters.component)
    return conditions


def rollups(counts: pl.DataFrame, item: RatedItem, cohort: str, names: dict[str, str]) -> list[dict[str, Any]]:
    """The cohort and its components in one item: all ratings of their modules together. The cohort has no component."""
    parts = counts.filter(
        pl.col("item") == item.key, pl.col("cohort") == cohort, pl.col("module").is_not_null()
    ).select(COUNTS.names())
    whole = parts.with_columns(component=pl.lit(None, pl.String))
    said = measures(
        pl.concat([whole, parts]),
        scales_of([item]),
        by=("component", "item"),
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
    order = {key: place for place, key in enumerate([None, *names])}
    return sorted(said.to_dicts(), key=lambda row: order.get(row["component"], len(order)))


def course_rows(said: pl.DataFrame, items: list[RatedItem]) -> list[dict[str, Any]]:
    """The items that were asked of the course as a whole, each beside its measures, in the order of asking."""
    rows = {row["item"]: row for row in said.filter(pl.col("module").is_null()).to_dicts()}
    return [{**rows[item.key], "asked": item} for item in items if item.key in rows]
