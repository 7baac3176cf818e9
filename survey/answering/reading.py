"""Reads the body of a sent form: bounded, strict about its encoding, and whole."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_plus

import msgspec
from litestar import Request

from survey.answering.codes import RECEIPT_LENGTH, read_code
from survey.problems import Problem, Refusal
from survey.web.ready import header

# A form of 300 modules with four items each has 1,200 fields; ten times a usual form is no form of ours.
FIELD_LIMIT = 3000
# Fields of the form that are no answers.
HIDDEN = frozenset({"sequence", "receipt", "complete"})
_NUMBER = re.compile(r"[0-9]{1,9}")


class Sent(msgspec.Struct):
    """A form as it was sent: answers still unchecked, and what goes with them."""

    fields: list[tuple[str, str]]
    sequence: int = 1
    receipt: str | None = None

    def carried(self) -> list[tuple[str, str]]:
        """What a page must bring along for the same to be sent again."""
        hidden = [("sequence", str(self.sequence)), *([("receipt", self.receipt)] if self.receipt else [])]
        return [*self.fields, *hidden]


async def read_sent(request: Request[Any, Any, Any]) -> Sent:
    """The fields of a sent form.

    Raises:
        Problem: unreadable (not a form, not UTF-8, cut off on the way), too_large, too_many_fields.
    """
    if not header(request, b"content-type").startswith(b"application/x-www-form-urlencoded"):
        raise Problem(Refusal.unreadable)
    body = await request.body()
    if body.count(b"&") >= FIELD_LIMIT:
        raise Problem(Refusal.too_many_fields)
    try:
        fields = form_fields(body.decode("ascii"))
    except UnicodeDecodeError:
        raise Problem(Refusal.unreadable) from None
    return _sorted_out(fields)


def form_fields(text: str) -> list[tuple[str, str]]:
    """What `urllib.parse.parse_qsl` gives (blank values kept, strict UTF-8) in half its time: names and steps, most of
    a form, are plain letters that need no decoding. The test holds the two against each other."""
    return [
        _decoded(pair) if "%" in pair or "+" in pair else pair.partition("=")[::2] for pair in text.split("&") if pair
    ]


def _decoded(pair: str) -> tuple[str, str]:
    name, _, value = pair.partition("=")
    return unquote_plus(name, errors="strict"), unquote_plus(value, errors="strict")


def _sorted_out(fields: list[tuple[str, str]]) -> Sent:
    # The form's last field: where it is missing, the body was cut off on the way.
    if not fields or fields[-1] != ("complete", "1"):
        raise Problem(Refusal.unreadable)
    hidden = dict(field for field in fields if field[0] in HIDDEN)
    sequence, receipt = hidden.get("sequence", "1"), hidden.get("receipt")
    code = receipt and read_code(receipt, RECEIPT_LENGTH)
    if not _NUMBER.fullmatch(sequence) or (receipt is not None and not code):
        raise Problem(Refusal.unreadable)
    return Sent([field for field in fields if field[0] not in HIDDEN], int(sequence), code or None)
