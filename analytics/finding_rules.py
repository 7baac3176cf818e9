"""What may be said of a row: for each sentence of the catalogues the condition under which it is said.

Rules are tried in order and the first that holds is said. Too few answers come first, and the weakest sentence comes
last and needs no condition, so what fits nothing is never said more strongly than the numbers bear. A verdict alone is
not enough for a direction: the interval that stands in the sentence must bear it as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, NamedTuple, TypeAlias

import polars as pl

from analytics.families import SIGNIFICANT

Sureness: TypeAlias = Literal["clear", "uncertain", "too few"]
SURENESS: Final[tuple[Sureness, ...]] = ("clear", "uncertain", "too few")

MOST: Final = 0.5
"""More than half: the whole interval of the share lies above."""
NEARLY_ALL: Final = 0.9
"""Nine tenths or more."""
HARDLY_ANY: Final = 0.1
"""One tenth or less."""
ABOUT_HALF: Final = (0.4, 0.6)
"""The interval of what is called about half lies within, ends included."""
ALWAYS: Final = pl.lit(True)
"""The condition of the weakest sentence of a kind."""

QUARTER: Final = 4
"""Among the worst or the best is only what has its whole interval of ranks in the first or the last quarter."""


class Rule(NamedTuple):
    """A sentence (`what`, its key in the catalogues), how sure it is, and the rows of which it may be said."""

    what: str
    sure: Sureness
    holds: pl.Expr


class Note(NamedTuple):
    """A sentence that is added, the columns that it goes by, and the rows to which it is added."""

    what: str
    needs: tuple[str, ...]
    holds: pl.Expr


def noted(columns: Sequence[str]) -> pl.Expr:
    """The column `_notes`, of every note that holds; a kind without the columns of a note has no use for it."""
    known = [note for note in NOTES if set(note.needs) <= set(columns)]
    said = [pl.when(note.holds).then(pl.lit(note.what)) for note in known]
    return pl.concat_list(said or [pl.lit(None, pl.String)]).list.drop_nulls().alias("_notes")


def choices(rules: Sequence[Rule]) -> list[pl.Expr]:
    """The columns `_what` and `_sure`, of the first rule that holds."""
    what = pl.coalesce(pl.when(rule.holds).then(pl.lit(rule.what)) for rule in rules)
    sure = what.replace_strict({rule.what: rule.sure for rule in rules}, return_dtype=pl.String)
    return [what.alias("_what"), sure.alias("_sure")]


def better_way() -> pl.Expr:
    """Whether more steps are better (1), worse (-1) or neither (0)."""
    return pl.col("direction").replace_strict({"up": 1, "down": -1}, default=0, return_dtype=pl.Int8)


def _unknown(*names: str) -> pl.Expr:
    """Withheld, or without one of the numbers that every sentence of the kind needs."""
    return pl.col("withheld").fill_null(True) | pl.any_horizontal(pl.col(*names).is_null())


def _missing(name: str) -> pl.Expr:
    """Without a number that every sentence of the kind needs, and not because it is blurred."""
    return pl.col(name).is_null() & ~pl.col("blurred").fill_null(False)


def _leaves_out(name: str, middle: float, *, way: pl.Expr) -> pl.Expr:
    """The interval of a number lies beyond the middle on the side of `way`, and touches it at neither end.

    Where nothing varies there is no interval, and the number itself is on that side.
    """
    low, high = (pl.col(f"{name}_{end}").fill_null(pl.col(name)) for end in ("low", "high"))
    return ((way > 0) & (low > middle)) | ((way < 0) & (high < middle))


def _sure_change(verdict: str) -> pl.Expr:
    return (pl.col("verdict") == verdict) & (pl.col("p_adjusted") < SIGNIFICANT)


_BLURRED: Final = pl.col("blurred").fill_null(False)
"""Nothing exact is known of the row, nor said: n and intervals alone stand in such a sentence."""

_MEANS: Final = (pl.col("mean_after") - pl.col("mean_before")) * better_way()
_MEANS_LIE: Final = (pl.col("difference_low") + pl.col("difference_high")) * better_way()
_HIGHER: Final = _sure_change("higher") & _leaves_out("p_higher", 0.5, way=pl.lit(1))
_LOWER: Final = _sure_change("lower") & _leaves_out("p_higher", 0.5, way=pl.lit(-1))

CHANGE: Final = (
    Rule("change.too_few", "too few", _unknown("n_before", "n_after", "p_value") | (pl.col("verdict") == "too few")),
    Rule("change.blurred_better", "clear", _BLURRED & _HIGHER & (_MEANS_LIE > 0)),
    Rule("change.blurred_worse", "clear", _BLURRED & _LOWER & (_MEANS_LIE < 0)),
    Rule("change.blurred", "uncertain", _BLURRED),
    # Verdict, adjusted p value, interval of the probability and the means all say so.
    Rule("change.better", "clear", _HIGHER & (_MEANS > 0)),
    Rule("change.worse", "clear", _LOWER & (_MEANS < 0)),
    # The ranks are sure and the means do not go with them: a few far answers pull the other way.
    Rule("change.mixed", "uncertain", _HIGHER | _LOWER),
    Rule("change.none", "uncertain", ALWAYS),
)

_BETTER: Final = _sure_change("better") & _leaves_out("effect", 0, way=pl.lit(1))
_WORSE: Final = _sure_change("worse") & _leaves_out("effect", 0, way=pl.lit(-1))

EFFECT: Final = (
    Rule("effect.too_few", "too few", _unknown("n_before", "n_after") | _missing("change")),
    Rule("effect.blurred_better", "clear", _BLURRED & _BETTER),
    Rule("effect.blurred_worse", "clear", _BLURRED & _WORSE),
    Rule("effect.blurred", "uncertain", _BLURRED),
    # Nobody knows what would have come by itself.
    Rule("effect.no_controls", "uncertain", pl.any_horizontal(pl.col("expected", "effect", "shift").is_null())),
    # An effect above zero is better, whichever end of the scale is best.
    Rule("effect.better", "clear", _BETTER),
    Rule("effect.worse", "clear", _WORSE),
    # It changed for the better, and by more than modules that nobody revised, but chance may do that.
    Rule("effect.only_seems_better", "uncertain", (pl.col("change") * better_way() > 0) & (pl.col("effect") > 0)),
    Rule("effect.none", "uncertain", ALWAYS),
)

TREND: Final = (
    Rule("trend.too_few", "too few", _unknown("n", "cohorts", "slope") | (pl.col("verdict") == "too few")),
    Rule("trend.rising", "clear", _sure_change("rising") & _leaves_out("slope", 0, way=better_way())),
    Rule("trend.falling", "clear", _sure_change("falling") & _leaves_out("slope", 0, way=-better_way())),
    Rule("trend.none", "uncertain", ALWAYS),
)

_ALONE: Final = pl.col("modules") == 1
"""No other module of the cohort may be shown: it is its mean and its order."""
_FROM_COHORT: Final = pl.col("from_cohort") * better_way()

STANDING: Final = (
    Rule("standing.too_few", "too few", _unknown("n") | _missing("from_cohort") | (pl.col("standing") == "too few")),
    Rule("standing.only", "uncertain", _ALONE),
    Rule("standing.blurred_worse", "clear", _BLURRED & (pl.col("standing") == "worse")),
    Rule("standing.blurred_better", "clear", _BLURRED & (pl.col("standing") == "better")),
    Rule("standing.blurred", "uncertain", _BLURRED),
    Rule("standing.worse", "clear", (pl.col("standing") == "worse") & (_FROM_COHORT < 0)),
    Rule("standing.better", "clear", (pl.col("standing") == "better") & (_FROM_COHORT > 0)),
    Rule("standing.around", "uncertain", ALWAYS),
)

# The first rank is the worst.
_QUARTER: Final = pl.col("modules") // QUARTER

RANK: Final = (
    Rule("rank.too_few", "too few", _unknown("n", "rank", "rank_low", "rank_high")),
    Rule("rank.only", "uncertain", _ALONE),
    Rule("rank.any", "uncertain", (pl.col("rank_low") <= 1) & (pl.col("rank_high") >= pl.col("modules"))),
    Rule("rank.worst_quarter", "clear", pl.col("rank_high") <= _QUARTER),
    Rule("rank.best_quarter", "clear", pl.col("rank_low") > pl.col("modules") - _QUARTER),
    Rule("rank.between", "uncertain", ALWAYS),
)

# An interval without width would be sure of anything. Where everybody was asked it may have none though people differ.
_ALIKE: Final = (pl.col("counts").list.max() == pl.col("n")) & (pl.col("mean_low") == pl.col("mean_high"))

MEASURE: Final = (
    Rule("measure.too_few", "too few", _unknown("n") | _missing("mean")),
    Rule("measure.blurred", "uncertain", _BLURRED),
    # Three steps, or no best end: there is no share of good answers, only a mean.
    Rule("measure.alike", "uncertain", pl.col("top2_share").is_null() & _ALIKE),
    Rule("measure.mean", "uncertain", pl.col("top2_share").is_null()),
    Rule("measure.nearly_all", "clear", pl.col("top2_low") >= NEARLY_ALL),
    Rule("measure.most", "clear", pl.col("top2_low") > MOST),
    Rule("measure.hardly_any", "clear", pl.col("top2_high") <= HARDLY_ANY),
    Rule("measure.minority", "clear", pl.col("top2_high") < MOST),
    Rule(
        "measure.about_half",
        "clear",
        (pl.col("top2_low") >= ABOUT_HALF[0]) & (pl.col("top2_high") <= ABOUT_HALF[1]),
    ),
    Rule("measure.uncertain", "uncertain", ALWAYS),
)

_ANSWERED, _ENROLLED = pl.col("answered"), pl.col("enrolled")

# Who answered is counted, not estimated: these sentences need no interval.
RESPONSE: Final = (
    Rule("response.too_few", "too few", _unknown("answered")),
    # More answers than trainees on the roster are said, and not turned into a rate.
    Rule("response.no_rate", "uncertain", _ENROLLED.is_null() | (_ANSWERED > _ENROLLED) | (_ENROLLED < 1)),
    Rule("response.all", "clear", _ANSWERED == _ENROLLED),
    Rule("response.most", "clear", 2 * _ANSWERED > _ENROLLED),
    Rule("response.half", "clear", 2 * _ANSWERED == _ENROLLED),
    Rule("response.minority", "clear", ALWAYS),
)

SILENCE: Final = (
    Rule("silence.too_few", "too few", _unknown("n")),
    # No roster, more answers than trainees, or no share of good ratings.
    Rule(
        "silence.unknown",
        "uncertain",
        pl.any_horizontal(pl.col("silent", "top2_share", "top2_if_unhappy", "top2_if_happy").is_null()),
    ),
    Rule("silence.nobody", "clear", pl.col("silent") == 0),
    Rule("silence.still_most", "clear", pl.col("top2_if_unhappy") > MOST),
    Rule("silence.still_minority", "clear", pl.col("top2_if_happy") < MOST),
    Rule("silence.open", "uncertain", ALWAYS),
)

ALL_RULES: Final = (*CHANGE, *EFFECT, *TREND, *STANDING, *RANK, *MEASURE, *RESPONSE, *SILENCE)

NOTES: Final = (
    Note("note.blurred", ("blurred",), _BLURRED),
    # The mean of what is better is the lower one: without this a reader would take it for a mistake.
    Note("note.first_step_is_best", ("direction",), pl.col("direction") == "down"),
    # The interval in the sentence may then leave out the middle, and the verdict is still none.
    Note(
        "note.only_if_seen_alone",
        ("p_value", "p_adjusted"),
        (pl.col("p_value") < SIGNIFICANT) & (pl.col("p_adjusted") >= SIGNIFICANT),
    ),
)
