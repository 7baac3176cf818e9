"""Intraclass correlations of a complete table of targets and judges, and their intervals from the F distribution.

Shrout and Fleiss, Psychological Bulletin 1979; names and intervals after McGraw and Wong, Psychological Methods 1996.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from scipy.special import fdtri

from analytics.formulas import Floats

SINGLE: Final = ("ICC(1,1)", "ICC(A,1)", "ICC(C,1)")
MEAN: Final = ("ICC(1,k)", "ICC(A,k)", "ICC(C,k)")


CRUMB: Final = 1e-12
"""Less than this is what rounding leaves of nothing."""


class Correlation(NamedTuple):
    """An intraclass correlation and its interval; the interval is not a number where nothing is left to chance."""

    value: float
    low: float
    high: float


class Squares(NamedTuple):
    """The mean squares of a complete table of n targets by k judges."""

    targets: float
    judges: float
    error: float
    within: float
    n: int
    k: int


def mean_squares(table: Floats) -> Squares:
    """Of a table with a row per target and a column per judge, two of each at least, without gaps."""
    n, k = table.shape
    grand, target, judge = table.mean(), table.mean(axis=1), table.mean(axis=0)
    between = k * float(((target - grand) ** 2).sum()) / (n - 1)
    judges = n * float(((judge - grand) ** 2).sum()) / (k - 1)
    rest = table - target[:, None] - judge + grand
    error = float((rest**2).sum()) / ((n - 1) * (k - 1))
    within = float(((table - target[:, None]) ** 2).sum()) / (n * (k - 1))
    return Squares(_swept(between), _swept(judges), _swept(error), _swept(within), n, k)


def all_six(table: Floats, *, confidence: float) -> dict[str, Correlation]:
    """The six of Shrout and Fleiss: of one judge and of the mean of all k, by one-way (1), two-way with the judges'
    own levels counted as disagreement (A), and two-way without them (C)."""
    s = mean_squares(table)
    one_way = from_ratio(ratio_of(s.targets, s.within), s.k, s.n - 1, s.n * (s.k - 1), confidence=confidence)
    consistency = from_ratio(ratio_of(s.targets, s.error), s.k, s.n - 1, (s.n - 1) * (s.k - 1), confidence=confidence)
    singles = (one_way[0], _agreement(s, confidence=confidence), consistency[0])
    of_mean = (one_way[1], Correlation(*(stepped_up(value, s.k) for value in singles[1])), consistency[1])
    return dict(zip((*SINGLE, *MEAN), (*singles, *of_mean), strict=True))


def from_ratio(
    ratio: float, raters: float, freedom: float, error_freedom: float, *, confidence: float
) -> tuple[Correlation, Correlation]:
    """The correlation of one rating and that of the mean of `raters`, where both follow from one F ratio.

    (F - 1) / (F - 1 + k) and 1 - 1 / F; the ends of the interval put F / F(1 - a/2; v1, v2) and F * F(1 - a/2; v2, v1)
    in its place (McGraw and Wong 1996, table 7). Below zero there is less agreement than chance alone would give.
    """
    tail = (1 + confidence) / 2
    possible = freedom >= 1 and error_freedom >= 1 and np.isfinite(ratio)
    low = ratio / fdtri(freedom, error_freedom, tail) if possible else np.nan
    high = ratio * fdtri(error_freedom, freedom, tail) if possible else np.nan
    single = Correlation(*(_of_one(value, raters) for value in (ratio, low, high)))
    return single, Correlation(*(_of_all(value) for value in (ratio, low, high)))


def stepped_up(single: float, raters: float) -> float:
    """The reliability of the mean of `raters` from that of one (Spearman and Brown 1910).

    Not a number at -1 / (raters - 1) and below, where it has fallen below every bound.
    """
    return _quotient(raters * single, 1 + (raters - 1) * single)


def ratio_of(top: float, bottom: float) -> float:
    """F, infinite where nothing is left to chance, and not a number where nothing differs or too little was rated."""
    if bottom == 0:
        return float("inf") if top > 0 else float("nan")
    return top / bottom


def _agreement(s: Squares, *, confidence: float) -> Correlation:
    """ICC(A,1); degrees of freedom after Satterthwaite (McGraw and Wong 1996, table 7, case 2A)."""
    bottom = s.targets + (s.k - 1) * s.error + s.k / s.n * (s.judges - s.error)
    if not bottom > 0:
        return Correlation(np.nan, np.nan, np.nan)
    value = (s.targets - s.error) / bottom
    if not (s.error > 0 and value < 1):
        return Correlation(value, np.nan, np.nan)
    # The weights are ratios of variances, of which none is negative, whatever the estimate says.
    weight = s.k * max(value, 0.0) / (s.n * (1 - value))
    a, b = weight, 1 + weight * (s.n - 1)
    judges, error = a * s.judges, b * s.error
    freedom = _quotient((judges + error) ** 2, judges**2 / (s.k - 1) + error**2 / ((s.n - 1) * (s.k - 1)))
    tail = (1 + confidence) / 2
    below, above = fdtri(s.n - 1, freedom, tail), fdtri(freedom, s.n - 1, tail)
    rest = s.k * s.judges + (s.k * s.n - s.k - s.n) * s.error
    low = _quotient(s.n * (s.targets - below * s.error), below * rest + s.n * s.targets)
    high = _quotient(s.n * (above * s.targets - s.error), rest + s.n * above * s.targets)
    return Correlation(value, low, high)


def _swept(square: float) -> float:
    return square if square > CRUMB else 0.0


def _quotient(top: float, bottom: float) -> float:
    return float(top / bottom) if CRUMB < bottom < np.inf else float("nan")


def _of_one(ratio: float, raters: float) -> float:
    return 1.0 if np.isposinf(ratio) else _quotient(ratio - 1, ratio - 1 + raters)


def _of_all(ratio: float) -> float:
    return float(1 - 1 / ratio) if ratio > 0 else float("nan")
