"""Questionnaires on whole numbers from 1 to 10 under a policy: layers of means, and the general index in five bands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.measures import measures
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import CURRICULUM
from analytics.schemas import COUNTS, FrameError, checked, checked_items

SCALE: Final = 10
"""The steps of the scale that the policy asks for; nothing else is taken, and nothing is converted."""

BANDS: Final = ("0-2", "2-4", "4-6", "6-8", "8-10")

FORMULAS: Final = {
    "indicator": "mean of ratings",
    "criterion": "mean of the means of its indicators",
    "respondents": "mean of the means of their criteria",
    "index": "mean of the means of the groups of respondents (assumed: the policy's own formula is not established)",
}
"""The layers from the ground up, and how each is made of the one below."""

INDICES: Final = pl.Schema(
    {
        "layer": pl.String(),
        "respondents": pl.String(),
        "criterion": pl.String(),
        "item": pl.String(),
        "n": pl.Int64(),
        "people": pl.Int64(),
        "invalid": pl.Int64(),
        "mean": pl.Float64(),
        "means": pl.Int64(),
        "left_out": pl.Int64(),
        "mean_of_means": pl.Float64(),
        "band": pl.String(),
        "formula": pl.String(),
        "blurred": pl.Boolean(),
        "withheld": pl.Boolean(),
    }
)
"""What `indices` says of a mean in a layer; the key columns it was asked `by` stand in front. What a layer does not
tell apart is null there: a criterion has no item, the index neither criterion nor respondents."""

OF_POLICY: Final = ("respondents", "criterion", "item")
NUMBERS: Final = ("n", "people", "invalid", "mean", "means", "left_out", "mean_of_means", "band")


def indices(
    counts: pl.DataFrame,
    items: pl.DataFrame,
    *,
    by: Sequence[str] = ("cohort",),
    smallest_group: int = 5,
    group: Sequence[str] | None = None,
    invalid: pl.DataFrame | None = None,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The means of each indicator, criterion and group of respondents, and the general index on 0 to 10 with its band.

    Takes counts of the valid forms (schema `COUNTS`) with two further key columns, `respondents` (trainees, lecturers,
    ...) and `criterion`; the scales of their items (`ITEMS`), each from 1 to 10 with 10 the best; and how many forms
    were set apart as `invalid`, a frame of the columns `by`, `respondents` and `invalid`. `by` names keys
    of the counts that an index is made for. Gives a row for each mean with the columns of `INDICES`, layer by layer:

    - `layer` "indicator": one item, of whatever modules it was asked; `mean` of its `n` ratings, as `measures` has it
      (there are its interval and its distribution as well);
    - "criterion", "respondents" and "index": `mean_of_means`, every mean of the layer below counting alike, however
      many ratings or people it rests on. So it is *not* the mean of the `n` ratings below it. `means` says how many it
      is made of, `left_out` how many of the layer below are withheld (or blurred) and not in it;
    - `n` ratings behind the mean, the `people` who gave them (at least: the largest number of one item's, added up over
      groups of respondents), and beside them the `invalid` forms, which are in none of the numbers (null if unknown);
    - `band` of the index alone: five bands of two points. A mean on an edge belongs to the band above it, which is our
      choice; it is placed as it is, before anybody rounds it;
    - `blurred`: an indicator without a mean, as `measures` blurs it with the same `unanimous_below`. Among several
      groups of people (by default the `respondents`) it is withheld instead;
    - `formula` in words; `withheld` for fewer than `smallest_group` people. The upper layers are made from the means
      that are shown, and from these alone, so that none can be subtracted; an index of none is withheld.

    Source: Thông tư 10/2017/TT-BNV for the scale, the layers and the bands. Its formula for the index is not
    established: equal weights of the criteria and of the groups of respondents are an assumption, and said to be one.
    Since ratings begin at 1, so does the index; nothing is stretched to reach 0. It has no interval, because the
    uncertainty of an assumed formula cannot be known.

    Raises `FrameError` for items on any other scale, which are never mixed with these or converted into them.
    """
    checked(counts, pl.Schema({**COUNTS, "respondents": pl.String(), "criterion": pl.String()}))
    _refuse_other_scales(checked_items(items))
    _refuse_unplaced(counts, by=by)
    groups = [name for name in [*by, "respondents"] if name not in CURRICULUM] if group is None else group
    cells = measures(
        counts,
        items,
        by=[*by, *OF_POLICY],
        smallest_group=smallest_group,
        group=groups,
        unanimous_below=unanimous_below,
    )
    indicators = cells.select(*by, *OF_POLICY, "n", "people", "mean", "blurred", "withheld")
    criteria = _means_of_means(indicators, of="mean", keys=[*by, "respondents", "criterion"], people=pl.max("people"))
    groups_of_people = _means_of_means(criteria, keys=[*by, "respondents"], people=pl.max("people"))
    index = _means_of_means(groups_of_people, keys=by, people=pl.sum("people")).with_columns(band=_band())
    layers = zip(FORMULAS.items(), (indicators, criteria, groups_of_people, index), strict=True)
    said = pl.concat(
        [means.with_columns(layer=pl.lit(layer), formula=pl.lit(formula)) for (layer, formula), means in layers],
        how="diagonal",
    )
    counted = _with_invalid(said, invalid, by=by)
    shown = counted.with_columns(pl.when(~pl.col("withheld")).then(pl.col(*NUMBERS)).name.keep())
    return shown.select(*by, *(pl.col(name).cast(dtype) for name, dtype in INDICES.items()))


def _means_of_means(
    below: pl.DataFrame, *, keys: Sequence[str], people: pl.Expr, of: str = "mean_of_means"
) -> pl.DataFrame:
    """One layer above: the mean of the means of the layer below that are shown, each counting alike.

    What is withheld or blurred has no mean, so it adds nothing here, not even to n: it could be subtracted.
    """
    means = pl.col(of).count().cast(pl.Int64)
    with_a_mean = pl.when(pl.col(of).is_not_null()).then(pl.col("n", "people")).name.keep()
    return (
        below.with_columns(with_a_mean)
        .group_by(keys, maintain_order=True)
        .agg(
            pl.col("n").sum(),
            people.fill_null(0),
            pl.col(of).mean().alias("mean_of_means"),
            means=means,
            left_out=pl.len().cast(pl.Int64) - means,
            blurred=pl.lit(False),
            withheld=means == 0,
        )
    )


def _band() -> pl.Expr:
    """The band of the index; rounded to the ninth place, lest the last digits of a sum keep an edge from its band."""
    band = (pl.col("mean_of_means").round(9) / 2).floor().clip(0, len(BANDS) - 1).cast(pl.Int8)
    return band.replace_strict(dict(enumerate(BANDS)), return_dtype=pl.String)


def _with_invalid(said: pl.DataFrame, invalid: pl.DataFrame | None, *, by: Sequence[str]) -> pl.DataFrame:
    """With the forms set apart: those of each group of respondents, and for the index those of all groups."""
    if invalid is None:
        return said.with_columns(invalid=pl.lit(None, pl.Int64))
    keys = [*by, "respondents"]
    checked(invalid, pl.Schema({**{name: said.schema[name] for name in keys}, "invalid": pl.Int64()}))
    counted = pl.col("invalid").sum()
    of_groups = invalid.group_by(keys).agg(counted)
    of_all = invalid.group_by(by).agg(counted).with_columns(respondents=pl.lit(None, pl.String))
    apart = pl.concat([of_groups, of_all.select(of_groups.columns)])
    return said.join(apart, on=keys, how="left", nulls_equal=True, maintain_order="left")


def _refuse_other_scales(items: pl.DataFrame) -> None:
    other = items.filter((pl.col("steps") != SCALE) | (pl.col("direction") != "up"))
    if other.height:
        item, steps, direction = other.select("item", "steps", "direction").row(0)
        raise FrameError(
            f"The column 'item' holds {item!r} with {steps} steps and the direction {direction!r}: an index is made of"
            f" ratings from 1 to {SCALE} with {SCALE} the best. Leave other items out; scales are never converted."
        )


def _refuse_unplaced(counts: pl.DataFrame, *, by: Sequence[str]) -> None:
    if not by:
        raise ValueError("An index is somebody's: name 'cohort' or another column to make it by.")
    reserved = [name for name in by if name in INDICES]
    if reserved:
        raise ValueError(f"The layers of an index have {reserved[0]!r} already: leave it out of the columns asked for.")
    for name in ("respondents", "criterion"):
        unplaced = counts.filter(pl.col(name).is_null())
        if unplaced.height:
            raise FrameError(
                f"The column {name!r} is empty for the item {unplaced['item'][0]!r}: say what it belongs to."
            )
