"""Forms that may have been filled in without reading: how many there are, and the results with and without them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.blurring import MOST_ODD
from analytics.formulas import Floats, divided
from analytics.options import refuse_strange_options
from analytics.persons.forms import (
    Answers,
    Claims,
    agreed,
    answer_matrix,
    columns_of,
    keys_of_places,
    only_ratings,
    with_numbers,
)
from analytics.persons.runs import longest_runs, one_answer_throughout
from analytics.policy import UNANIMOUS_BELOW
from analytics.privacy import with_withheld, without_small_groups
from analytics.schemas import NOT_ATTENDED, NOT_OFFERED, refuse_missing

Kinds: TypeAlias = NDArray[np.str_]

CARELESS: Final = pl.Schema({"forms": pl.String(), "n": pl.Int64(), "share": pl.Float64(), "withheld": pl.Boolean()})
"""What `careless_forms` says, a row for each of `KINDS_OF_FORMS`."""

KINDS_OF_FORMS: Final = ("one answer", "long run", "not flagged", "too few ratings")

WITH_AND_WITHOUT: Final = pl.Schema(
    {
        "steps": pl.Int16(),
        "n": pl.Int64(),
        "mean": pl.Float64(),
        "mean_low": pl.Float64(),
        "mean_high": pl.Float64(),
        "n_without": pl.Int64(),
        "mean_without": pl.Float64(),
        "mean_without_low": pl.Float64(),
        "mean_without_high": pl.Float64(),
        "difference": pl.Float64(),
        "withheld": pl.Boolean(),
        "without_withheld": pl.Boolean(),
    }
)
"""What `with_and_without` says of a place; the key columns of the places stand in front."""

FLAGGED: Final = "_flagged"
"""Marks forms for a moment; no column of the caller may be called so."""

WITH: Final = ("n", "mean", "mean_low", "mean_high")
WITHOUT: Final = ("n_without", "mean_without", "mean_without_low", "mean_without_high", "difference")


def careless_forms(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    fewest_ratings: int = 8,
    run_share: float = 0.5,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """How many forms look as though nobody had read the questions; never which.

    Takes the forms of one evaluation and their places (`forms.answer_matrix`). Gives the columns of `CARELESS`, a row
    each for the forms with "one answer" to everything (zero variance), with a "long run" (not one answer throughout,
    but the same one in a row, in the order of asking, for `run_share` of their ratings or more and for `fewest_ratings`
    or more), "not flagged", and with "too few ratings" to judge, fewer than `fewest_ratings`. `n` of each, and their
    `share` of all that were judged. Every form stands in one row; what is withheld cannot be found by subtraction.
    Where all of fewer than `unanimous_below` forms (0: never), or all but one, have one answer, every row is withheld.
    With more of other kinds a count tells of one form whether it is among them, and of no module what it was given.

    Runs and variance are of ratings alone: "did not attend", blank and not asked are passed over as though they were
    not there, and a run ends where the number of steps changes (`runs.longest_runs`). Half of a form in one run is the
    rule of Curran (J. Experimental Social Psychology 2016); on a short form attentive people reach it too, so a run
    needs a length of its own. Neither proves carelessness: somebody content, or polite, may mean every one of these
    answers. So flag, show both, delete nothing.
    """
    refuse_strange_options(smallest_group=smallest_group, unanimous_below=unanimous_below)
    answers = answer_matrix(ratings, places)
    kind = _kinds(answers, places, fewest_ratings=fewest_ratings, run_share=run_share)
    n = np.array([(kind == name).sum() for name in KINDS_OF_FORMS], dtype=np.float64)
    judged = np.array([True, True, True, False])
    share = np.where(judged, divided(n, np.full(4, n[judged].sum())), np.nan)
    cells = with_numbers(pl.DataFrame({"forms": KINDS_OF_FORMS}), {"n": n, "share": share}, CARELESS)
    marked = with_withheld(cells, size="n", smallest_group=smallest_group, keys=["forms"], group=["forms"])
    # That there is no such form says nothing of anybody, unless few forms are left for it to be told of.
    all_are_few = pl.col("n").sum().is_between(1, smallest_group - 1)
    others = n[1:].sum()
    alike = n[0] > 0 and others <= MOST_ODD and n.sum() < unanimous_below
    shown = marked.with_columns((pl.col("withheld") & ((pl.col("n") > 0) | all_are_few)) | alike)
    return shown.with_columns(pl.when(~pl.col("withheld")).then(pl.col("n", "share")).name.keep())


def with_and_without(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    smallest_group: int = 5,
    fewest_ratings: int = 8,
    run_share: float = 0.5,
    confidence: float = 0.95,
    unanimous_below: int = UNANIMOUS_BELOW,
) -> pl.DataFrame:
    """The mean of each place with the flagged forms and without them.

    Takes what `careless_forms` takes, which says what is flagged. Gives a row for each place with its key columns and
    the columns of `WITH_AND_WITHOUT`: `n` ratings of all forms and their `mean` with Student's t interval, clipped to
    the scale; the same `without` the flagged forms; `difference` (without less with, in steps).

    `withheld`: fewer than `smallest_group` rated, or fewer than `unanimous_below` (0: never) of whom all, or all but
    one, gave the same rating; all numbers are null. `without_withheld`: the same holds of those that are left, or
    between 1 and `smallest_group` - 1 of those flagged were asked or rated: with less without would be
    what these few said. `without_careless` empties the same places.

    The flagged as a whole may agree, as those do who give one answer throughout: with less without tells what they said
    together, and not who they are. Flags go by all ratings of a form: another rating at one place may flag a form or
    not, and so move the numbers `without` it at all places.
    """
    refuse_strange_options(smallest_group=smallest_group, confidence=confidence, unanimous_below=unanimous_below)
    answers = answer_matrix(ratings, places)
    flagged = _flagged(_kinds(answers, places, fewest_ratings=fewest_ratings, run_share=run_share))
    ratings_of_all = only_ratings(answers)
    whole = _means(ratings_of_all, places, WITH, confidence=confidence)
    rest = _means(ratings_of_all[~flagged], places, WITHOUT, confidence=confidence)
    numbers = whole | rest | {"difference": rest["mean_without"] - whole["mean"]}
    few = _too_few(answers, flagged, smallest_group) | (rest["n_without"] < smallest_group)
    told, told_without = (agreed(some, below=unanimous_below) for some in (ratings_of_all, ratings_of_all[~flagged]))
    shown = without_small_groups(
        with_numbers(places, numbers, WITH_AND_WITHOUT).with_columns(
            without_withheld=pl.Series(few | told | told_without) | (pl.col("n") < smallest_group), _agreed=told
        ),
        size="n",
        smallest_group=smallest_group,
        numbers=[*WITH, *WITHOUT],
        also="_agreed",
    ).with_columns(pl.when(~pl.col("without_withheld")).then(pl.col(*WITHOUT)).name.keep())
    return shown.select(*keys_of_places(places), *WITH_AND_WITHOUT)


def without_careless(
    ratings: pl.DataFrame,
    places: pl.DataFrame,
    *,
    by: Sequence[str] = (),
    smallest_group: int = 5,
    fewest_ratings: int = 8,
    run_share: float = 0.5,
) -> pl.DataFrame:
    """The forms that are not flagged, to be counted again beside all of them (`count_wide`, `measures`).

    Takes what `careless_forms` takes, which says what is flagged; `by` names the columns of `ratings` by which it will
    be counted (cohort, class, ...). Gives the same columns, fewer rows: these are people's forms, to be counted and
    never shown. Where between 1 and `smallest_group` - 1 of those flagged were asked or rated, in any group of `by`,
    that place is emptied in it (`NOT_OFFERED` throughout): counted with and without, it would give the answers of these
    few away by subtraction (test_counting_again_without_the_careless_gives_nobody_away). Such places can be shown with
    all forms only. Whatever is shown together must come from one call, with one rule and all of `by`: the results of
    two calls can be subtracted from each other.
    """
    refuse_strange_options(smallest_group=smallest_group)
    refuse_missing(by, among=ratings.columns)
    answers = answer_matrix(ratings, places)
    flagged = _flagged(_kinds(answers, places, fewest_ratings=fewest_ratings, run_share=run_share))
    emptied = [_emptied(name, smallest_group, by) for name in places["column"]]
    marked = ratings.with_columns(pl.Series(FLAGGED, flagged))
    return marked.with_columns(emptied).filter(~pl.col(FLAGGED)).drop(FLAGGED)


def _emptied(column: str, smallest_group: int, by: Sequence[str]) -> pl.Expr:
    """The answers at a place, or `NOT_OFFERED` where those flagged are too few to be left out."""
    value, flagged = pl.col(column), pl.col(FLAGGED)
    asked = (value.ne_missing(NOT_OFFERED) & flagged).sum()
    rated = ((value > NOT_ATTENDED) & flagged).sum()
    few = asked.is_between(1, smallest_group - 1) | rated.is_between(1, smallest_group - 1)
    return pl.when(few.over(by) if by else few).then(pl.lit(NOT_OFFERED)).otherwise(value).alias(column)


def _too_few(answers: Answers, flagged: Claims, smallest_group: int) -> Claims:
    asked = (answers[flagged] != NOT_OFFERED).sum(axis=0)
    rated = (answers[flagged] > NOT_ATTENDED).sum(axis=0)
    few: Claims = ((asked > 0) & (asked < smallest_group)) | ((rated > 0) & (rated < smallest_group))
    return few


def _kinds(answers: Answers, places: pl.DataFrame, *, fewest_ratings: int, run_share: float) -> Kinds:
    """Of each form, which of `KINDS_OF_FORMS` it is."""
    if fewest_ratings < 2:
        raise ValueError(f"'fewest_ratings' is {fewest_ratings}; fewer than 2 ratings have no run.")
    if not 0 < run_share <= 1:
        raise ValueError(f"'run_share' is {run_share}; it must lie above 0 and not above 1.")
    steps = places["steps"].to_numpy()
    ratings = (answers > NOT_ATTENDED).sum(axis=1)
    same = one_answer_throughout(answers, steps)
    long = longest_runs(answers, steps) >= np.maximum(run_share * ratings, fewest_ratings)
    one_answer, long_run, not_flagged, too_few = KINDS_OF_FORMS
    return np.select([ratings < fewest_ratings, same, long], [too_few, one_answer, long_run], not_flagged)


def _flagged(kinds: Kinds) -> Claims:
    flagged: Claims = np.isin(kinds, KINDS_OF_FORMS[:2])
    return flagged


def _means(table: Floats, places: pl.DataFrame, names: Sequence[str], *, confidence: float) -> dict[str, Floats]:
    of = columns_of(table, confidence=confidence)
    low, high = np.clip(of["low"], 1, None), np.minimum(of["high"], places["steps"].to_numpy())
    return dict(zip(names, (of["n"], of["mean"], low, high), strict=False))
