"""What `gopy report` says of a file: why it cannot be used, what did not parse, and what was taken for granted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import polars as pl

from analytics import RefusedFileError, Shaped
from dashboards import numbers

Translate = Callable[[str], str]

MOST_LINES: Final = 100
"""More slips than this are counted and no longer listed: nobody reads them, and the cause is one and the same."""

REFUSALS: Final = {
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
    "steps backwards": "“{steps}” is no scale: give the lowest step first. If the first is best, add --direction down.",
    "steps twice or too few": "“{steps}” is no scale: it needs two steps or more, and each only once.",
}

SLIPS: Final = {
    "not a step": "row {row}, column “{column}”: “{value}” is not a step of the scale",
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
    lines = [
        translate(SLIPS[slip["kind"]]).format(row=slip["row"], column=slip["column"], value=slip["value"])
        for slip in slips.head(MOST_LINES).iter_rows(named=True)
    ]
    more = slips.height - MOST_LINES
    return [*lines, translate("... and {count} more.").format(count=more)] if more > 0 else lines


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
