"""Which questions of two cohorts are the same question, so that their answers may be compared."""

from __future__ import annotations

from typing import Final

import polars as pl

from analytics.schemas import ITEMS, FrameError, checked, checked_items

ASKED: Final = pl.Schema({**ITEMS, "wording": pl.String(), "mode": pl.String()})
"""What was asked: the scale of each item, its wording, and how it was asked (of every module, of every lesson, once for
the course). A column `labels` may stand beside: the wording of the steps."""

REASONS: Final = ("only before", "only after", "wording", "scale", "mode", "no best end")

COMPARABILITY: Final = pl.Schema({"item": pl.String(), "comparable": pl.Boolean(), "reason": pl.String()})
"""What `comparability` says of each item; the reason is null where it may be compared."""


def comparability(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Whether the answers to each item may be compared, and if not, the first reason why.

    Takes the items asked of two cohorts (schema `ASKED`; with the column `labels` on both sides or on neither); gives a
    row per item with the columns of `COMPARABILITY`, those asked after first. A change is computed only where key,
    scale, mode and wording are equal: a text or a step that is worded differently is another question, and the authors
    of a questionnaire decide by keeping the wording. Reasons, in this order: "only after" or "only before" (asked on
    one side only), "scale" (other steps, other labels or another best end), "mode", "wording", and "no best end"
    (neither more nor less is better, so that there is nothing to call a rise).

    It needs no smallest group: it speaks of questions, not of answers. Raises `FrameError` for frames that are not what
    they should be.
    """
    old, new = _asked(before), _asked(after)
    if ("labels" in old.columns) != ("labels" in new.columns):
        raise FrameError("The column 'labels' must stand in both frames or in neither: labels cannot be compared else.")
    old, new = old.with_columns(_before=True), new.with_columns(_after=True)
    sides = new.join(old, on="item", how="full", suffix="_before", coalesce=True, maintain_order="left_right")
    scale = [name for name in ("steps", "direction", "labels") if name in new.columns]
    reason = (
        pl.when(pl.col("_before").is_null())
        .then(pl.lit("only after"))
        .when(pl.col("_after").is_null())
        .then(pl.lit("only before"))
        .when(pl.any_horizontal(_differs(name) for name in scale))
        .then(pl.lit("scale"))
        .when(_differs("mode"))
        .then(pl.lit("mode"))
        .when(_differs("wording"))
        .then(pl.lit("wording"))
        .when(pl.col("direction") == "middle")
        .then(pl.lit("no best end"))
    )
    return sides.select("item", reason.alias("reason")).select(
        "item", pl.col("reason").is_null().alias("comparable"), "reason"
    )


def _asked(items: pl.DataFrame) -> pl.DataFrame:
    known = checked_items(checked(items, ASKED))
    return known.select(name for name in (*ASKED, "labels") if name in known.columns)


def _differs(name: str) -> pl.Expr:
    return pl.col(name).ne_missing(pl.col(f"{name}_before"))
