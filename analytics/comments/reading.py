"""Which comments may be read at all, and how many people wrote them: every other step starts here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.options import refuse_strange_options
from analytics.privacy import CURRICULUM
from analytics.schemas import FrameError, checked, refuse_missing

COMMENTS: Final = pl.Schema({"cohort": pl.String(), "module": pl.String(), "item": pl.String(), "text": pl.String()})
"""A row per comment: one person's answer to one item about one module (null: the course as a whole). Further keys of
the curriculum (programme, component, version) may stand beside; so may `answered`, how many people answered about that
module (whole numbers), because silence protects those who wrote as well."""

ABOUT: Final = CURRICULUM | {"version"}
"""What a comment can be about."""

SMALLEST_GROUP: Final = 10
"""So many people at least, before a text of theirs is shown."""

WHERE: Final = ("cohort", "module")
STEERING: Final = "[\ufdd0-\ufdef]"
"""Code points that no text has (Unicode: noncharacters). They mark places here, so those in a text are replaced."""


def readable_comments(comments: pl.DataFrame, *, smallest_group: int = SMALLEST_GROUP) -> pl.DataFrame:
    """The comments that may be read: of modules (within a cohort) on which at least `smallest_group` people answered.

    Where the column `answered` is missing, those who commented are counted instead: the largest number of comments on
    one item, since a person may write under several. Texts come out composed (Unicode NFC), so that a letter with its
    marks is one character and places in a text are the same for everybody; rows without letters are left out.
    Whatever is counted in comments is counted in these alone: no number and no subtraction of numbers can tell more
    than the texts that may be read (test_what_may_not_be_read_is_not_counted_either).
    """
    refuse_strange_options(smallest_group=smallest_group)
    texts = composed(checked(comments, COMMENTS)).filter(pl.col("text").str.strip_chars() != "")
    if "answered" in texts.columns:
        return texts.filter(_answered(texts) >= smallest_group)
    on_one_item = pl.len().over(*WHERE, "item")
    return texts.filter(on_one_item.max().over(WHERE) >= smallest_group)


def composed(comments: pl.DataFrame) -> pl.DataFrame:
    """The comments in composed letters, without the code points that mark places."""
    return comments.with_columns(pl.col("text").str.normalize("NFC").str.replace_all(STEERING, "\ufffd"))


def checked_keys(by: Sequence[str], comments: pl.DataFrame) -> list[str]:
    """The keys asked for, if comments can be counted by them."""
    strangers = [name for name in by if name not in ABOUT]
    if not by or strangers:
        said = f"{strangers[0]!r} says who wrote" if strangers else "none is named"
        raise ValueError(f"Comments are counted by what they are about ({', '.join(sorted(ABOUT))}): {said}.")
    refuse_missing(by, among=comments.columns)
    return list(by)


def people_in(comments: pl.DataFrame, *, by: Sequence[str]) -> pl.DataFrame:
    """For each of `by`: `n` comments, and `people`, how many wrote them at least.

    The same people write about all modules and under all items, so the largest number on one item of one module counts,
    added up over cohorts (as `cells.rolled_up` counts people).
    """
    within = list(dict.fromkeys([*by, "cohort"]))
    finest = list(dict.fromkeys([*within, "module", "item"]))
    return (
        comments.group_by(finest, maintain_order=True)
        .agg(n=pl.len().cast(pl.Int64))
        .group_by(within, maintain_order=True)
        .agg(pl.col("n").sum(), people=pl.col("n").max())
        .group_by(list(by), maintain_order=True)
        .agg(pl.col("n", "people").sum())
    )


def _answered(texts: pl.DataFrame) -> pl.Expr:
    if not texts["answered"].dtype.is_integer():
        raise FrameError(f"The column 'answered' is {texts['answered'].dtype}, expected were whole numbers of people.")
    return pl.col("answered").min().over(WHERE)
