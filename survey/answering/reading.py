"""Reads the body of a sent form: bounded, strict about its encoding, and whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote_plus

import msgspec
from litestar import Request

from survey.answering.codes import RECEIPT_LENGTH, read_code
from survey.forms.checking import Sheet, check_sheet
from survey.forms.places import Place
from survey.problems import Problem, Refusal
from survey.web.languages import LANGUAGES
from survey.web.ready import header

# A form of 300 modules with four items each has 1,200 fields; ten times a usual form is no form of ours.
FIELD_LIMIT = 3000
# Fields of the form that are no answers.
HIDDEN = frozenset({"sequence", "base", "receipt", "part", "complete", "language"})
# The form's last field: where it is missing, the body was cut off on the way.
LAST = "complete=1"
_NUMBER = re.compile(r"[0-9]{1,9}")

# A language is asked for by a button, which says its name.
_CODES = {name: code for code, name in LANGUAGES.items()}

# "07.useful=4" -> ("07.useful", 4), "revise_first=07" -> ("revise_first", "07"); of an empty field, none.
UsualFields = Mapping[str, tuple[str, int | str] | None]


class Sent(msgspec.Struct):
    """A form as it was sent: what it says, still unchecked, and what goes with it.

    `base` is the number of the save that the sender built upon; only the form's script says it.
    """

    text: str
    unusual: list[tuple[str, str]]
    usual: list[tuple[str, int | str]]
    sequence: int = 1
    base: int | None = None
    receipt: str | None = None
    part: str = ""
    # Another language is asked for: the form is shown again in it, and nothing is saved.
    language: str | None = None

    def sheet(self, places: Mapping[str, Place]) -> Sheet:
        return check_sheet(places, self.unusual, self.usual)

    def carried(self) -> list[tuple[str, str]]:
        """What a page must bring along for the same to be sent again."""
        answers = [field for field in form_fields(self.text) if field[0] not in HIDDEN]
        hidden = {"sequence": str(self.sequence), "receipt": self.receipt, "part": self.part}
        return [*answers, *((name, value) for name, value in hidden.items() if value)]


def usual_fields(places: Mapping[str, Place]) -> UsualFields:
    """Every field that the form itself can send but for written texts, encoded as browsers do, and its meaning.

    Nearly all of a form is among them: looking them up costs a tenth of taking them apart and checking them.
    """
    usual: dict[str, tuple[str, int | str] | None] = {}
    for name, place in places.items():
        usual[f"{quote_plus(name)}="] = None
        for value, step in place.values.items():
            usual[f"{quote_plus(name)}={quote_plus(value)}"] = (name, step if place.top else value)
    return usual


async def read_sent(request: Request[Any, Any, Any], usual: UsualFields) -> Sent:
    """What was sent.

    Raises:
        Problem: unreadable (not a form, not UTF-8, cut off on the way), too_large, too_many_fields.
    """
    if not header(request, b"content-type").startswith(b"application/x-www-form-urlencoded"):
        raise Problem(Refusal.unreadable)
    body = await _whole_body(request)
    if body.count(b"&") >= FIELD_LIMIT:
        raise Problem(Refusal.too_many_fields)
    try:
        text = body.decode("ascii")
        return _taken_apart(text, usual)
    except UnicodeDecodeError:
        raise Problem(Refusal.unreadable) from None


async def _whole_body(request: Request[Any, Any, Any]) -> bytes:
    """The body as it arrives. Litestar's own reading makes all headers anew and keeps the body with the request."""
    parts: list[bytes] = []
    size, limit = 0, request.app.state.settings.body_limit
    while True:
        message = await request.receive()
        if message["type"] != "http.request":
            raise Problem(Refusal.unreadable)  # the sender hung up
        parts.append(message["body"])
        size += len(message["body"])
        if size > limit:
            raise Problem(Refusal.too_large)
        if not message["more_body"]:
            return b"".join(parts)


def form_fields(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="strict")


def _taken_apart(text: str, usual: UsualFields) -> Sent:
    pairs = text.split("&")
    if pairs.pop() != LAST:
        raise Problem(Refusal.unreadable)
    found, others = [], []
    for pair in pairs:
        try:
            if meaning := usual[pair]:
                found.append(meaning)
        except KeyError:
            others.append(pair)
    fields = form_fields("&".join(others))
    hidden = {name: value for name, value in fields if name in HIDDEN}
    unusual = [field for field in fields if field[0] not in HIDDEN]
    sequence, base, receipt = hidden.get("sequence", "1"), hidden.get("base"), hidden.get("receipt")
    code = receipt and read_code(receipt, RECEIPT_LENGTH)
    if not _is_number(sequence) or not _is_number(base or "0") or (receipt is not None and not code):
        raise Problem(Refusal.unreadable)
    number = None if base is None else int(base or "0")
    return Sent(
        text,
        unusual,
        found,
        sequence=int(sequence),
        base=number,
        receipt=code or None,
        part=hidden.get("part", ""),
        language=_CODES.get(hidden.get("language", "")),
    )


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
