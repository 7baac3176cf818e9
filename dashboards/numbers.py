"""Numbers as the reader's language writes them: 1.234.567,89 and 87,3 % in Vietnamese."""

from __future__ import annotations

from typing import Final

from babel.numbers import format_decimal

NO_NUMBER: Final = "–"
NO_BREAK_SPACE: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"

# Plotly has no Vietnamese: the decimal mark and the mark of thousands, in its own notation.
SEPARATORS: Final = {"vi": ",.", "en": ".,"}


def number(value: float | None, *, language: str, decimals: int = 2) -> str:
    if value is None:
        return NO_NUMBER
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    written = str(format_decimal(value, format=pattern, locale=language)).replace("-", MINUS)
    return written if any(digit in written for digit in "123456789") else written.removeprefix(MINUS)


def count(value: int | None, *, language: str) -> str:
    return number(value, language=language, decimals=0)


def share(value: float | None, *, language: str, decimals: int = 1) -> str:
    """A share from 0 to 1 in percent."""
    if value is None:
        return NO_NUMBER
    space = NO_BREAK_SPACE if language == "vi" else ""
    return number(100 * value, language=language, decimals=decimals) + space + "%"


def interval(low: float | None, high: float | None, *, language: str, decimals: int = 2) -> str:
    if low is None or high is None:
        return NO_NUMBER
    ends = (number(end, language=language, decimals=decimals) for end in (low, high))
    return f"{NO_BREAK_SPACE}–{NO_BREAK_SPACE}".join(ends)


def share_interval(low: float | None, high: float | None, *, language: str) -> str:
    if low is None or high is None:
        return NO_NUMBER
    ends = (share(end, language=language, decimals=0) for end in (low, high))
    return f"{NO_BREAK_SPACE}–{NO_BREAK_SPACE}".join(ends)
