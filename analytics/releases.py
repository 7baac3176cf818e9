"""Two releases of the same thing: what subtracting the one from the other would give away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.blurring import MOST_ODD
from analytics.options import refuse_strange_options
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import groups_of
from analytics.schemas import FrameError, checked

RELEASE: Final = pl.Schema({"n": pl.Int64(), "withheld": pl.Boolean()})
"""What a release has at least, beside its keys: `measures` gives it."""

COUNTED: Final = {"counts": pl.List(pl.Int64), "not_attended": pl.Int64(), "blank": pl.Int64()}
"""What it may have as well: these give differences away too."""

DIFFERENCING: Final = pl.Schema({"why": pl.String()})
"""What `differencing` says of a cell, and no numbers; the key columns stand in front."""

WHYS: Final = ("small difference", "nearly unanimous difference", "other cells withheld")


def differencing(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    keys: Sequence[str],
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The cells of which the release `after`, beside the release `before`, gives away a group that is too small.

    Both have a row for each of `keys` and the columns of `RELEASE`; those of `COUNTED` are looked at where both have
    them. They are of the same thing: an evaluation before and after one more class was sealed, or a correction. Gives
    the keys of the cells that must not be released so, and `why` (schema `DIFFERENCING`), in the order of `after`:

    - "small difference": the cell is shown in both, and those who came, or those who went, are somebody and fewer than
      `smallest_group`. They are counted by `n`, and where the answers are counted by what was added to and taken from
      each step, `not_attended` and `blank`: at least so many sheets came or went, and the difference is theirs alone;
    - "nearly unanimous difference": they are more than that, but fewer than `unanimous_below` (0: never), and at most
      one of those who rated gave another rating than all others, so that everybody's answer is known. Of a cell that
      is blurred in one release only (`measures`), what so few added or took away cannot be known to be anything else;
    - "other cells withheld": the cell is withheld in both, while another of its partition (cells that differ only in
      `group`, as for `measures`) is withheld in one release and shown in the other. What the others protect together is
      then less than each release took care of, and may be this cell alone. Whether it is depends on how the others
      changed in between, which nobody can promise: so every such cell is listed.

    What to do: release the cell again only when the next group is large enough, and withhold what was withheld before.
    Attack by differencing: Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 5 (linked tables).

    Raises `FrameError` where a release lacks a column, names a cell twice or the scales of a cell differ; `ValueError`
    for a group that is not among the keys.
    """
    refuse_strange_options(smallest_group=smallest_group, unanimous_below=unanimous_below)
    pairs = _paired(before, after, keys=keys)
    come, gone = _movements(pairs)
    small = (come.is_between(1, smallest_group - 1)) | (gone.is_between(1, smallest_group - 1))
    listed = pairs.with_columns(
        why=pl.when(_shown_in_both() & small)
        .then(pl.lit("small difference"))
        .when(_shown_in_both() & _nearly_unanimous(pairs, below=unanimous_below))
        .then(pl.lit("nearly unanimous difference"))
        .when(_protected_no_more(keys, groups_of(keys, group)))
        .then(pl.lit("other cells withheld"))
    )
    return listed.filter(pl.col("why").is_not_null()).select(*keys, *DIFFERENCING)


def _paired(before: pl.DataFrame, after: pl.DataFrame, *, keys: Sequence[str]) -> pl.DataFrame:
    """The cells of both releases side by side, those before with the suffix `_before`; null where one lacks a cell."""
    for release in (before, after):
        checked(release, pl.Schema({**{key: after.schema.get(key, pl.String()) for key in keys}, **RELEASE}))
        if release.select(keys).is_duplicated().any():
            raise FrameError(f"The columns {', '.join(map(repr, keys))} name a cell more than once; give each one row.")
    columns = [*RELEASE, *(name for name in COUNTED if name in before.columns and name in after.columns)]
    old = before.select(*keys, pl.col(columns).name.suffix("_before"))
    pairs = after.select(*keys, *columns).join(
        old, on=list(keys), how="full", coalesce=True, nulls_equal=True, maintain_order="left_right"
    )
    if "counts" in columns and pairs.filter(pl.col("counts").list.len() != pl.col("counts_before").list.len()).height:
        raise FrameError("The column 'counts' has other steps than before: these are not releases of the same thing.")
    return pairs


def _movements(pairs: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """How many were added to the places of a cell (its steps, not attended, blank), and how many taken away."""
    of_n = _difference("n")
    counted = [name for name in ("not_attended", "blank") if name in pairs.columns]
    changes = [pl.concat_list(_difference(name)) for name in counted]
    of_steps = pl.col("counts") - pl.col("counts_before") if "counts" in pairs.columns else pl.concat_list(of_n)
    # The counts of a cell may be blurred in one release; n is shown all the same.
    places = pl.concat_list(of_steps.fill_null(pl.concat_list(of_n)), *changes)
    come = places.list.eval(pl.element().clip(lower_bound=0)).list.sum()
    gone = places.list.eval(pl.element().clip(upper_bound=0)).list.sum()
    return come, -gone


def _nearly_unanimous(pairs: pl.DataFrame, *, below: int) -> pl.Expr:
    """Whether of fewer than `below` who came, or who went, at most one rated otherwise than all others, or may have."""
    if "counts" not in pairs.columns:
        return pl.lit(False)
    now, then = pl.col("counts"), pl.col("counts_before")
    alike = [_alike(moved, below=below).fill_null(False) for moved in (now - then, then - now)]
    blurred_once = now.is_null() != then.is_null()
    return pl.any_horizontal(*alike, blurred_once & (_difference("n").abs() < below))


def _alike(moved: pl.Expr, *, below: int) -> pl.Expr:
    added = moved.list.eval(pl.element().clip(lower_bound=0))
    n = added.list.sum()
    return n.is_between(1, below - 1) & (n - added.list.max() <= MOST_ODD)


def _difference(name: str) -> pl.Expr:
    return pl.col(name) - pl.col(f"{name}_before")


def _shown_in_both() -> pl.Expr:
    return ~pl.col("withheld") & ~pl.col("withheld_before")


def _protected_no_more(keys: Sequence[str], group: Sequence[str]) -> pl.Expr:
    if not group:
        return pl.lit(False)
    whole = [key for key in keys if key not in group]
    switched = (pl.col("withheld") != pl.col("withheld_before")).any()
    return pl.col("withheld") & pl.col("withheld_before") & (switched.over(whole) if whole else switched)
