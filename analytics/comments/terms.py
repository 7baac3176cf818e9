"""The words that many comments have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.comments.masking import masked_comments
from analytics.comments.reading import SMALLEST_GROUP, WHERE, checked_keys, people_in
from analytics.comments.segmentation import words_of

TERMS: Final = pl.Schema(
    {
        "n": pl.Int64(),
        "term": pl.String(),
        "comments": pl.Int64(),
        "share": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `frequent_terms` says of a term; the key columns stand in front. `n` comments in all, `comments` with the term,
`share` from 0 to 1."""


def frequent_terms(
    comments: pl.DataFrame,
    *,
    by: Sequence[str] = WHERE,
    known: Sequence[str] = (),
    smallest_group: int = SMALLEST_GROUP,
) -> pl.DataFrame:
    """The terms that comments have in common: how many comments hold each, not how often it is written.

    Takes comments (schema `COMMENTS`) and gives, for each of `by` (keys of the curriculum), its terms with the columns
    of `TERMS`, the most frequent first. Terms are words as written, in small letters, after masking (`masked_comments`,
    which `known` goes to) and without stop words; see `words_of` for how texts are parted.

    A term is shown if at least `smallest_group` people wrote it and at least as many did not. Fewer might be recognised
    by a word of theirs; and if all but one had written it, or all, the count would tell what a single one wrote or left
    out. So nothing is shown where fewer than twice `smallest_group` wrote: one row stands there, without a term. So it
    does where nothing is common. `withheld` is true, and `n` null, where fewer than `smallest_group` people wrote.
    The same people write under several items and about several modules. So what must reach `smallest_group` is the
    largest number of comments on one item of one module, added up over cohorts; `comments` counts them all.

    A share has no interval: those who write are not drawn from those who do not, and a word is no opinion.
    """
    keys = checked_keys(by, comments)
    texts = masked_comments(comments, known=known, smallest_group=smallest_group)
    wrote = people_in(texts, by=keys)
    words = texts.with_columns(term=words_of(texts["masked"])).explode("term", empty_as_null=False)
    with_term = people_in(words.drop_nulls("term"), by=[*keys, "term"]).rename({"n": "comments", "people": "_with"})
    common = with_term.join(wrote.select(*keys, "people"), on=keys, how="left", nulls_equal=True).filter(
        pl.col("_with") >= smallest_group, pl.col("people") - pl.col("_with") >= smallest_group
    )
    rows = wrote.join(
        common.sort("comments", "term", descending=[True, False]).drop("people"),
        on=keys,
        how="left",
        nulls_equal=True,
        maintain_order="left_right",
    )
    shown = rows.with_columns(share=pl.col("comments") / pl.col("n"), withheld=pl.col("people") < smallest_group)
    return shown.with_columns(pl.when(~pl.col("withheld")).then(pl.col("n"))).select(*keys, *TERMS)
