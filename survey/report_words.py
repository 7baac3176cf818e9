"""What `gopy report` says of a file: why it cannot be used, what did not parse, and what was taken for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from analytics import RefusedFileError, Shaped
from dashboards import numbers

Translate = Callable[[str], str]

OFTEN: Final = 5
"""A value that is no step in so many places is a label that was forgotten: it is said once."""
MOST_LINES: Final = 100
"""More slips than this are counted and no longer listed: nobody reads them, and the cause is one and the same."""

REFUSALS: Final = {
    "groups of few": (
        "--smallest-group must be {fewest} or more, not {given}: of two people each knows the other's answer."
    ),
    "no file": "There is no file {path}.",
    "unreadable": "The file {path} cannot be read: {cause}",
    "unwritable": "The file {path} cannot be written: {cause}",
    "empty": "The file {path} has no rows under a header.",
    "broken": "The file {path} is damaged, or is not what its name says: {cause}",
    "quotes": "The file {path} has a quotation mark that goes astray near line {line}: {cause}",
    "encoding": (
        "The file {path} is neither UTF-8 nor UTF-16 (byte {position} is neither). In Excel, save it as "
        "“CSV UTF-8” or as .xlsx, and try again."
    ),
    "no column": "There is no column “{name}”.{hint} The file has: {names}.",
    "no match": "No column is meant by “{pattern}”.{hint} The file has: {names}.",
    "no items": (
        "Say which columns hold ratings: --items 'Q*' (a column per item), or --item and --rating (a row per rating). "
        "The file has: {names}."
    ),
    "wide or long": "Give either --items (a column per item), or both --item and --rating (a row per rating).",
    "no answers": "The columns named hold no answers.",
    "words": "The answers are words. Give them in order with --steps, from the first step to the last. Found: {found}.",
    "numbers beyond": "The numbers run from {low} to {high}: no scale can be guessed. Give it with --steps, as in 1-5.",
    "scale of few": (
        "Groups of fewer than {fewest} people are not shown, there are no others, and a scale inferred from their "
        "answers would tell the highest of them. Give it with --steps, as in 1-5."
    ),
    "steps backwards": "“{steps}” is no scale: give the lowest step first. If the first is best, add --direction down.",
    "steps twice or too few": "“{steps}” is no scale: it needs two steps or more, and each only once.",
    "order of nothing": "--cohorts puts cohorts in order: say with --cohort which column holds them.",
    "no cohort": "There is no cohort “{name}”.{hint} The file has: {names}.",
    "cohort twice": "--cohorts names “{name}” twice: in their order in time each cohort stands once.",
    "revised nothing": "--revised names modules: say with --module which column holds them.",
    "revised once": (
        "--revised compares the last cohort with the one before it, and there are no two cohorts: say with --cohort "
        "which column holds them, or with --cohorts which they are."
    ),
    "no module": "No module “{name}” was rated both in “{before}” and in “{after}”.{hint} In both: {names}.",
}

NOT_LISTED: Final = {
    "changes": (
        "No evidence of a change to the previous cohort in {count} of {all} modules "
        "({low} ratings or more on either side)."
    ),
    "standings": (
        "No evidence of a distance from the mean of their cohort in {count} of {all} modules ({low} ratings or more)."
    ),
    "trends": "No evidence of a trend over the cohorts in {count} of {all} modules ({low} ratings or more).",
    "left": "Further findings of this kind that are not listed here: {count}.",
    "few": "Modules with too few answers to say anything of them: {count}.",
}

NOT_LISTED_OF_COMPONENTS: Final = {
    "changes": (
        "No evidence of a change to the previous cohort in {count} of {all} components "
        "({low} ratings or more on either side)."
    ),
    "standings": (
        "No evidence of a distance from the mean of their cohort in {count} of {all} components "
        "({low} ratings or more)."
    ),
    "trends": "No evidence of a trend over the cohorts in {count} of {all} components ({low} ratings or more).",
    "few": "Components with too few answers to say anything of them: {count}.",
}

FORMS: Final = {
    "one answer": "Forms that give one and the same answer to everything",
    "long run": (
        "Forms that give the same answer to half of the questions or more in a row, and to {fewest} at the least"
    ),
    "not flagged": "Forms that do neither",
    "too few ratings": "Forms with fewer than {fewest} ratings, too short to judge by",
}

SLIPS: Final = {
    "not a step": "row {row}, column “{column}”: “{value}” is not a step of the scale",
    "never a step": (
        "row {row}, column “{column}”, and so on in {count} places: “{value}” is not a step of the scale. Give it with "
        "--steps, or with --not-attended or --blank if it says that there is no answer"
    ),
    "double": "row {row}, column “{column}”: “{value}” has answered this already further up",
    "no item": "row {row}, column “{column}”: no item is named",
    "too many cells": "row {row}: more cells than the header has ({value})",
    "too few cells": "row {row}: fewer cells than the header has ({value})",
    "double column": "row {row}, column “{column}”: more than one column has this name; the first counts",
}


def refusal(error: RefusedFileError, translate: Translate) -> str:
    near = error.details.get("near")
    hint = " " + translate("Did you mean {near}?").format(near=near) if near else ""
    return translate(REFUSALS[error.reason]).format(**error.details, hint=hint)


def slip_lines(slips: pl.DataFrame, translate: Translate) -> list[str]:
    """A line for each slip, with row and column as a spreadsheet shows them."""
    slips = _said_once(slips)
    lines = [translate(SLIPS[slip["kind"]]).format(**slip) for slip in slips.head(MOST_LINES).iter_rows(named=True)]
    more = slips.height - MOST_LINES
    return [*lines, translate("... and {count} more.").format(count=more)] if more > 0 else lines


def _said_once(slips: pl.DataFrame) -> pl.DataFrame:
    same = pl.struct("kind", "value")
    often = (pl.col("kind") == "not a step") & (pl.len().over("kind", "value") >= OFTEN)
    return (
        slips.with_columns(pl.len().over("kind", "value").alias("count"), often=often)
        .filter(~pl.col("often") | same.is_first_distinct())
        .with_columns(pl.when("often").then(pl.lit("never a step")).otherwise("kind").alias("kind"))
    )


def notices(counted: Shaped, translate: Translate, language: str, *, skip_bad: bool) -> list[str]:
    """What a reader must know before the numbers."""

    def said(sentence: str, count: int) -> str:
        return translate(sentence).format(count=numbers.count(count, language=language))

    lines = [said("Rows read: {count}.", counted.rows)]
    if counted.inferred:
        inferred = translate(
            "The scale {scale} was inferred from the numbers found; if it was another, give it with --steps."
        )
        lines.append(inferred.format(scale=f"{counted.scale.labels[0]}–{counted.scale.labels[-1]}"))
    if unnamed := counted.without_module:
        lines.append(said("Rows that name no module: {count}. They stand together as “(not named)”.", unnamed))
    if skip_bad and counted.slips.height:
        lines.append(said("Entries that did not parse and were left out: {count}.", counted.slips.height))
    return lines
