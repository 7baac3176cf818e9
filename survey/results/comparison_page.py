"""H2: two cohorts side by side, the largest fall first, and what must be known before comparing them."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics import compare
from survey.problems import Problem, Refusal
from survey.results import curriculum
from survey.results.access import SeenProgramme
from survey.results.cohorts import CohortResults
from survey.results.modules_page import chosen_item
from survey.results.policy import SMALLEST_GROUP, UNANIMOUS_BELOW
from survey.results.questions import Incomparable, RatedItem, incomparable, module_items, scales_of
from survey.results.reading import Frames
from survey.results.remembering import remembered


def chosen_cohorts(
    programme: SeenProgramme, before: int | None, after: int | None
) -> tuple[CohortResults, CohortResults]:
    """The two cohorts that were asked for; where none is named, the newest with results and the one before it.

    Raises:
        Problem: one is unknown or has no results yet, or there are not two with results.
    """
    sealed = programme.sealed
    if before is None and after is None and len(sealed) < 2:
        raise Problem(Refusal.not_sealed)
    new = programme.cohort(after) if after is not None else _last(sealed, but=before)
    old = programme.cohort(before) if before is not None else _last(_earlier(sealed, new), but=new.id)
    if not old.sealed or not new.sealed or len(sealed) < 2:
        raise Problem(Refusal.not_sealed)
    return old, new


def _last(cohorts: list[CohortResults], *, but: int | None) -> CohortResults:
    others = [cohort for cohort in cohorts if cohort.id != but]
    if not others:
        raise Problem(Refusal.not_sealed)
    return others[-1]


def _earlier(sealed: list[CohortResults], than: CohortResults) -> list[CohortResults]:
    return sealed[: sealed.index(than)] if than in sealed else sealed


def same_cohort_twice(cohort: CohortResults, item: str) -> dict[str, Any]:
    """What the template of H2 shows where one cohort was chosen twice: what was chosen, to be corrected."""
    items = module_items(cohort.asked.form)
    return {"before": cohort, "after": cohort, "items": items, "item": chosen_item(items, item) if items else None}


@remembered(most=64)
def comparison_page(
    before: CohortResults, after: CohortResults, frames: Frames, item: str, language: str
) -> dict[str, Any]:
    """What the template of H2 shows."""
    items = shared_items(before, after)
    context = {
        "before": before,
        "after": after,
        "cautions": cautions(before, after),
        "incomparable": asked_differently(before, after),
        "items": items,
        "item": None,
        "rows": [],
    }
    if not items:
        return context
    shown = chosen_item(items, item)
    rows = changes(frames.counts, frames.taught, before.key, after.key, shown, language)
    return context | {
        "item": shown,
        "rows": rows.to_dicts(),
        "verdict_counts": counted_verdicts(rows),
        "overall": overall(frames.counts, before.key, after.key, shown),
        "components": component_changes(frames, before.key, after.key, shown, language),
    }


def shared_items(before: CohortResults, after: CohortResults) -> list[RatedItem]:
    """The items that both cohorts rated module by module, asked alike."""
    different = {one.key for one in incomparable(before.asked.form, after.asked.form)}
    return [item for item in module_items(after.asked.form) if item.key not in different]


def asked_differently(before: CohortResults, after: CohortResults) -> list[Incomparable]:
    """The items of which no change is computed, with the reason."""
    return incomparable(before.asked.form, after.asked.form)


CAUTIONS = {
    "key": "The cohorts answered different questionnaires.",
    "version": "The questionnaire was changed between the cohorts.",
    "occasion": "One cohort was asked at the end of the course, the other on other occasions.",
    "share": "In one cohort each trainee was asked about some of the modules only, so fewer rated each of them.",
    "items": "Questions whose wording, scale or way of asking changed are not compared; they are listed below.",
}


def cautions(before: CohortResults, after: CohortResults) -> list[str]:
    """What stands in the banner: how the two evaluations differ beyond the ratings. Sentences of the catalogue."""
    old, new = before.asked.form, after.asked.form
    differ = {
        "key": old.key != new.key,
        "version": old.key == new.key and old.version != new.version,
        "occasion": old.purpose != new.purpose or before.asked.purpose != after.asked.purpose,
        "share": (before.asked.share is None) != (after.asked.share is None),
        "items": any(one.reason != "no best end" for one in asked_differently(before, after)),
    }
    return [CAUTIONS[name] for name, holds in differ.items() if holds]


def changes(
    counts: pl.DataFrame, taught: pl.DataFrame, before: str, after: str, item: RatedItem, language: str
) -> pl.DataFrame:
    """A row per module that both cohorts had (columns of CHANGES), titled, the largest fall first."""
    said = _compared(counts, before, after, item, ("module", "item"))
    # What is blurred is somewhere in its interval.
    difference = pl.coalesce("difference", (pl.col("difference_low") + pl.col("difference_high")) / 2)
    gain = -difference if item.scale.direction == "down" else difference
    return (
        said.join(curriculum.modules(taught, language), on="module", how="left", maintain_order="left")
        .join(curriculum.revised(taught, before=before, after=after), on="module", how="left", maintain_order="left")
        .sort(gain, nulls_last=True, maintain_order=True)
    )


def overall(counts: pl.DataFrame, before: str, after: str, item: RatedItem) -> dict[str, Any] | None:
    """The change of all modules together that both cohorts had, or none where nothing can be compared."""
    said = _compared(counts, before, after, item, ("item",))
    return said.to_dicts()[0] if said.height else None


def component_changes(frames: Frames, before: str, after: str, item: RatedItem, language: str) -> list[dict[str, Any]]:
    """The change of each component, over the modules that both cohorts had."""
    names = curriculum.components(frames.taught, language)
    said = _compared(frames.counts, before, after, item, ("component", "item"))
    return [{**row, "title": names.get(row["component"], row["component"])} for row in said.to_dicts()]


def counted_verdicts(rows: pl.DataFrame) -> dict[str, int]:
    """How many modules have each verdict."""
    return dict(rows.group_by("verdict").len().iter_rows())


def _compared(counts: pl.DataFrame, before: str, after: str, item: RatedItem, by: tuple[str, ...]) -> pl.DataFrame:
    ratings = counts.filter(pl.col("item") == item.key, pl.col("module").is_not_null())
    return compare(
        ratings,
        scales_of([item]),
        before=before,
        after=after,
        by=by,
        smallest_group=SMALLEST_GROUP,
        unanimous_below=UNANIMOUS_BELOW,
    )
