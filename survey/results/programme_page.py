"""H1: a programme on one page: three sentences, and the modules by the cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import polars as pl

from analytics import against_cohort, measures
from survey.results import curriculum
from survey.results.access import SeenProgramme
from survey.results.cohorts import CohortResults
from survey.results.comparison_page import changes, overall
from survey.results.modules_page import chosen_item
from survey.results.policy import FEW, SMALLEST_GROUP, UNANIMOUS_BELOW
from survey.results.questions import RatedItem, module_items, scales_of, why_not_compared
from survey.results.reading import Frames
from survey.results.remembering import remembered
from survey.results.sentences import (
    Speaker,
    clear_changes,
    clear_standings,
    first_cohort,
    how_many_answered,
    not_compared,
    overall_change,
)

# Distance from the cohort's mean, as a share of the scale, from which a cell is tinted lightly and strongly.
LIGHT, STRONG = 0.04, 0.1


@remembered(most=64)
def programme_page(programme: SeenProgramme, frames: Frames, item: str, language: str) -> dict[str, Any]:
    """What the template of H1 shows."""
    cohorts = programme.sealed
    items = programme_items(cohorts)
    if not items:
        return {"item": None, "items": [], "sentences": []}
    shown = chosen_item(items, item)
    return {
        "item": shown,
        "items": items,
        "sentences": sentences(cohorts, frames, shown, language),
        "groups": module_groups(frames.taught, language),
        "cells": cells(cohorts, frames.counts, shown),
        "rollups": rolled_up(cohorts, frames.counts, shown),
        "versions": {(row["module"], row["cohort"]): row["revised"] for row in _revisions(frames.taught)},
        "other_scales": len(_by_scale(cohorts, shown.key)) > 1,
    }


def sentences(cohorts: Sequence[CohortResults], frames: Frames, item: RatedItem, language: str) -> list[str]:
    """Three sentences: the newest cohort against the one before, the modules that stand out, how many answered."""
    speaker, after = Speaker(language), cohorts[-1]
    if len(cohorts) == 1:
        return [*_of_the_first(speaker, after, frames, item), how_many_answered(speaker, after)]
    before = cohorts[-2]
    if reason := why_not_compared(before.asked.form, after.asked.form, item.key):
        return [not_compared(speaker, before, reason), how_many_answered(speaker, after)]
    rows = changes(frames.counts, frames.taught, before.key, after.key, item, language)
    whole = overall(frames.counts, before.key, after.key, item)
    return [
        overall_change(speaker, before, after, whole),
        clear_changes(speaker, before, rows),
        how_many_answered(speaker, after),
    ]


def _of_the_first(speaker: Speaker, cohort: CohortResults, frames: Frames, item: RatedItem) -> list[str]:
    whole = measured([cohort], frames.counts, item, ("cohort", "item")).to_dicts()
    titled = curriculum.modules(frames.taught, speaker.language)
    rated = _rated(frames.counts, item.key, [cohort.key])
    standings = against_cohort(rated, scales_of([item]), smallest_group=SMALLEST_GROUP, unanimous_below=UNANIMOUS_BELOW)
    return [
        first_cohort(speaker, cohort, whole[0] if whole else None),
        clear_standings(speaker, titled.join(standings, on="module", maintain_order="left")),
    ]


def _revisions(taught: pl.DataFrame) -> list[dict[str, Any]]:
    """module, cohort, and whether the version differs from that of the cohort before."""
    lessons = taught.sort("cohort_position", maintain_order=True)
    of = curriculum.versions(lessons)
    changed = pl.col("version") != pl.col("version").shift().over("module")
    return of.with_columns(revised=changed.fill_null(False)).to_dicts()


def programme_items(cohorts: Sequence[CohortResults]) -> list[RatedItem]:
    """The items of the newest questionnaire: older cohorts show theirs of the same key."""
    return module_items(cohorts[-1].asked.form) if cohorts else []


def measured(
    cohorts: Sequence[CohortResults], counts: pl.DataFrame, item: RatedItem, by: tuple[str, ...]
) -> pl.DataFrame:
    """Measures of an item in cohorts that may have been asked it on different scales, each on its own."""
    parts = []
    for own, some in _by_scale(cohorts, item.key):
        now = _rated(counts, own.key, [one.key for one in some])
        parts.append(
            measures(now, scales_of([own]), by=by, smallest_group=SMALLEST_GROUP, unanimous_below=UNANIMOUS_BELOW)
        )
    return pl.concat(parts)


def cells(cohorts: Sequence[CohortResults], counts: pl.DataFrame, item: RatedItem) -> dict[tuple[str, str], Any]:
    """(module, cohort) -> n, mean, interval, distance from the cohort's mean, and the tint that shows it."""
    said = measured(cohorts, counts, item, ("cohort", "module", "item"))
    standings = [
        against_cohort(
            _rated(counts, own.key, [one.key for one in some]),
            scales_of([own]),
            smallest_group=SMALLEST_GROUP,
            unanimous_below=UNANIMOUS_BELOW,
        )
        for own, some in _by_scale(cohorts, item.key)
    ]
    joined = said.join(
        pl.concat(standings).select("cohort", "module", "from_cohort", "standing"), on=["cohort", "module"]
    ).with_columns(tint=_tint(), few=pl.col("n") < FEW)
    return {(row["module"], row["cohort"]): row for row in joined.to_dicts()}


def rolled_up(
    cohorts: Sequence[CohortResults], counts: pl.DataFrame, item: RatedItem
) -> dict[tuple[str | None, str], Any]:
    """(component, cohort) -> measures of all its modules together; no component stands for the whole cohort."""
    parts = measured(cohorts, counts, item, ("cohort", "component", "item"))
    whole = measured(cohorts, counts, item, ("cohort", "item"))
    rows = {(row["component"], row["cohort"]): row for row in parts.to_dicts()}
    return rows | {(None, row["cohort"]): row for row in whole.to_dicts()}


def module_groups(taught: pl.DataFrame, language: str) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Components in order, each with its name and its modules."""
    rows = curriculum.modules(taught, language).to_dicts()
    grouped = groupby(rows, key=lambda row: (row["component"], row["component_name"]))
    return [(key, name, list(modules)) for (key, name), modules in grouped]


def _by_scale(cohorts: Sequence[CohortResults], key: str) -> list[tuple[RatedItem, list[CohortResults]]]:
    """The cohorts that were asked the item, gathered by the scale that they were given."""
    gathered: list[tuple[RatedItem, list[CohortResults]]] = []
    for cohort in cohorts:
        for own in module_items(cohort.asked.form):
            if own.key == key:
                _gather(gathered, own, cohort)
    return gathered


def _gather(gathered: list[tuple[RatedItem, list[CohortResults]]], own: RatedItem, cohort: CohortResults) -> None:
    for known, some in gathered:
        if known.scale == own.scale:
            some.append(cohort)
            return
    gathered.append((own, [cohort]))


def _rated(counts: pl.DataFrame, item: str, cohorts: list[str]) -> pl.DataFrame:
    return counts.filter(pl.col("item") == item, pl.col("module").is_not_null(), pl.col("cohort").is_in(cohorts))


def _tint() -> pl.Expr:
    """Class of a cell: how far on the better or worse side of its cohort's mean; none near it or where neither is."""
    sign = pl.col("direction").replace_strict({"up": 1, "middle": 0, "down": -1}, return_dtype=pl.Int8)
    distance = sign * pl.col("from_cohort") / (pl.col("steps") - 1)
    return (
        pl.when(distance <= -STRONG)
        .then(pl.lit("worse-2"))
        .when(distance <= -LIGHT)
        .then(pl.lit("worse-1"))
        .when(distance >= STRONG)
        .then(pl.lit("better-2"))
        .when(distance >= LIGHT)
        .then(pl.lit("better-1"))
        .otherwise(pl.lit(""))
    )
