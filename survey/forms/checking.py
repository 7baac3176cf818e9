"""Reads a filled-in sheet: keeps what is right and says of everything else what is wrong with it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import TypeVar

import msgspec

from survey.forms import parts
from survey.forms.places import Place
from survey.forms.shape import Comment, Pick

_Answer = TypeVar("_Answer")

# Line breaks and tabs are text; other control characters are not (PostgreSQL refuses NUL outright).
_CONTROL = {code: None for code in [*range(32), 127] if chr(code) not in "\n\t"}


class Slip(msgspec.Struct, frozen=True):
    """A slip of the person at one place: a sentence of the catalogue and the numbers that stand in it."""

    place: str
    sentence: str
    numbers: dict[str, int | str] = {}


class Sheet(msgspec.Struct, frozen=True):
    """What is right of a sheet, and what is not.

    ratings: place name -> step (0 = not attended); picks: item key -> keys of modules; comments: place name -> text.
    A comment beyond its limit is kept whole here, so that its writer can shorten it; `slips` says so.
    """

    ratings: dict[str, int]
    picks: dict[str, list[str]]
    comments: dict[str, str]
    slips: list[Slip]

    def without_slips(self, *, kept: Mapping[str, int | list[str]]) -> Sheet:
        """What is right of it. Of places with a slip what was `kept` before stands there, if anything."""
        wrong = {slip.place for slip in self.slips}

        def right(answers: dict[str, _Answer]) -> dict[str, _Answer]:
            return {name: answer for name, answer in answers.items() if name not in wrong}

        before = {name: answer for name, answer in kept.items() if name in wrong}
        ratings = {name: answer for name, answer in before.items() if isinstance(answer, int)}
        picks = {name: answer for name, answer in before.items() if isinstance(answer, list)}
        return Sheet(right(self.ratings) | ratings, right(self.picks) | picks, right(self.comments), self.slips)

    def document(self, part: str = "") -> bytes:
        """Ratings and picks as they are stored: one JSON object keyed by place, and the part of the form that it is."""
        named = {parts.PART: part} if part else {}
        return msgspec.json.encode({**named, **self.ratings, **self.picks})


# The sentences, marked for the catalogues; they are worded in the reader's language where they are shown.
UNKNOWN_FIELD = "This form has no question “{name}”. The answer was left out; the rest is kept."
OUT_OF_SCALE = "“{value}” is not one of the answers to this question. Choose one of those shown."
TWO_ANSWERS = "Two different answers were given to this question. Choose one."
TOO_MANY_PICKS = "Choose at most {up_to} modules here; {given} are chosen."
UNKNOWN_PICK = "“{value}” is not a module of this course. It was left out."
TOO_LONG = "This text has {given} characters; {limit} fit. Please shorten it; nothing of it is lost."


def check_sheet(
    places: Mapping[str, Place], fields: Iterable[tuple[str, str]], usual: Iterable[tuple[str, int | str]] = ()
) -> Sheet:
    """A sheet from the fields of a form as they came, in any order.

    `usual` are answers that the form itself can send, taken apart already: a place and its step, or a pick and a
    module's key.

    Empty fields are unanswered places. Never raises: everything that a person or a script can send is either kept
    or worded as a slip.
    """
    ratings: dict[str, int] = {}
    picks: dict[str, dict[str, None]] = {}  # in the order of choosing, each module once
    comments: dict[str, str] = {}
    slips: list[Slip] = []
    for name, answer in usual:
        if name not in places:
            slips.append(Slip(name, UNKNOWN_FIELD, {"name": name[:60]}))
        elif isinstance(answer, int):
            if ratings.setdefault(name, answer) != answer:
                slips.append(Slip(name, TWO_ANSWERS))
        elif answer in places[name].values:
            picks.setdefault(name, {})[answer] = None
        else:
            slips.append(Slip(name, UNKNOWN_PICK, {"value": answer[:60]}))
    for name, value in fields:
        place = places.get(name)
        if place is None:
            slips.append(Slip(name, UNKNOWN_FIELD, {"name": name[:60]}))
        elif not value:
            continue
        elif place.top:
            step = place.values.get(value)
            if step is None:
                slips.append(Slip(name, OUT_OF_SCALE, {"value": value[:60]}))
            elif ratings.setdefault(name, step) != step:
                slips.append(Slip(name, TWO_ANSWERS))
        elif isinstance(place.item, Comment):
            if text := clean(value):
                comments[name] = text
                if len(text) > place.item.limit:
                    slips.append(Slip(name, TOO_LONG, {"given": len(text), "limit": place.item.limit}))
        elif value in place.values:
            picks.setdefault(name, {})[value] = None
        else:
            slips.append(Slip(name, UNKNOWN_PICK, {"value": value[:60]}))
    for name, chosen in picks.items():
        item = places[name].item
        if isinstance(item, Pick) and len(chosen) > item.up_to:
            slips.append(Slip(name, TOO_MANY_PICKS, {"up_to": item.up_to, "given": len(chosen)}))
    return Sheet(ratings, {name: list(chosen) for name, chosen in picks.items()}, comments, slips)


def clean(text: str) -> str:
    """A text as it is kept: composed letters (NFC), plain line breaks, no control characters, no space around."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_CONTROL)).strip()
