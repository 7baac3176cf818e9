"""D2: one module: how its ratings are spread, how it did over the cohorts, what was written about it."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics import measures, pick_shares
from survey.people.sessions import Staff
from survey.problems import Problem, Refusal
from survey.results import curriculum
from survey.results.access import SeenCohort
from survey.results.cohorts import CohortResults
from survey.results.modules_page import chosen_item
from survey.results.policy import SMALLEST_GROUP, SMALLEST_GROUP_FOR_COMMENTS, UNANIMOUS_BELOW
from survey.results.questions import RatedItem, module_items, picks, scales_of
from survey.results.reading import Frames
from survey.results.remembering import remembered
from survey.tables import Role


@remembered(most=64)
def module_page(seen: SeenCohort, frames: Frames, module: str, item: str, language: str) -> dict[str, Any]:
    """What the template of D2 shows, but for the comments."""
    named = module_named(frames.taught, seen.cohort.key, module, language)
    items = module_items(seen.cohort.asked.form)
    shown = chosen_item(items, item)
    past = history(seen.programme.sealed, frames.counts, frames.taught, module, shown)
    names = {cohort.key: cohort for cohort in seen.programme.sealed}
    return {
        "module": named,
        "item": shown,
        "items": items,
        "rows": item_rows(seen, frames.counts, module),
        "history": [{**row, "of": names[row["cohort"]]} for row in past.to_dicts()],
        "asked_otherwise": len(names) - past.height,
        "picks": pick_rows(seen, frames.counts, module),
        "enough_for_comments": comments_may_be_read(seen, frames.counts, module),
    }


def may_read_comments(reader: Staff) -> bool:
    """Heads see themes of comments, never their words: somebody's superior may know a way of writing (UX.md, H3)."""
    return reader.role in (Role.administrator, Role.designer)


def module_named(taught: pl.DataFrame, cohort: str, module: str, language: str) -> dict[str, Any]:
    """Title, component and version of a module as a cohort was taught it.

    Raises:
        Problem: the cohort was not taught this module.
    """
    lessons = taught.filter(pl.col("cohort") == cohort, pl.col("module") == module)
    if lessons.is_empty():
        raise Problem(Refusal.unknown_page)
    [named] = curriculum.modules(lessons, language).to_dicts()
    return {**named, "version": lessons["version"][-1]}


def item_rows(seen: SeenCohort, counts: pl.DataFrame, module: str) -> list[dict[str, Any]]:
    """The measures of the module in each of its items, in the order in which they were asked."""
    items = module_items(seen.cohort.asked.form)
    said = measures(
        _of(counts, seen.cohort.key, module, items),
        scales_of(items),
        by=("item",),
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
    rows = {row["item"]: row for row in said.to_dicts()}
    return [{**rows[item.key], "asked": item} for item in items if item.key in rows]


def history(
    cohorts: list[CohortResults], counts: pl.DataFrame, taught: pl.DataFrame, module: str, item: RatedItem
) -> pl.DataFrame:
    """The module's measures in one item over all cohorts that were asked it alike, oldest first, with its version.

    Columns of MEASURES with cohort, version, and `revised`: taught in another version than in the row before.
    """
    alike = [one.key for one in cohorts if item in module_items(one.asked.form)]
    now = counts.filter(pl.col("item") == item.key, pl.col("module") == module, pl.col("cohort").is_in(alike))
    said = measures(
        now,
        scales_of([item]),
        by=("cohort", "module", "item"),
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
    order = pl.DataFrame({"cohort": alike}, schema={"cohort": pl.String})
    return (
        order.join(said, on="cohort", maintain_order="left")
        .join(curriculum.versions(taught), on=["cohort", "module"], how="left", maintain_order="left")
        .with_columns(revised=(pl.col("version") != pl.col("version").shift()).fill_null(False))
    )


def pick_rows(seen: SeenCohort, counts: pl.DataFrame, module: str) -> list[dict[str, Any]]:
    """How many picked the module, for each question that asked for picks."""
    asked = {pick.key: pick for pick in picks(seen.cohort.asked.form)}
    picked = counts.filter(
        pl.col("cohort") == seen.cohort.key, pl.col("module") == module, pl.col("item").is_in(list(asked))
    )
    shares = pick_shares(picked, by=("module", "item"), smallest_group=SMALLEST_GROUP)
    return [{**row, "asked": asked[row["item"]]} for row in shares.sort("item", descending=True).to_dicts()]


def comments_may_be_read(seen: SeenCohort, counts: pl.DataFrame, module: str) -> bool:
    """Whether so many people rated the module that texts do not give their writers away."""
    items = module_items(seen.cohort.asked.form)
    said = measures(
        _of(counts, seen.cohort.key, module, items),
        scales_of(items),
        by=("item",),
        smallest_group=SMALLEST_GROUP_FOR_COMMENTS,
    )
    return not said["withheld"].all()


def _of(counts: pl.DataFrame, cohort: str, module: str, items: list[RatedItem]) -> pl.DataFrame:
    return counts.filter(
        pl.col("cohort") == cohort, pl.col("module") == module, pl.col("item").is_in([item.key for item in items])
    )
