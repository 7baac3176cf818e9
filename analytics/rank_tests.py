"""The formulas of `compare`, on arrays: a row per pair of cells, a column per step.

By hand for the same reason as `formulas`: all modules at once, without statsmodels, which the tests hold them against.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, stdtr, stdtrit

from analytics.formulas import Floats, Interval, divided


class Superiority(NamedTuple):
    """How probable it is that a rating of `after` is higher than one of `before`, ties counted half."""

    p_higher: Floats
    low: Floats
    high: Floats
    p_value: Floats


def superiority(before: Floats, after: Floats, n_before: Floats, n_after: Floats, *, confidence: float) -> Superiority:
    """P(after > before) + P(after = before) / 2 with the interval and the two-sided test of Brunner and Munzel.

    `before` and `after` are counts of the same steps; `n_before` and `n_after` the people behind them. Source: Munzel
    and Hauschke, Pharmaceutical Statistics 2003, appendix; statsmodels `rank_compare_2ordinal`.

    Where no rating of one side overlaps the other's (or all are equal) these formulas see no variance: the interval is
    not a number, and the p value is that of the exact permutation test (1 where all are equal). Nor is the p value ever
    smaller than the smallest that a permutation test of as many people can give, 2 / C(n_before + n_after, n_after):
    with five and five people the t approximation would boast.
    """
    share_before, share_after = _shares(before), _shares(after)
    lower_before, lower_after = _mid_ranks(share_before), _mid_ranks(share_after)
    p_higher = (lower_before * share_after).sum(axis=1)
    spread_after = (lower_before**2 * share_after).sum(axis=1) - p_higher**2
    spread_before = (lower_after**2 * share_before).sum(axis=1) - (1 - p_higher) ** 2
    error, freedom = _welch(spread_before, spread_after, n_before, n_after)
    reach = stdtrit(freedom, (1 + confidence) / 2) * error
    p_value = 2 * stdtr(freedom, -np.abs(divided(p_higher - 0.5, error)))
    certain = np.isnan(error) & (n_before > 1) & (n_after > 1)
    p_value = np.where(certain, np.where(np.isclose(p_higher, 0.5), 1.0, 0.0), p_value)
    p_value = np.maximum(p_value, _smallest_p_value(n_before, n_after))
    return Superiority(p_higher, np.maximum(p_higher - reach, 0), np.minimum(p_higher + reach, 1), p_value)


def difference_interval(
    difference: Floats,
    spread_before: Floats,
    spread_after: Floats,
    n_before: Floats,
    n_after: Floats,
    *,
    confidence: float,
) -> Interval:
    """Welch's interval of a difference of means; not a number where neither side has any spread to judge by."""
    error, freedom = _welch(spread_before, spread_after, n_before, n_after)
    reach = stdtrit(freedom, (1 + confidence) / 2) * error
    return difference - reach, difference + reach


def _welch(spread_1: Floats, spread_2: Floats, n_1: Floats, n_2: Floats) -> tuple[Floats, Floats]:
    """Standard error and degrees of freedom after Welch and Satterthwaite; not a number without spread."""
    freedom_1, freedom_2 = np.where(n_1 > 1, n_1 - 1, np.nan), np.where(n_2 > 1, n_2 - 1, np.nan)
    part_1, part_2 = spread_1 / freedom_1, spread_2 / freedom_2
    # Subtracting squares leaves crumbs of 1e-17 where there is no spread at all.
    variance = np.where(part_1 + part_2 > 1e-12, part_1 + part_2, np.nan)
    return np.sqrt(variance), variance**2 / (part_1**2 / freedom_1 + part_2**2 / freedom_2)


def _smallest_p_value(n_1: Floats, n_2: Floats) -> Floats:
    log_arrangements: Floats = gammaln(n_1 + n_2 + 1) - gammaln(n_1 + 1) - gammaln(n_2 + 1)
    smallest: Floats = np.minimum(1.0, 2 * np.exp(-log_arrangements))
    return smallest


def _shares(counts: Floats) -> Floats:
    return divided(counts, counts.sum(axis=1, keepdims=True))


def _mid_ranks(shares: Floats) -> Floats:
    """The share of ratings below each step and half of those on it."""
    return shares.cumsum(axis=1) - shares / 2
