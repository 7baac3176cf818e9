"""Texts parted into words: Vietnamese writes a space between syllables, so that "tình huống" is one word of two."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import polars as pl

from analytics.comments.masking import MARKS

A_WORD: Final = r"^\p{L}[\p{L}\p{M}\s'’-]*\p{L}$"
"""Two letters or more; no figures, no signs."""


def words_of(masked: pl.Series) -> pl.Series:
    """The words of each masked text, in small letters, each once, without marks of masking and without stop words.

    The words are those of underthesea (a conditional random field trained on the data of VLSP 2013; the model comes
    with the library). It reads small letters: so a word at the beginning of a sentence is the same as elsewhere. It
    joins some syllables that are no word and leaves some words in two. It takes one text at a time, equal texts once.
    """
    texts = masked.to_frame("masked")
    each = texts.unique(maintain_order=True)
    words = each["masked"].map_elements(_segmented, return_dtype=pl.List(pl.String))
    telling = pl.element().filter(pl.element().str.contains(A_WORD) & ~pl.element().is_in(stop_words()))
    listed = each.with_columns(words=words).with_columns(
        pl.col("words").list.eval(telling).list.unique(maintain_order=True)
    )
    return texts.join(listed, on="masked", how="left", maintain_order="left")["words"]


@cache
def stop_words() -> tuple[str, ...]:
    groups = tomllib.loads(Path(__file__).with_name("stop_words.toml").read_text("utf-8"))
    return tuple(dict.fromkeys(word for words in groups.values() for word in words))


def _segmented(text: str) -> list[str]:
    # Imported when words are needed: it takes about a second and 100 MB.
    from underthesea import word_tokenize

    for mark in MARKS.values():
        # A full stop, so that no word reaches across what was masked.
        text = text.replace(mark, " . ")
    words: list[str] = word_tokenize(text.lower())
    return words
