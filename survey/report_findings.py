"""What stands out in a file, in sentences: what is clear one by one, what has no evidence as a number of modules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import polars as pl

from analytics import (
    Finding,
    FullReport,
    Scale,
    Shaped,
    findings_of_changes,
    findings_of_effects,
    findings_of_measures,
    findings_of_standings,
    findings_of_trends,
    full_report,
    revision_effects,
    sentences_of,
    trends,
)
from dashboards import numbers
from survey.report_asked import Asked
from survey.report_words import NOT_LISTED, NOT_LISTED_OF_COMPONENTS, Translate

MOST_SENTENCES: Final = 12
"""So many are read; the effects of revisions come on top, since somebody asked for each of them by name."""
FEWEST_COHORTS_OF_A_TREND: Final = 3
VALUES: Final = (
    *("mean", "mean_low", "mean_high", "interpolated_median"),
    *("cohort_mean", "mean_before", "mean_after"),
)


class Kinds(NamedTuple):
    """What was found in the file by comparing, newest cohort first, and clear and large ones first within it."""

    changes: list[Finding]
    standings: list[Finding]
    trends: list[Finding]


def in_values(frame: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """The frame with its means in the values of the file's own scale, where the first step may count 0."""
    return frame.with_columns(pl.col(name) + (scale.first - 1) for name in VALUES if name in frame.columns)


def what_stands_out(
    counted: Shaped, asked: Asked, *, smallest_group: int, translate: Translate, language: str
) -> list[str]:
    """The sentences on top of the page: effects of revisions, what is clear, and how much is not."""
    full = full_report(asked.counts, counted.items, cohorts=asked.cohorts, smallest_group=smallest_group)
    effects = _effects(counted, asked, smallest_group)
    kinds = _compared(full, counted, asked, smallest_group)
    many = asked.counts["module"].n_unique() > 1
    listed = [[one for one in kind if _is_listed(one, many=many)] for kind in kinds]
    if not effects and all(one.sure == "too few" for kind in kinds for one in kind):
        # Nothing to compare with: what the cells say by themselves.
        measured = findings_of_measures(_as_said(full.modules, counted.scale))
        listed = [[one for one in measured if one.sure != "too few"]]
    chosen = shared_out(listed, MOST_SENTENCES)

    sentences = NOT_LISTED | (NOT_LISTED_OF_COMPONENTS if asked.rated == "component" else {})

    def worded(key: str, **counts: int) -> str:
        said = {name: numbers.count(count, language=language) for name, count in counts.items()}
        return translate(sentences[key]).format(**said)

    called = [_called(one, asked.rated) for one in (*effects, *chosen)]
    lines = sentences_of(called, language=language, names=_titles(counted))["sentence"].to_list()
    if left := sum(map(len, listed)) - len(chosen):
        lines.append(worded("left", count=left))
    if many:
        uncounted = [without_evidence(kind) for kind in kinds]
        lines += [worded(name, **of) for name, of in zip(Kinds._fields, uncounted, strict=True) if of]
        if few := _modules_of_few(full):
            lines.append(worded("few", count=few))
    return lines or [translate("Too few answers to say what stands out.")]


def shared_out(kinds: Sequence[Sequence[Finding]], most: int) -> list[Finding]:
    """The first of each kind, then the second of each, until there are enough; in the end kind by kind again."""
    turns = sorted((turn, kind) for kind, findings in enumerate(kinds) for turn in range(len(findings)))
    return [kinds[kind][turn] for kind, turn in sorted((kind, turn) for turn, kind in turns[:most])]


def without_evidence(findings: Iterable[Finding]) -> dict[str, int]:
    """In how many modules nothing is clear, of how many comparable ones, and how many ratings they have at least."""
    known = [one for one in findings if one.sure != "too few"]
    told = {one.where["module"] for one in known if _is_listed(one, many=True)}
    silent = [one for one in known if one.where["module"] not in told]
    if not silent:
        return {}
    of = {name: len({one.where["module"] for one in some}) for name, some in (("count", silent), ("all", known))}
    return of | {"low": min(one.n for one in silent if one.n is not None)}


def _called(finding: Finding, rated: str) -> Finding:
    """The finding about what was rated by its own name: components alone stand where modules would."""
    return replace(finding, where={rated if key == "module" else key: name for key, name in finding.where.items()})


def _is_listed(finding: Finding, *, many: bool) -> bool:
    """What is clear, or has evidence that points both ways; of a single module also that there is none."""
    return finding.sure == "clear" or finding.what == "change.mixed" or (not many and finding.sure == "uncertain")


def _effects(counted: Shaped, asked: Asked, smallest_group: int) -> list[Finding]:
    if not asked.revised:
        return []
    before, after = asked.cohorts[-2:]
    found = revision_effects(
        asked.counts,
        counted.items,
        before=before,
        after=after,
        revised=asked.revised,
        smallest_group=smallest_group,
    )
    return findings_of_effects(_as_said(found, counted.scale))


def _compared(full: FullReport, counted: Shaped, asked: Asked, smallest_group: int) -> Kinds:
    # The change of a revised module is in the sentence of its effect, beside what would have come by itself.
    changes = full.changes
    if asked.revised:
        changes = changes.filter(~(pl.col("module").is_in(asked.revised) & (pl.col("after") == asked.cohorts[-1])))
    standings = _standings_to_say(full)
    slopes: list[Finding] = []
    if len(asked.cohorts) >= FEWEST_COHORTS_OF_A_TREND:
        found = trends(asked.counts, counted.items, cohorts=asked.cohorts, smallest_group=smallest_group)
        slopes = findings_of_trends(_as_said(found, counted.scale))
    said = [_as_said(frame, counted.scale) for frame in (changes, standings, full.modules)]
    return Kinds(
        changes=_newest_first(findings_of_changes(said[0]), "after", asked.cohorts),
        standings=_newest_first(findings_of_standings(said[1], said[2]), "cohort", asked.cohorts),
        trends=slopes,
    )


def _standings_to_say(full: FullReport) -> pl.DataFrame:
    """Without cohorts of which one module is shown, which is then their mean."""
    return full.standings.filter(pl.col("modules") > 1)


def _newest_first(findings: list[Finding], cohort: str, order: Sequence[str]) -> list[Finding]:
    when = {name: place for place, name in enumerate(order)}
    return sorted(findings, key=lambda one: -when[one.where[cohort] or ""])


def _as_said(frame: pl.DataFrame, scale: Scale) -> pl.DataFrame:
    """In the values of the file: on a scale from 0 to 10 a mean is "8.00 of 10", as in the tables."""
    best = [pl.col("steps") + (scale.first - 1)] if "steps" in frame.columns else []
    return in_values(frame, scale).with_columns(best)


def _titles(counted: Shaped) -> dict[str, dict[str, str]]:
    """The only question of a file is not named again in every sentence."""
    names = counted.items["item"].to_list()
    return {"item": {names[0]: ""}} if len(names) == 1 else {}


def _modules_of_few(full: FullReport) -> int:
    return full.modules.group_by("module").agg(pl.col("withheld").all()).filter("withheld").height
