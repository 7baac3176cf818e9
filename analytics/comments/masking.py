"""Names, numbers and addresses in comments, found and masked for somebody to review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.comments.patterns import SPANS, STAYS, expression, no_name
from analytics.comments.reading import COMMENTS, SMALLEST_GROUP, readable_comments
from analytics.comments.searching import places_in

MARKS: Final = {
    "name": "[tên]",
    "phone": "[số điện thoại]",
    "email": "[thư điện tử]",
    "id_number": "[số định danh]",
    "address": "[địa chỉ]",
}
"""What stands in the masked text, by kind."""

PLACE: Final = pl.Struct({"start": pl.Int64(), "end": pl.Int64(), "kind": pl.String()})
"""Characters of `text` from `start` up to, without, `end`; and of what kind they seem to be (a key of `MARKS`)."""

MASKED: Final = pl.Schema({**COMMENTS, "masked": pl.String(), "places": pl.List(PLACE)})
"""Comments with the text as masked, and the places in the original text so that a reviewer can decide on each."""

OPENS: Final = {kind: chr(0xFDD0 + number) for number, kind in enumerate(MARKS)}
CLOSES: Final = "\ufddf"


def masked_comments(
    comments: pl.DataFrame, *, known: Sequence[str] = (), smallest_group: int = SMALLEST_GROUP
) -> pl.DataFrame:
    """The comments with what looks like a person's name, telephone, e-mail, identity number or address masked.

    Takes comments (schema `COMMENTS`) and gives those that may be read (see `readable_comments`) with the columns of
    `MASKED`, in their order. `known` are writings that are no persons and stay: titles of modules, the academy's name.

    **This is help for a reviewer and never complete.** It goes by the writing alone: capitalised words after a title
    ("thầy Minh"), two to four capitalised syllables of which the first is a frequent family name ("Nguyễn Văn An"),
    figures grouped like a telephone number, words such as "số nhà" and "thôn". It misses names without a capital letter
    or title, nicknames, rare family names, the further names of a list ("anh Minh, Lan"), and everybody who is
    recognised by a post, an event or a manner ("the chair of the commune with the landslide"). It masks some that are
    nobody (a street called after a person, "anh Cả"). Whoever publishes texts reads them.
    """
    texts = readable_comments(comments, smallest_group=smallest_group).with_row_index("_row")
    marked = texts.with_columns(_marked=_marked(tuple(known)))
    signs = pl.col("_marked").str.extract_all(f"[{''.join(OPENS.values())}]")
    kinds = signs.list.eval(pl.element().replace_strict(list(OPENS.values()), list(OPENS), return_dtype=pl.String))
    places = (
        marked.select("_row", _place=places_in(pl.col("_marked")), kind=kinds)
        .filter(pl.col("kind").list.len() > 0)
        .explode("_place", "kind")
        .unnest("_place")
        .group_by("_row", maintain_order=True)
        .agg(places=pl.struct("start", "end", "kind"))
    )
    return (
        marked.join(places, on="_row", how="left", maintain_order="left")
        .with_columns(masked=_with_marks(pl.col("_marked")), places=pl.col("places").fill_null([]))
        .drop("_row", "_marked")
        .select(pl.exclude("masked", "places"), "masked", "places")
    )


def _marked(known: tuple[str, ...]) -> pl.Expr:
    """The text with the sign of its kind before and a common sign after whatever was found."""
    stays = "".join(f"${{{group}}}" for group in STAYS)
    spans = "".join(f"{OPENS[kind]}${{{group}}}{CLOSES}" for group, kind in SPANS.items())
    # A group that was not met is empty: its signs go again.
    return (
        pl.col("text")
        .str.replace_all(expression(known), stays + spans)
        .str.replace_all(f"[{''.join(OPENS.values())}]{CLOSES}", "")
        .str.replace_all(f"{OPENS['name']}({no_name()}){CLOSES}", "${1}")
    )


def _with_marks(marked: pl.Expr) -> pl.Expr:
    for kind, mark in MARKS.items():
        marked = marked.str.replace_all(f"{OPENS[kind]}[^{CLOSES}]*{CLOSES}", mark)
    return marked
