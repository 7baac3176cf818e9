"""Findings in plain sentences, Vietnamese and English, out of the catalogues `languages/*.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final, TypeAlias

import polars as pl

from analytics.findings import Finding

LANGUAGES: Final = ("vi", "en")

SENTENCES: Final = pl.Schema({"what": pl.String(), "sure": pl.String(), "n": pl.Int64(), "sentence": pl.String()})
"""What `sentences_of` gives; the keys of the findings stand in front."""

HEADS: Final = ("module", "component", "cohort")
"""Which key a sentence is about, if it has several: the first of these. The others are named beside it."""

Names: TypeAlias = Mapping[str, Mapping[str, str]]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Key, as "change.better", -> sentence with named places. Raises `ValueError` for a language that there is not."""
    if language not in LANGUAGES:
        raise ValueError(f"There are no sentences in {language!r}; the languages are {', '.join(LANGUAGES)}.")
    tables = tomllib.loads(files("analytics").joinpath("languages", f"{language}.toml").read_text("utf-8"))
    return {f"{group}.{key}": sentence for group, table in tables.items() for key, sentence in table.items()}


def said(finding: Finding, *, language: str, names: Names | None = None) -> str:
    """The sentence of a finding.

    `names` gives titles, column by column: {"module": {"m7": "Điều hành cuộc họp"}, "cohort": {"k4": "Khóa 4"}}. A key
    without a title is said as it is, and one whose title is empty is not said (a page about one question need not
    repeat it). Numbers are written as the language writes them.
    """
    voice = _Voice(catalogue(language), finding, names or {})
    return " ".join(voice.say(key) for key in (finding.what, *finding.notes))


def sentences_of(findings: Sequence[Finding], *, language: str, names: Names | None = None) -> pl.DataFrame:
    """The findings as a frame: their keys and the columns of `SENTENCES`, in the order given."""
    keys = dict.fromkeys(key for finding in findings for key in finding.where)
    rows = [
        {
            **finding.where,
            "what": finding.what,
            "sure": finding.sure,
            "n": finding.n,
            "sentence": said(finding, language=language, names=names),
        }
        for finding in findings
    ]
    return pl.DataFrame(rows, schema={**dict.fromkeys(keys, pl.String()), **SENTENCES})


@dataclass(frozen=True, slots=True)
class _Voice:
    words: Mapping[str, str]
    finding: Finding
    names: Names

    def say(self, key: str) -> str:
        """A sentence with its places filled, beginning with a capital."""
        parts = Formatter().parse(self.words[key])
        sentence = "".join(text + (self._written(field, form or "") if field else "") for text, field, form, _ in parts)
        return sentence[0].upper() + sentence[1:]

    def _written(self, field: str, form: str) -> str:
        numbers = self.finding.numbers
        if form.endswith("interval"):
            low, high = numbers.get(f"{field}_low"), numbers.get(f"{field}_high")
            return self._interval(low, high, form.removesuffix("interval").strip())
        if form:
            return self._number(numbers.get(field), form)
        if field == "place":
            return self._place()
        return self._title("cohort", self.finding.where[field])

    def _interval(self, low: float | None, high: float | None, form: str) -> str:
        if low is None or high is None:
            return self.words["interval.missing"]
        ends = {"low": self._number(low, form), "high": self._number(high, form)}
        confidence = self._number(self.finding.numbers["confidence"], "percent")
        return self.words["interval.known"].format(**ends, confidence=confidence)

    def _place(self) -> str:
        """What the finding is about, with whatever else marks it in parentheses."""
        where = {key: value for key, value in self.finding.where.items() if key not in ("before", "after")}
        head = next((key for key in HEADS if self._title(key, where.get(key))), None)
        if where.get("module", "") is None:
            head = None  # asked of the course as a whole
        place = self.words["place.course" if "module" in where else "place.everything"]
        if head is not None:
            place = self._named(head, where[head])
        titled = [(key, value) for key, value in where.items() if key != head and self._title(key, value)]
        details = self.words["place.separator"].join(self._named(key, value) for key, value in titled)
        return self.words["place.detailed"].format(place=place, details=details) if details else place

    def _named(self, key: str, value: str | None) -> str:
        return self.words.get(f"place.{key}", self.words["place.other"]).format(name=self._title(key, value))

    def _title(self, key: str, value: str | None) -> str:
        return "" if value is None else self.names.get(key, {}).get(value, value)

    def _number(self, value: float | None, form: str) -> str:
        if value is None:
            return self.words["written.missing"]
        match form:
            case "count":
                return self._digits(value, 0)
            case "number":
                return self._digits(value, 2)
            case "signed":
                return self._digits(value, 2, plus=self.words["written.plus"])
            case "share":
                return self.words["written.share"].format(number=self._digits(100 * value, 1))
            case "percent":
                decimals = 0 if round(100 * value, 6).is_integer() else 1
                return self.words["written.share"].format(number=self._digits(100 * value, decimals))
        raise ValueError(f"A number cannot be written as {form!r}.")

    def _digits(self, value: float, decimals: int, *, plus: str = "") -> str:
        # Decimal rounds the number as it is written, which is how the tables round (dashboards.numbers).
        digits = f"{Decimal(str(value)):,.{decimals}f}"
        marks = {",": self.words["written.thousands"], ".": self.words["written.decimal"]}
        sign = self.words["written.minus"] if value < 0 else plus
        is_zero = not digits.strip("-0.,")
        return ("" if is_zero else sign) + "".join(marks.get(digit, digit) for digit in digits.lstrip("-"))
