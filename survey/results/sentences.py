"""The sentences on top of the head's page: chosen by rule, and never stronger than the numbers in them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec
import polars as pl

from dashboards import numbers
from survey.results.cohorts import CohortResults
from survey.results.questions import Reason
from survey.web.languages import in_language, translator


class Speaker(msgspec.Struct, frozen=True):
    """Says a sentence of the catalogue in a language, with names and numbers as that language writes them."""

    language: str

    def say(self, sentence: str, **given: Any) -> str:
        return translator(self.language)(sentence).format(**{name: self._worded(given[name]) for name in given})

    def _worded(self, value: Any) -> str:
        match value:
            case CohortResults():
                return in_language(value.names, self.language)
            case float():
                return numbers.number(value, language=self.language)
            case int():
                return numbers.count(value, language=self.language)
            case _:
                return str(value)


FIRST = {
    "blurred": "{after} is the first cohort with results: its mean is not given exactly, because in some modules "
    "nearly everybody gave the same answer (95 % interval {low} to {high} of {steps}; {n} ratings).",
    "whole": "{after} is the first cohort with results: mean {mean} of {steps} "
    "(95 % interval {low} to {high}; {n} ratings by {people} trainees).",
    # Where no sheet asks about all modules, counts tell how many people there were at least, and no more.
    "in parts": "{after} is the first cohort with results: mean {mean} of {steps} "
    "(95 % interval {low} to {high}; {n} ratings by at least {people} trainees).",
}


def first_cohort(speaker: Speaker, after: CohortResults, measured: dict[str, Any] | None) -> str:
    """What the only sealed cohort said: its mean with its interval."""
    if measured is None or measured["withheld"]:
        return speaker.say("{after} has too few answers for results.", after=after)
    kind = "blurred" if measured["blurred"] else "in parts" if after.asked.in_parts else "whole"
    return speaker.say(
        FIRST[kind],
        after=after,
        mean=measured["mean"],
        steps=measured["steps"],
        low=measured["mean_low"],
        high=measured["mean_high"],
        n=measured["n"],
        people=measured["people"],
    )


REASONS = {
    "only before": "was not asked any more",
    "only after": "was not asked before",
    "wording": "is worded differently",
    "scale": "has another scale",
    "mode": "was asked on another occasion",
    "no best end": "has neither a better nor a worse end",
}
OVERALL = {
    "no evidence": "No evidence that {after} was rated differently from {before}: "
    "mean {mean_after}, before {mean_before}; difference {difference} "
    "(95 % interval {low} to {high}; {n_after} and {n_before} ratings).",
    "higher": "{after} was rated better than {before}: "
    "mean {mean_after}, before {mean_before}; difference {difference} "
    "(95 % interval {low} to {high}; {n_after} and {n_before} ratings).",
    "lower": "{after} was rated worse than {before}: "
    "mean {mean_after}, before {mean_before}; difference {difference} "
    "(95 % interval {low} to {high}; {n_after} and {n_before} ratings).",
}
BLURRED = {
    "no evidence": "No evidence that {after} was rated differently from {before}: "
    "difference of the means {low} to {high} (95 % interval; {n_after} and {n_before} ratings). "
    "It is not given exactly, because in some modules nearly everybody gave the same answer.",
    "higher": "{after} was rated better than {before}: difference of the means {low} to {high} "
    "(95 % interval; {n_after} and {n_before} ratings). "
    "It is not given exactly, because in some modules nearly everybody gave the same answer.",
    "lower": "{after} was rated worse than {before}: difference of the means {low} to {high} "
    "(95 % interval; {n_after} and {n_before} ratings). "
    "It is not given exactly, because in some modules nearly everybody gave the same answer.",
}


def not_compared(speaker: Speaker, before: CohortResults, reason: Reason) -> str:
    """Why nothing is said of a change."""
    return speaker.say(
        "Changes since {before} are not computed: this question {reason}.",
        before=before,
        reason=speaker.say(REASONS[reason]),
    )


def overall_change(speaker: Speaker, before: CohortResults, after: CohortResults, change: dict[str, Any] | None) -> str:
    """The newest cohort against the one before, over all modules that both had (none: they had none in common)."""
    if change is None or change["verdict"] == "too few":
        return speaker.say("Too few answers to compare {after} with {before}.", after=after, before=before)
    return speaker.say(
        (BLURRED if change["blurred"] else OVERALL)[change["verdict"]],
        after=after,
        before=before,
        mean_after=change["mean_after"],
        mean_before=change["mean_before"],
        difference=signed(change["difference"], speaker.language),
        low=signed(change["difference_low"], speaker.language),
        high=signed(change["difference_high"], speaker.language),
        n_after=change["n_after"],
        n_before=change["n_before"],
    )


def clear_changes(speaker: Speaker, before: CohortResults, changes: pl.DataFrame) -> str:
    """Which modules changed beyond chance since the cohort before; chance is judged over all of them together."""
    say = partial(speaker.say, before=before)
    compared = changes.filter(pl.col("verdict") != "too few").height
    worse, better = (changes.filter(pl.col("verdict") == word)["title"].to_list() for word in ("lower", "higher"))
    if not compared:
        return say("No module has enough answers in both cohorts to be compared with {before}.")
    if not worse and not better:
        return say("No module shows a clear change since {before} (modules compared: {compared}).", compared=compared)
    said = [
        say("Clearly worse than in {before}: {modules}.", modules=_listed(worse)) if worse else "",
        say("Clearly better than in {before}: {modules}.", modules=_listed(better)) if better else "",
    ]
    unclear = compared - len(worse) - len(better)
    rest = say("Modules without a clear change: {unclear}.", unclear=unclear) if unclear else ""
    return " ".join(part for part in [*said, rest] if part)


def clear_standings(speaker: Speaker, standings: pl.DataFrame) -> str:
    """Which modules stand out in the only cohort there is."""
    low, high = (standings.filter(pl.col("standing") == word)["title"].to_list() for word in ("worse", "better"))
    if not low and not high:
        return speaker.say("No module is clearly below or above the mean of the cohort.")
    said = [
        speaker.say("Clearly below the cohort's mean: {modules}.", modules=_listed(low)) if low else "",
        speaker.say("Clearly above the cohort's mean: {modules}.", modules=_listed(high)) if high else "",
    ]
    return " ".join(part for part in said if part)


def how_many_answered(speaker: Speaker, cohort: CohortResults) -> str:
    """Of whom all this speaks. More answers than trainees on the roster are said, not turned into a rate."""
    answered = cohort.asked.answered
    if cohort.response_rate is None:
        return speaker.say("Answers from {cohort}: {answered}.", answered=answered, cohort=cohort)
    if cohort.asked.sheets_each > 1:
        return speaker.say(
            "{cohort} handed in {sheets} sheets on {days} days: on average {rate} of its {enrolled} trainees each day.",
            cohort=cohort,
            sheets=answered,
            days=cohort.asked.days,
            rate=numbers.share(cohort.response_rate, language=speaker.language, decimals=0),
            enrolled=cohort.enrolled,
        )
    return speaker.say(
        "{answered} of the {enrolled} trainees of {cohort} answered ({rate}).",
        answered=answered,
        enrolled=cohort.enrolled,
        cohort=cohort,
        rate=numbers.share(cohort.response_rate, language=speaker.language, decimals=0),
    )


def signed(value: float | None, language: str) -> str:
    """+0,12 or −0,12: a change shows its sign always."""
    if value is None:
        return numbers.NO_NUMBER
    sign = "+" if round(value, 2) > 0 else "−" if round(value, 2) < 0 else ""
    return sign + numbers.number(abs(value), language=language)


def _listed(titles: Sequence[str]) -> str:
    return "; ".join(f"“{title}”" for title in titles)
