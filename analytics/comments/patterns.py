"""The regular expression (of Polars) that tells names, numbers and addresses in a comment from what only looks so."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

GAP: Final = r"[ \t\u{a0}]+"
# Latin letters only, with those of Vietnamese: all the letters of Unicode, sixty times, are more than the engine takes.
LETTER: Final = r"[A-Za-z\u{c0}-\u{24f}\u{1e00}-\u{1eff}]"
CAPITAL: Final = (
    "[" + "".join(letter for letter in map(chr, (*range(0x250), *range(0x1EA0, 0x1EFA))) if letter.isupper()) + "]"
)
CAPITALISED: Final = rf"{CAPITAL}{LETTER}*(?:['’-]{LETTER}+)*"
REST_OF_NAME: Final = rf"(?:{GAP}{CAPITALISED})"
HOUSE: Final = rf"[0-9]+{LETTER}?(?:/[0-9]+{LETTER}?)*"
BETWEEN: Final = r"[ .-]?"

EMAIL: Final = r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
ID_NUMBER: Final = r"\b[0-9]{12}\b|\b0[0-9]{2}(?:[ .][0-9]{3}){3}\b"
"""Twelve figures; parted in threes only with the 0 that every province's number begins with, or else it is money."""
ID_WORDS: Final = r"\b(?i:CCCD|CMND|CMT|căn cước|căn cước công dân|chứng minh|chứng minh nhân dân)\b[^0-9\n]{0,12}"
A_SUM: Final = r"\b[1-9][0-9]{0,2}(?:(?:\.[0-9]{3}){2,}\b|(?: [0-9]{3}){2,} (?:đồng|VND)\b)"
PHONE: Final = (
    rf"(?:\(\+?84\)|\+84|\b84|\(0[0-9]{{2,3}}\)|\b0){BETWEEN}"
    rf"(?:[0-9]{{7,10}}|[0-9]{{1,3}}{BETWEEN}[0-9]{{3,4}}{BETWEEN}[0-9]{{3,4}}"
    r"|[0-9]{1,3}(?:[ .-][0-9]{2}){4}|[0-9]{3}(?:[ .-][0-9]{2}){3})\b"
)

SPANS: Final = {
    "officer": "name",
    "email": "email",
    "id_number": "id_number",
    "numbered": "id_number",
    "phone": "phone",
    "address": "address",
    "titled_twice": "name",
    "titled": "name",
    "family": "name",
}
"""Groups of the expression -> kind of what they hold."""
STAYS: Final = ("office", "kept", "before", "titles", "title")
"""Groups that hold what stays: what stands before a name or number, and what only looks like one."""


@cache
def expression(known: tuple[str, ...] = ()) -> str:
    """What to look for, in this order at each place of a text; what is to stay is passed over whole.

    `known` are titles and names that stay wherever they stand.
    """
    data = _data()
    title, role, name = _title(data), rf"\b(?i:{_any(data['roles'])})", rf"{CAPITALISED}{REST_OF_NAME}{{0,3}}"
    family = rf"(?:{_any(data['family_names'] + data['bare_family_names'])}|{_upper(data['family_names'])})"
    full_name = rf"\b{family}{REST_OF_NAME}{{1,3}}"
    return "|".join(
        [
            rf"(?P<office>{role}{GAP}(?i:{_any(data['low_units'])}){GAP})(?P<officer>{full_name})",
            rf"(?P<kept>{_kept(data, title, role, known)})",
            rf"(?P<email>{EMAIL})",
            rf"(?P<id_number>{ID_NUMBER})",
            rf"(?P<before>{ID_WORDS})(?P<numbered>[0-9][0-9 ]{{7,13}}[0-9])",
            rf"(?P<phone>{PHONE})",
            rf"(?P<address>{_address(data, name)})",
            # "ông Chủ tịch Lan" is a name after two titles, and "cô Anh Lan" is all name.
            rf"(?P<titles>{title}{_further_title(data)}+)(?P<titled_twice>{name})",
            rf"(?P<title>{title})(?P<titled>{name})",
            rf"(?P<family>{full_name})",
        ]
    )


@cache
def no_name() -> str:
    """What stands where a name would and is none: a post ("ông Chủ tịch"), a degree, capitals without a vowel."""
    data = _data()
    return rf"(?:{_any(data['posts_begin'] + data['degrees'])}|[BCDĐGHKLMNPQRSTVX]{{2,}})"


def _title(data: dict[str, list[str]]) -> str:
    words = rf"\b(?i:{_any(data['titles'] + data['roles'])}){GAP}"
    degrees = rf"\b(?i:{_any(data['degrees'])})(?:\.[ \t]*|{GAP})"
    return rf"(?:{words}|{degrees})"


def _further_title(data: dict[str, list[str]]) -> str:
    """A title after another: in small letters, or a post or degree; else it is a name ("Anh" is a frequent one)."""
    posts = rf"\b(?i:{_any(data['roles'])}){GAP}"
    degrees = rf"\b(?i:{_any(data['degrees'])})(?:\.[ \t]*|{GAP})"
    return rf"(?:\b(?:{_any(data['titles'])}){GAP}|{posts}|{degrees})"


def _kept(data: dict[str, list[str]], title: str, role: str, known: tuple[str, ...]) -> str:
    named_after = rf"\b(?i:{_any(data['named_after'])})\.?{GAP}{CAPITALISED}{REST_OF_NAME}{{0,3}}"
    parts = [
        rf"{title}*\b(?:{_any(data['places'])})\b",
        rf"{title}+(?:{_any(data['institutions'])})\b",
        rf"(?:{role}{GAP})?{named_after}",
        rf"\b(?i:{_any(data['not_streets'])})\b",
        A_SUM,
    ]
    return "|".join([rf"\b(?i:{_any(known)})", *parts] if known else parts)


def _address(data: dict[str, list[str]], name: str) -> str:
    numbered, named, doubtful, units = (
        rf"(?i:{_any(data[key])})\.?{GAP}" for key in ("numbered_streets", "named_streets", "doubtful_streets", "units")
    )
    number = rf"(?:(?i:số){GAP})?{HOUSE}"
    street = rf"(?:{numbered}(?:{number}|{name})|{named}{name})"
    loose = rf"{doubtful}(?:{number}|{name})"
    further = rf"(?:,?{GAP}(?:{street}|{loose}|{units}(?:[0-9]+|{name})))"
    house = rf"(?i:số nhà|nhà số){GAP}{HOUSE}"
    return rf"\b(?:{house}{further}*|(?:{number},?{GAP})?{street}{further}*|{loose}{further}+)"


def _any(words: Iterable[str]) -> str:
    # The longest first: of "thầy" and "thầy giáo" the expression takes the one that it meets first.
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(GAP.join(re.escape(part) for part in word.split()) for word in longest_first)


def _upper(words: Iterable[str]) -> str:
    return _any([word.upper() for word in words])


@cache
def _data() -> dict[str, list[str]]:
    return tomllib.loads(Path(__file__).with_name("masking.toml").read_text("utf-8"))
