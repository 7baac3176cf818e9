"""How reliably people tell modules apart: intraclass correlations, with gaps and without."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from analytics.formulas import Floats
from analytics.options import refuse_strange_options
from analytics.persons.forms import agreed, answer_matrix, only_ratings
from analytics.persons.intraclass import MEAN, SINGLE, all_six, from_ratio, ratio_of
from analytics.persons.two_way import fitted, hanging_together
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import without_small_groups

KINDS: Final = (*SINGLE, *MEAN)

MODULE_RELIABILITY: Final = pl.Schema(
    {
        "item": pl.String(),
        "modules": pl.Int64(),
        "people": pl.Int64(),
        "ratings": pl.Int64(),
        "ratings_per_module": pl.Float64(),
        "raters": pl.Float64(),
        "one_rater": pl.Float64(),
        "one_rater_low": pl.Float64(),
        "one_rater_high": pl.Float64(),
        "module_mean": pl.Float64(),
        "module_mean_low": pl.Float64(),
        "module_mean_high": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `module_reliability` says of an item."""

INTRACLASS: Final = pl.Schema(
    {
        "item": pl.String(),
        "kind": pl.String(),
        "modules": pl.Int64(),
        "people": pl.Int64(),
        "icc": pl.Float64(),
        "icc_low": pl.Float64(),
        "icc_high": pl.Float64(),
        "withheld": pl.Boolean(),
    }
)
"""What `intraclass_correlations` says of an item, a row for each of the six kinds."""


def module_reliability(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """How reliably people tell the modules apart: whether other such people would put the modules in the same order.

    Takes the forms of one evaluation and their places (with the key column `module`; places without one are left out).
    Gives a row per item with the columns of `MODULE_RELIABILITY`:

    - `modules` that were rated by `smallest_group` or more and hang together through people, `people` who rated two of
      them or more, and their `ratings`, also for each module;
    - `one_rater`: how far one person's ratings can be relied on, ICC(C,1); `module_mean`: how far a module's (leniency-
      adjusted) mean can, ICC(C,k), with k = `raters`. Both with intervals;
    - `withheld`: fewer than `smallest_group` people; all numbers are null then, and with fewer than two modules.

    Modules that fewer than `unanimous_below` (0: never) rated, of whom all, or all but one, gave the same rating, take
    no part: these numbers are about the others.

    Why these of the six (McGraw and Wong 1996): the same people rate all modules, so it is two-way; a lenient person is
    lenient with every module, which moves no module before another, so consistency (C) and not agreement (A); and we
    show means, not single ratings, so k. `intraclass_correlations` gives all six.

    With gaps (absent, blank, not asked) the components of variance come from the additive model: the mean square of
    modules adjusted for people is expected to be error + k * variance of modules (Henderson's method 3; formula and
    source: `two_way.fitted`). That k is at most the mean number of ratings, as each person's leniency must be paid for.
    Without gaps all of this is Shrout and Fleiss to the letter; with them the intervals are approximate. A number below
    zero says that the modules differ by less than chance would make them: nothing to rely on.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    rows = [
        _of_modules(item, table, smallest_group, confidence=confidence)
        for item, table in _items_of(ratings, places, unanimous_below=unanimous_below)
    ]
    return _shown(rows, MODULE_RELIABILITY, smallest_group=smallest_group)


def _of_modules(item: str, table: Floats, smallest_group: int, *, confidence: float) -> tuple[object, ...]:
    table = table[:, (~np.isnan(table)).sum(axis=0) >= smallest_group]
    # Who rated one module tells nothing about how modules differ.
    table = table[(~np.isnan(table)).sum(axis=1) > 1]
    table = table[:, hanging_together(~np.isnan(table))]
    table = table[~np.isnan(table).all(axis=1)]
    people, modules = table.shape
    ratings = int((~np.isnan(table)).sum())
    if modules < 2 or people < 1:
        return (item, modules, people, ratings, *([None] * 8))
    fit = fitted(table)
    ratio = ratio_of(fit.module_square, fit.error_square)
    one, mean = from_ratio(ratio, fit.raters, fit.module_freedom, fit.error_freedom, confidence=confidence)
    return (item, modules, people, ratings, ratings / modules, fit.raters, *one, *mean)


def intraclass_correlations(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """All six intraclass correlations of each item, of the people who rated every module.

    Takes the forms of one evaluation and their places (with the key column `module`; places without one are left out).
    Gives six rows for each item with the columns of `INTRACLASS`. Modules are the targets, people the judges; only
    people without a gap are counted, since the six are defined for complete tables: read `people` first, and see
    `module_reliability` for everybody, and for `unanimous_below`. Formulas and sources: `intraclass`. Null for fewer
    than two modules or people.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    tables = _items_of(ratings, places, unanimous_below=unanimous_below)
    rows = [row for item, table in tables for row in _six(item, table, confidence=confidence)]
    return _shown(rows, INTRACLASS, smallest_group=smallest_group)


def _six(item: str, table: Floats, *, confidence: float) -> list[tuple[object, ...]]:
    complete = table[~np.isnan(table).any(axis=1)]
    people, modules = complete.shape
    if people < 2 or modules < 2:
        return [(item, kind, modules, people, None, None, None) for kind in KINDS]
    six = all_six(complete.T, confidence=confidence)
    return [(item, kind, modules, people, *six[kind]) for kind in KINDS]


def _items_of(ratings: pl.DataFrame, places: pl.DataFrame, *, unanimous_below: int) -> Iterator[tuple[str, Floats]]:
    """The ratings of each item, a row per person and a column per module of which not nearly all said the same."""
    table = only_ratings(answer_matrix(ratings, places, keys=["module"]))
    of_module = places["module"].is_not_null()
    told = agreed(table, below=unanimous_below)
    for item in places.filter(of_module)["item"].unique(maintain_order=True):
        yield item, table[:, ((places["item"] == item) & of_module).to_numpy() & ~told]


def _shown(rows: list[tuple[object, ...]], schema: pl.Schema, *, smallest_group: int) -> pl.DataFrame:
    written = {name: dtype for name, dtype in schema.items() if name != "withheld"}
    numbers = [name for name, dtype in written.items() if dtype != pl.String]
    cells = pl.DataFrame(rows, schema=written, orient="row").fill_nan(None)
    return without_small_groups(cells, size="people", smallest_group=smallest_group, numbers=numbers)
