"""The comments that hold the words somebody looks for, and where in the text they stand."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from analytics.comments.letters import pattern_of
from analytics.comments.reading import COMMENTS, SMALLEST_GROUP, STEERING, readable_comments

OPENS, CLOSES = "\ufdd0", "\ufdd1"

FOUND: Final = pl.Schema({**COMMENTS, "places": pl.List(pl.Struct({"start": pl.Int64(), "end": pl.Int64()}))})
"""Comments with the places of what was found: characters of `text` from `start` up to, without, `end`."""

A_PHRASE: Final = re.compile(r'"([^"]*)"|“([^”]*)”|(\S+)')


def found_comments(
    comments: pl.DataFrame, query: str, *, ignore_diacritics: bool = True, smallest_group: int = SMALLEST_GROUP
) -> pl.DataFrame:
    """The comments with every word of the query, in any order, and where these stand in the text.

    Takes comments (schema `COMMENTS`) and gives those found with the columns of `FOUND`, in their order, with whatever
    further columns they have. Case never counts (Unicode case folding); with `ignore_diacritics` diacritics do not
    either: `thuc hanh` finds "Thực hành", and so does `thực hành`. Words in quotation marks stand next to each other.
    A word is found where a word begins with it: `tinh` finds "tình huống", and `inh` does not. No sign has a special
    meaning but the quotation mark, and an empty query finds everything.

    Texts of modules on which fewer than `smallest_group` people answered are not searched (see `readable_comments`), so
    that finding nothing tells nothing about them.
    """
    texts = readable_comments(comments, smallest_group=smallest_group)
    patterns = _patterns(query, ignore_diacritics=ignore_diacritics)
    if not patterns:
        return texts.with_columns(places=pl.lit([], FOUND["places"]))
    with_all = texts.filter(pl.col("text").str.contains(pattern) for pattern in patterns)
    marked = pl.col("text").str.replace_all(f"({'|'.join(patterns)})", f"{OPENS}${{1}}{CLOSES}")
    return with_all.with_columns(places=places_in(marked))


def places_in(marked: pl.Expr) -> pl.Expr:
    """Start and end of what stands between the marks of a text, in characters of the text without marks."""
    # A text parted at each mark: outside, inside, outside, ... The lengths of the parts add up to the places.
    parts = marked.str.replace_all(STEERING, OPENS).str.split(OPENS)
    ends = parts.list.eval(pl.element().str.len_chars().cast(pl.Int64).cum_sum())
    place = pl.struct(start=pl.element(), end=pl.element().shift(-1)).gather_every(2)
    return ends.list.eval(place).list.head(ends.list.len() // 2)


def _patterns(query: str, *, ignore_diacritics: bool) -> list[str]:
    """The patterns of the query's words, the longest first: where a phrase stands, its words are not marked again."""
    words = sorted(("".join(parts).strip() for parts in A_PHRASE.findall(query)), key=len, reverse=True)
    patterns = [pattern_of(word, ignore_diacritics=ignore_diacritics) for word in words]
    return list(dict.fromkeys(pattern for pattern in patterns if pattern))
