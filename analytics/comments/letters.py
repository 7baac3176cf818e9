"""Patterns that find a written word whatever its case and, when asked, whatever its Vietnamese diacritics."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache
from typing import Final

LETTERS_END: Final = 0x2000
"""Latin, Greek, Cyrillic and the scripts near them, with the Vietnamese letters of Latin Extended Additional."""
MARKS: Final = r"\p{M}*"


def folded(text: str) -> str:
    """A text without case, tone marks and letter marks; đ is a letter of its own in Unicode and becomes d."""
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).replace("đ", "d")


def pattern_of(word: str, *, ignore_diacritics: bool) -> str:
    """A regular expression (of Polars) for a word that begins where a word of the text begins.

    Every letter stands for all that fold to the same one (Unicode case folding; with `ignore_diacritics` also without
    marks). Letters that fold to several, as ß does, match themselves. Empty for a word of nothing but loose marks.
    """
    letters = unicodedata.normalize("NFC", word)
    while letters and unicodedata.combining(letters[0]):
        letters = letters[1:]
    if not letters:
        return ""
    begins = r"\b" if re.match(r"\w", letters) else ""
    return begins + "".join(_letter(letter, ignore_diacritics=ignore_diacritics) for letter in letters)


def _letter(letter: str, *, ignore_diacritics: bool) -> str:
    if letter.isspace():
        return r"\s+"
    key = folded(letter) if ignore_diacritics else letter.casefold()
    if not key:
        return ""
    alike = _alike(ignore_diacritics=ignore_diacritics).get(key, "") if len(key) == 1 else ""
    one = "(?i:[" + "".join(_escaped(other) for other in dict.fromkeys(letter + alike)) + "])"
    return one + MARKS if ignore_diacritics else one


def _escaped(letter: str) -> str:
    return f"\\x{{{ord(letter):x}}}"


@cache
def _alike(*, ignore_diacritics: bool) -> dict[str, str]:
    fold = folded if ignore_diacritics else str.casefold
    alike: defaultdict[str, str] = defaultdict(str)
    for letter in map(chr, range(LETTERS_END)):
        if len(key := fold(letter)) == 1:
            alike[key] += letter
    return dict(alike)
