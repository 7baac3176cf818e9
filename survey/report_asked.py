"""What is asked of a file beside its columns: its cohorts in their order in time, and which modules were revised."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from analytics import RefusedFileError, Shape, Shaped, parse_values

ALL_ONE: Final = ""
"""The cohort of a file that has no column for it: compared like any other, and never named."""
MOST_NAMES: Final = 12
"""So many names stand in a refusal; a file may have hundreds of modules."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Counts that can be compared, their cohorts in their order in time, the modules revised between the last two.

    `rated` is what stands in the column "module" of the counts, and what it is called.
    """

    counts: pl.DataFrame
    cohorts: Sequence[str]
    revised: Sequence[str]
    rated: Literal["module", "component"]


def asked_of(counted: Shaped, shape: Shape, *, cohorts: Iterable[str], revised: Iterable[str]) -> Asked:
    """What the options ask of the file. Raises `RefusedFileError` where it has no such cohort or module."""
    counts = comparable_counts(counted.counts, shape)
    order = _order(counts, shape, cohorts)
    components_alone = shape.module is None and shape.component is not None
    rated: Literal["module", "component"] = "component" if components_alone else "module"
    return Asked(counts, order, _revised(counts, shape, order, revised), rated)


def comparable_counts(counts: pl.DataFrame, shape: Shape) -> pl.DataFrame:
    """The counts with a cohort for every row, and modules that stand in one component each.

    Rows without a name, where others have one, are in the tables alone: they are no cohort with a place in time, and
    no module. Modules of one name in two components are told apart, as in the tables: their sum less one of them
    would be the other (test_modules_of_one_name_in_two_components_are_two).
    """
    unnamed = counts.with_columns(pl.lit(ALL_ONE).alias("cohort")) if shape.cohort is None else counts
    if shape.module is None:
        # Components alone are what the rows of the tables are about; all together would be the sum of them.
        unnamed = unnamed.with_columns(module="component", component=pl.lit(None, pl.String))
    whole = shape.module is None and shape.component is None
    named = unnamed.drop_nulls(["cohort"] if whole else ["cohort", "module"])
    twice = pl.col("component").n_unique().over("cohort", "module") > 1
    both = pl.concat_str("module", pl.col("component").fill_null("–"), separator=" · ")
    return named.with_columns(pl.when(twice.any().over("module")).then(both).otherwise("module").alias("module"))


def names_among(texts: Iterable[str], names: Iterable[str]) -> list[str]:
    """The names in an option that may be repeated, have commas inside, or both; a text that is one as it stands is."""
    known = set(names)
    return [name for text in texts for name in ([text] if text in known else parse_values(text))]


def _order(counts: pl.DataFrame, shape: Shape, texts: Iterable[str]) -> list[str]:
    found: list[str] = counts["cohort"].unique(maintain_order=True).to_list()
    order = names_among(texts, found)
    if order and shape.cohort is None:
        raise RefusedFileError("order of nothing")
    for place, name in enumerate(order):
        if name not in found:
            raise RefusedFileError("no cohort", name=name, **_known(name, found))
        if name in order[:place]:
            raise RefusedFileError("cohort twice", name=name)
    return order or found


def _revised(counts: pl.DataFrame, shape: Shape, order: Sequence[str], texts: Iterable[str]) -> list[str]:
    in_last_two = counts.filter(pl.col("cohort").is_in(order[-2:])).group_by("module", maintain_order=True)
    both = in_last_two.agg(pl.col("cohort").n_unique()).filter(cohort=2)["module"].drop_nulls().to_list()
    revised = list(dict.fromkeys(names_among(texts, both)))
    if revised and shape.module is None:
        raise RefusedFileError("revised nothing")
    if revised and len(order) < 2:
        raise RefusedFileError("revised once")
    for name in revised:
        if name not in both:
            before, after = order[-2:]
            raise RefusedFileError("no module", name=name, before=before, after=after, **_known(name, both))
    return revised


def _known(name: str, names: Sequence[str]) -> dict[str, str]:
    """What there is instead, and what of it is nearly the same name."""
    by_key = {other.casefold(): other for other in names}
    close = difflib.get_close_matches(name.casefold(), list(by_key), n=3, cutoff=0.5)
    more = ", ..." if len(names) > MOST_NAMES else ""
    return {"near": ", ".join(f"“{by_key[key]}”" for key in close), "names": _listed(names[:MOST_NAMES]) + more}


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{name}”" for name in names) or "–"
