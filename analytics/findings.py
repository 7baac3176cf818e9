"""What the results show, as values: what, where, how sure and by how many answers; `sentences` puts them into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, Final

import polars as pl
import polars.selectors as cs

from analytics.finding_rules import (
    CHANGE,
    EFFECT,
    MEASURE,
    RANK,
    RESPONSE,
    SILENCE,
    STANDING,
    SURENESS,
    TREND,
    Rule,
    Sureness,
    choices,
    noted,
)
from analytics.options import refuse_strange_options
from analytics.schemas import FrameError

# What the sentences need of each frame; further columns may stand behind.
CHANGES_SAID: Final = (
    *("before", "after", "steps", "direction", "n_before", "n_after", "mean_before", "mean_after"),
    *("difference", "difference_low", "difference_high", "p_higher", "p_higher_low", "p_higher_high", "cliffs_delta"),
    *("p_value", "p_adjusted", "verdict", "blurred", "withheld"),
)
MEASURES_SAID: Final = (
    *("steps", "direction", "n", "counts", "mean", "mean_low", "mean_high", "top2_share", "top2_low", "top2_high"),
    *("blurred", "withheld"),
)
STANDINGS_SAID: Final = ("cohort_mean", "from_cohort", "standing", "modules", "direction", "blurred")
EFFECTS_SAID: Final = (
    *("before", "after", "steps", "direction", "n_before", "n_after", "mean_before", "mean_after", "change"),
    *("controls", "expected", "effect", "effect_low", "effect_high", "shift"),
    *("p_value", "p_adjusted", "verdict", "blurred", "withheld"),
)
TRENDS_SAID: Final = (
    *("cohorts", "steps", "direction", "n", "slope", "slope_low", "slope_high"),
    *("p_value", "p_adjusted", "verdict", "blurred", "withheld"),
)
RANKS_SAID: Final = (
    *("steps", "direction", "n", "mean", "rank", "rank_low", "rank_high", "modules", "blurred", "withheld"),
)
RESPONSE_SAID: Final = ("answered", "enrolled", "withheld")
SILENCE_SAID: Final = (
    *("steps", "direction", "n", "silent", "top2_share", "top2_if_unhappy", "top2_if_happy", "blurred", "withheld"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the results show.

    - `what`: which of the sentences of the catalogues, as "change.better";
    - `where`: the keys of the row that it is about, as {"module": "m7", "item": "useful"};
    - `sure`: "clear", "uncertain" or "too few" answers;
    - `n`: how many ratings it rests on, of two sides the smaller (how many answers, for a response); None for too few;
    - `notes`: what must be added to its sentence, as "note.first_step_is_best";
    - `numbers`: what its sentence says. Empty for too few: what is withheld is not in the value either.
    """

    what: str
    where: Mapping[str, str | None]
    sure: Sureness
    n: int | None
    notes: tuple[str, ...]
    numbers: Mapping[str, float]


def findings_of_changes(changes: pl.DataFrame, *, confidence: float = 0.95) -> list[Finding]:
    """What `compare` and `changes_to_previous` show (columns `CHANGES_SAID`), clear and large changes first.

    "better" and "worse" need the verdict, the interval of `p_higher` beyond one half, and means that go the same way.
    `confidence` is the one that the frame was made with, here and in the functions below; the frames do not tell.
    All of them raise `FrameError` for a missing column, and `ValueError` for an impossible confidence.
    """
    return _findings(
        _needing(changes, CHANGES_SAID),
        said=CHANGES_SAID,
        rules=CHANGE,
        n=pl.min_horizontal("n_before", "n_after"),
        size=pl.col("cliffs_delta").abs(),
        confidence=confidence,
    )


def findings_of_effects(effects: pl.DataFrame, *, confidence: float = 0.95) -> list[Finding]:
    """What became of revised modules, clear and large effects first; columns `EFFECTS_SAID`.

    `change` is that of the module and `expected` that of modules of a similar start, in steps of the scale; `effect` is
    what lies between them, positive for the better, and `shift` the smallest that could have been seen. "better" and
    "worse" need the verdict and the interval of `effect` beyond zero; what rose without that, and
    by more than others, only seems better.
    """
    return _findings(
        _needing(effects, EFFECTS_SAID),
        said=EFFECTS_SAID,
        rules=EFFECT,
        n=pl.min_horizontal("n_before", "n_after"),
        size=pl.col("effect").abs(),
        confidence=confidence,
    )


def findings_of_trends(trends: pl.DataFrame, *, confidence: float = 0.95) -> list[Finding]:
    """What the slopes over several cohorts show, clear and steep ones first; columns `TRENDS_SAID`.

    `slope` is in steps per cohort, whichever end is best; "rising" is for the better by the item's direction.
    """
    return _findings(
        _needing(trends, TRENDS_SAID),
        said=TRENDS_SAID,
        rules=TREND,
        n=pl.col("n"),
        size=pl.col("slope").abs(),
        confidence=confidence,
    )


def findings_of_standings(standings: pl.DataFrame, measured: pl.DataFrame) -> list[Finding]:
    """How modules stand in their cohort (columns `STANDINGS_SAID`), clear and large distances first.

    `measured` says how many ratings that rests on: `measures` by cohort, module and item.
    """
    return _findings(
        _with_measured(_needing(standings, STANDINGS_SAID), measured),
        said=STANDINGS_SAID,
        rules=STANDING,
        n=pl.col("n"),
        size=pl.col("from_cohort").abs(),
    )


def findings_of_ranks(ranks: pl.DataFrame, *, confidence: float = 0.95) -> list[Finding]:
    """Where modules stand in the order of their cohort, never without the interval of the rank; columns `RANKS_SAID`.

    The first rank is the most in need of revision.
    """
    middle = (pl.col("modules") + 1) / 2
    return _findings(
        _needing(ranks, RANKS_SAID),
        said=RANKS_SAID,
        rules=RANK,
        n=pl.col("n"),
        size=(pl.col("rank") - middle).abs() / middle,
        confidence=confidence,
    )


def findings_of_measures(measured: pl.DataFrame, *, confidence: float = 0.95) -> list[Finding]:
    """What cells say (columns `MEASURES_SAID`): how many of n ratings are good, and a word only where it is borne.

    "Most", "nearly all", "about half", "fewer than half" and "hardly any" need the whole interval of the share.
    """
    good = (pl.col("top2_share") * pl.col("n")).round().cast(pl.Int64)
    return _findings(
        _needing(measured, MEASURES_SAID).with_columns(favourable=good),
        said=MEASURES_SAID,
        rules=MEASURE,
        n=pl.col("n"),
        size=(pl.col("top2_share") - 0.5).abs(),
        confidence=confidence,
    )


def findings_of_response(response: pl.DataFrame) -> list[Finding]:
    """How many of the trainees answered, the lowest rate first; columns `RESPONSE_SAID`."""
    rate = pl.col("answered") / pl.col("enrolled")
    return _findings(
        _needing(response, RESPONSE_SAID).with_columns(rate=rate),
        said=RESPONSE_SAID,
        rules=RESPONSE,
        n=pl.col("answered"),
        size=1 - rate,
    )


def findings_of_silence(bounds: pl.DataFrame) -> list[Finding]:
    """Whether those who did not answer could turn the picture; columns `SILENCE_SAID`, shares from 0 to 1.

    `top2_if_unhappy` and `top2_if_happy` are the share of good ratings if all who were silent were unhappy, or happy.
    """
    return _findings(
        _needing(bounds, SILENCE_SAID),
        said=SILENCE_SAID,
        rules=SILENCE,
        n=pl.col("n"),
        size=(pl.col("top2_share") - 0.5).abs(),
    )


def _with_measured(rows: pl.DataFrame, measured: pl.DataFrame) -> pl.DataFrame:
    """The rows with ratings, steps and mean of the same module beside them; none where it was not measured."""
    keys = ["cohort", "module", "item"]
    wanted = [*keys, "n", "steps", "mean", "withheld"]
    beside = _needing(measured, wanted).select(wanted)
    return rows.join(beside, on=keys, how="left", nulls_equal=True, maintain_order="left", validate="m:1")


def _findings(
    rows: pl.DataFrame,
    *,
    said: Sequence[str],
    rules: Sequence[Rule],
    n: pl.Expr,
    size: pl.Expr,
    confidence: float | None = None,
) -> list[Finding]:
    """A finding for each row, those that are clear and large first.

    The keys are the columns in front of the first of those that the kind knows, and the cohorts of a comparison.
    """
    if confidence is not None:
        refuse_strange_options(confidence=confidence)
    keys = [*takewhile(lambda name: name not in said, rows.columns), *(k for k in ("before", "after") if k in said)]
    order = pl.col("_sure").replace_strict(SURENESS, range(len(SURENESS)), return_dtype=pl.Int8)
    known = rows.with_columns(cs.float().fill_nan(None))
    numbers = known.select(cs.numeric().exclude(keys)).columns
    judged = known.with_columns(*choices(rules), noted(rows.columns), _n=n, _size=size)
    ordered = judged.sort(order, -pl.col("_size"), nulls_last=True, maintain_order=True)
    return [_finding(row, keys, numbers, confidence) for row in ordered.iter_rows(named=True)]


def _finding(row: dict[str, Any], keys: Sequence[str], numbers: Sequence[str], confidence: float | None) -> Finding:
    said = {name: row[name] for name in numbers if row[name] is not None}
    if confidence is not None:
        said["confidence"] = confidence
    too_few = row["_sure"] == "too few"
    return Finding(
        what=row["_what"],
        where={key: row[key] for key in keys},
        sure=row["_sure"],
        # What is withheld stays so, whatever the frame still holds (test_too_few_answers_keep_their_numbers).
        n=None if too_few else row["_n"],
        notes=() if too_few else tuple(row["_notes"]),
        numbers={} if too_few else said,
    )


def _needing(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise FrameError(f"The column {missing[0]!r} is missing; what can be said needs {', '.join(names)}.")
    return frame
