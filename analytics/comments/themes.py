"""What comments are about: how many hold words of a theme, by a dictionary that everybody can read."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl

from analytics.comments.letters import folded, pattern_of
from analytics.comments.masking import masked_comments
from analytics.comments.reading import SMALLEST_GROUP, WHERE, checked_keys, people_in

NO_THEME: Final = "none"
"""The theme of comments that hold no word of any."""

THEMES: Final = pl.Schema(
    {
        "theme": pl.String(),
        "n": pl.Int64(),
        "comments": pl.Int64(),
        "share": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `theme_counts` says of a theme; the key columns stand in front. `n` comments in all, `comments` with a word of
the theme, `share` from 0 to 1."""


def theme_counts(
    comments: pl.DataFrame,
    *,
    by: Sequence[str] = WHERE,
    known: Sequence[str] = (),
    smallest_group: int = SMALLEST_GROUP,
) -> pl.DataFrame:
    """How many comments hold words of each theme, and how many hold none (`NO_THEME`).

    **A count of words, not of opinions**: "more time" and "less time" are both about time, and so is "I had no time to
    read the documents". The dictionary is `themes.toml`; a comment may belong to several themes, so that shares may add
    up to more than one.

    Takes comments (schema `COMMENTS`) and gives a row for each of `by` (keys of the curriculum) and each theme, in the
    order of the dictionary, with the columns of `THEMES`. Names are masked first (`masked_comments`, which `known` goes
    to). A theme is shown as `frequent_terms` shows a term: if at least `smallest_group` people wrote of it and as many
    did not. Or else its numbers are null and `withheld` is true; `n` is null where fewer than `smallest_group` wrote.
    """
    keys = checked_keys(by, comments)
    texts = masked_comments(comments, known=known, smallest_group=smallest_group)
    themes = [*dictionary(), NO_THEME]
    wrote = people_in(texts, by=keys)
    about = people_in(_about(texts).explode("theme"), by=[*keys, "theme"]).rename({"n": "comments", "people": "_with"})
    rows = wrote.join(pl.DataFrame({"theme": themes}), how="cross").join(
        about, on=[*keys, "theme"], how="left", nulls_equal=True, maintain_order="left"
    )
    few, rest = pl.col("_with").fill_null(0), pl.col("people") - pl.col("_with").fill_null(0)
    shown = ~pl.col("withheld")
    return (
        rows.with_columns(withheld=(few < smallest_group) | (rest < smallest_group))
        .with_columns(
            pl.when(pl.col("people") >= smallest_group).then(pl.col("n")),
            pl.when(shown).then(pl.col("comments")),
            pl.when(shown).then(pl.col("comments") / pl.col("n")).alias("share"),
        )
        .select(*keys, *THEMES)
    )


@cache
def dictionary() -> Mapping[str, Mapping[str, Any]]:
    """Key of a theme -> its `names` by language, its `words`, and those that count only as written (`exact`)."""
    return tomllib.loads(Path(__file__).with_name("themes.toml").read_text("utf-8"))


def _about(texts: pl.DataFrame) -> pl.DataFrame:
    """The comments with the list of their themes, never empty."""
    named = [
        pl.when(pl.col("masked").str.contains(_pattern(theme["words"], theme["exact"]))).then(pl.lit(key))
        for key, theme in dictionary().items()
    ]
    themes = pl.concat_list(named).list.drop_nulls()
    none = pl.lit([NO_THEME], pl.List(pl.String))
    return texts.with_columns(theme=pl.when(themes.list.len() > 0).then(themes).otherwise(none))


def _pattern(words: Sequence[str], exact: Sequence[str]) -> str:
    # Not `ignore_diacritics`: then "nói đúng" (is right) would be "nội dung" (content).
    written = dict.fromkeys([*words, *exact, *map(folded, words)])
    return "|".join(rf"{pattern_of(word, ignore_diacritics=False)}\b" for word in written)
