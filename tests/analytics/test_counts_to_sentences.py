"""From counts through the real functions to sentences: whatever they give can be said, in both languages."""

from __future__ import annotations

import re

import numpy as np
import polars as pl
import pytest

from analytics import (
    BLANK,
    COUNTS,
    ITEMS,
    NOT_ATTENDED,
    SENTENCES,
    against_cohort,
    changes_to_previous,
    findings_of_changes,
    findings_of_effects,
    findings_of_measures,
    findings_of_ranks,
    findings_of_response,
    findings_of_silence,
    findings_of_standings,
    findings_of_trends,
    measures,
    ranked,
    response_rates,
    revision_effects,
    said,
    sentences_of,
    silent_bounds,
    trends,
)
from analytics.sentences import LANGUAGES
from tests.analytics.answers import answers, together

COHORTS = ("K một", "K hai", "K ba", "K bốn")
ITEMS_OF_ALL_KINDS = pl.DataFrame(
    {"item": ["useful", "load", "short", "pace"], "steps": [5, 7, 3, 5], "direction": ["up", "down", "up", "middle"]},
    schema=ITEMS,
)
FEW, REVISED = "Nhỏ", ("Tốt lên", "Kém đi", "Như cũ", "Nhỏ")
DRIFTS = {"Tốt lên": 0.9, "Kém đi": -0.6, "Như cũ": 0.0}


def rated(cohort: int, module: str, quality: float, steps: int, item: str, people: int) -> pl.DataFrame:
    random = np.random.default_rng([cohort, len(module), *module.encode(), steps])
    drawn = np.clip(np.rint(random.normal(quality * steps / 5, 0.8, people)), 1, steps).astype(int)
    n = np.bincount(drawn, minlength=steps + 1)[1:].tolist()
    return answers(n, cohort=COHORTS[cohort], module=module, item=item)


def counts() -> pl.DataFrame:
    """Modules that get better and worse, some that do not, one of few people, one of one opinion, one never rated."""
    qualities = {f"Chuyên đề {'abcdefghij'[i]}": 3 + i / 8 for i in range(10)} | {
        "Tốt lên": 2.4,
        "Kém đi": 3.6,
        "Như cũ": 3,
    }
    parts = [
        rated(cohort, module, quality + cohort * DRIFTS.get(module, 0), steps, item, 40)
        for cohort in range(4)
        for module, quality in qualities.items()
        for item, steps, _ in ITEMS_OF_ALL_KINDS.iter_rows()
    ]
    alike = [answers([0, 0, 0, 0, 30], cohort=cohort, module="Một ý") for cohort in COHORTS]
    few = [answers([0, 1, 1, 1, 1], cohort=cohort, module=FEW) for cohort in COHORTS]
    course = [answers([0, 0, 5, 15, 20], cohort=cohort, component=None, module=None) for cohort in COHORTS]
    absent = answers([9], cohort=COHORTS[0], module="Vắng").with_columns(step=pl.lit(NOT_ATTENDED, COUNTS["step"]))
    blank = answers([9], cohort=COHORTS[0], module="Trống").with_columns(step=pl.lit(BLANK, COUNTS["step"]))
    return together(*parts, *alike, *few, *course, absent, blank)


ALL = counts()
OF_MODULES = ALL.filter(pl.col("module").is_not_null())
ANSWERED = pl.DataFrame(
    {
        "cohort": [*COHORTS, "K năm", "K sáu", "K bảy"],
        "answered": [40, 35, 20, 10, 3, 50, 9],
        "enrolled": [40, 40, 40, 40, 4, 40, None],
    }
)


def frames() -> dict[str, tuple[pl.DataFrame, object]]:
    items = ITEMS_OF_ALL_KINDS
    measured = measures(ALL, items)
    enrolled = pl.DataFrame(
        {"cohort": COHORTS, "enrolled": [40, 44, 90, None]}, schema_overrides={"enrolled": pl.Int64}
    )
    before, after = COHORTS[:2]
    return {
        "measure": (measured, findings_of_measures),
        "change": (changes_to_previous(ALL, items, cohorts=COHORTS), findings_of_changes),
        "trend": (trends(ALL, items, cohorts=COHORTS), findings_of_trends),
        "effect": (revision_effects(ALL, items, before=before, after=after, revised=REVISED), findings_of_effects),
        "rank": (ranked(ALL, items), findings_of_ranks),
        "standing": (against_cohort(OF_MODULES, items), lambda frame: findings_of_standings(frame, measured)),
        "response": (response_rates(ANSWERED), findings_of_response),
        "silence": (silent_bounds(ALL, items, enrolled), findings_of_silence),
    }


FRAMES = frames()
EVERY_KIND = pytest.mark.parametrize("kind", FRAMES)


@EVERY_KIND
@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_is_found_can_be_said(kind, language):
    frame, findings_of = FRAMES[kind]
    findings = findings_of(frame)
    told = sentences_of(findings, language=language)
    assert told.height == frame.height > 0
    assert set(SENTENCES) <= set(told.columns)
    assert told["sentence"].to_list() == [said(finding, language=language) for finding in findings]
    assert all(re.match(r"[^\W\d_].+\.$", sentence) for sentence in told["sentence"])
    assert not told.filter(pl.col("sentence").str.contains(r"[{}]|\bNone\b|\bnan\b|\bnull\b")).height


@EVERY_KIND
def test_each_kind_is_seen_clear_uncertain_and_withheld(kind):
    frame, findings_of = FRAMES[kind]
    assert {finding.sure for finding in findings_of(frame)} == {"clear", "uncertain", "too few"}


@EVERY_KIND
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_withheld_carries_no_number(kind, language):
    frame, findings_of = FRAMES[kind]
    withheld = [finding for finding in findings_of(frame) if finding.sure == "too few"]
    for finding in withheld:
        assert (finding.n, dict(finding.numbers)) == (None, {})
        assert not re.search(r"\d", said(finding, language=language))
    named = {finding.where.get("module") for finding in withheld}
    assert FEW in named or kind in ("rank", "response"), named
    for finding in findings_of(frame):
        assert finding.where.get("module") != FEW or finding.sure == "too few"


@EVERY_KIND
def test_whatever_is_not_withheld_has_its_n(kind):
    frame, findings_of = FRAMES[kind]
    for finding in findings_of(frame):
        if finding.sure != "too few":
            assert finding.n is not None and finding.n >= 5
            [english] = sentences_of([finding], language="en")["sentence"]
            assert str(finding.n) in english


def test_what_was_planted_is_found():
    whats = {
        (one.what, one.where["module"]) for kind in ("trend", "standing") for one in FRAMES[kind][1](FRAMES[kind][0])
    }
    assert {("trend.rising", "Tốt lên"), ("trend.falling", "Kém đi"), ("standing.worse", "Tốt lên")} <= whats
