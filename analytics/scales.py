"""The steps of a scale as people write them: `1-5`, or labels from the first step to the last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics.files import RefusedFileError, tidied

A_RANGE: Final = re.compile(r"\s*(\d+)\s*(?:-|–|\.\.)\s*(\d+)\s*")
A_WHOLE_NUMBER: Final = r"^-?\d+$"
HIGHEST_INFERRED: Final = 10
FEWEST_NUMBERS: Final = 0.8
"""So much of the answers must be numbers before a scale is inferred from them; the rest are slips, not words."""


@dataclass(frozen=True, slots=True)
class Scale:
    """The labels of the steps in order; `first` is what the first step counts (0 on a scale from 0 to 10)."""

    labels: tuple[str, ...]
    first: int = 1

    @property
    def steps(self) -> int:
        return len(self.labels)


def key_of(text: pl.Expr) -> pl.Expr:
    """What makes two writings of an answer the same: case and spaces do not count; 4, 4.0 and 4,0 are one number."""
    return tidied(text).str.to_lowercase().str.replace(r"^(-?\d+)[.,]0+$", "$1")


def keys_of(texts: Sequence[str]) -> list[str]:
    keys = pl.DataFrame({"text": texts}, schema={"text": pl.String}).select(key_of(pl.col("text")))
    return keys["text"].fill_null("").to_list()


def numbered_scale(first: int, last: int) -> Scale:
    return Scale(tuple(str(number) for number in range(first, last + 1)), first)


def parse_scale(text: str) -> Scale:
    """The scale in `1-5`, in `Low,Middle,High` or in `Low; Middle, or so; High`. Raises `RefusedFileError`.

    A label that has a comma itself writes it as `\\,`, or else semicolons part the labels.
    """
    if found := A_RANGE.fullmatch(text):
        first, last = int(found[1]), int(found[2])
        if not first < last <= first + 100:
            raise RefusedFileError("steps backwards", steps=text)
        return numbered_scale(first, last)
    labels = [" ".join(label.split()) for label in parse_values(text)]
    keys = keys_of(labels)
    if len(labels) < 2 or len(set(keys)) < len(keys):
        raise RefusedFileError("steps twice or too few", steps=text)
    if all(re.fullmatch(r"\d+", key) for key in keys):
        numbers = [int(key) for key in keys]
        if numbers == list(range(numbers[0], numbers[0] + len(numbers))):
            return numbered_scale(numbers[0], numbers[-1])
    return Scale(tuple(labels))


def parse_values(text: str) -> list[str]:
    """The values in a list with semicolons, or else with commas, where `\\,` is a comma inside a value."""
    parts = text.split(";") if ";" in text else re.split(r"(?<!\\),", text)
    return [part.replace("\\,", ",").strip() for part in parts if part.strip()]


def inferred_scale(keys: pl.Series) -> Scale:
    """The scale that a column of answers (as keys, without blanks) seems to have: from 1, or 0, to the highest number.

    Raises `RefusedFileError` where the answers are words, or numbers that no scale has.
    """
    is_number = keys.str.contains(A_WHOLE_NUMBER)
    if keys.is_empty():
        raise RefusedFileError("no answers")
    if is_number.sum() < FEWEST_NUMBERS * len(keys):
        found = keys.value_counts(sort=True).head(8).to_series()
        raise RefusedFileError("words", found=", ".join(f"“{label}”" for label in found))
    numbers = keys.filter(is_number).cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    assert isinstance(low, int) and isinstance(high, int)
    if low < 0 or high > HIGHEST_INFERRED:
        raise RefusedFileError("numbers beyond", low=str(low), high=str(high))
    first = min(low, 1)
    return numbered_scale(first, max(high, first + 1))
