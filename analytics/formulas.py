"""The formulas of `measures`, on arrays: a row per cell, a column per step.

By hand rather than from statsmodels, which takes five seconds and 140 MB to import; the tests hold them against it.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

Floats: TypeAlias = NDArray[np.float64]
Interval: TypeAlias = tuple[Floats, Floats]


def divided(top: Floats, bottom: Floats) -> Floats:
    """The quotient, not a number where there is nothing to divide by."""
    nothing = np.full(np.broadcast(top, bottom).shape, np.nan)
    quotient: Floats = np.divide(top, bottom, out=nothing, where=bottom > 0)
    return quotient


def mean_and_spread(counts: Floats) -> tuple[Floats, Floats]:
    """Mean step of each row and the mean squared distance from it (the variance with divisor n)."""
    steps = np.arange(1.0, counts.shape[1] + 1)
    n = counts.sum(axis=1)
    mean = divided(counts @ steps, n)
    squares = counts * (steps - mean[:, None]) ** 2
    return mean, divided(squares.sum(axis=1), n)


def mean_interval(mean: Floats, spread: Floats, people: Floats, population: Floats, *, confidence: float) -> Interval:
    """Student's t interval of a mean; `population` (not a number for none) corrects for having asked nearly everybody.

    Standard error sqrt(spread / (people - 1)), which is s / sqrt(n); times sqrt(1 - n / N) for a finite population
    (Cochran, Sampling Techniques, 3rd ed., theorem 2.2). Not a number for fewer than two people.
    """
    freedom = np.where(people > 1, people - 1, np.nan)
    correction = np.where(np.isnan(population), 1.0, np.maximum(1 - divided(people, population), 0))
    reach = stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(spread / freedom * correction)
    return mean - reach, mean + reach


def wilson_interval(share: Floats, people: Floats, *, confidence: float) -> Interval:
    """Wilson's score interval of a share (JASA 1927; statsmodels `proportion_confint(method="wilson")`)."""
    z2 = ndtri((1 + confidence) / 2) ** 2
    n = np.where(people > 0, people, np.nan)
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    reach = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n**2))) / (1 + z2 / n)
    return np.clip(centre - reach, 0, 1), np.clip(centre + reach, 0, 1)


def newcombe_interval(
    share_before: Floats, share_after: Floats, people_before: Floats, people_after: Floats, *, confidence: float
) -> Interval:
    """The hybrid score interval of a difference of shares, after less before, made from the Wilson interval of each.

    Newcombe, Statistics in Medicine 1998, 17:873, method 10; statsmodels `confint_proportions_2indep` with the method
    "newcomb". It never leaves -1 to 1, and has width where all or none are content too.
    """
    low_before, high_before = wilson_interval(share_before, people_before, confidence=confidence)
    low_after, high_after = wilson_interval(share_after, people_after, confidence=confidence)
    difference = share_after - share_before
    below = np.hypot(share_after - low_after, high_before - share_before)
    above = np.hypot(high_after - share_after, share_before - low_before)
    return difference - below, difference + above


def interpolated_median(counts: Floats) -> Floats:
    """The median with ties spread evenly over the width of their step.

    With M the median, below and at the number of ratings lower than M and equal to M:
    M - 1/2 + (n/2 - below) / at, and M itself where no rating equals it (half of the ratings on either side of a gap).
    Source: Dalhousie University, Student Ratings of Instruction, "interpolated median"; R, psych::interp.median.
    Not a number where there are no ratings.
    """
    rows = np.arange(len(counts))
    half = counts.sum(axis=1) / 2
    reached = counts.cumsum(axis=1)
    lower = (reached >= half[:, None]).argmax(axis=1)
    upper = (reached > half[:, None]).argmax(axis=1)
    at = counts[rows, lower]
    below = reached[rows, lower] - at
    inside = lower + 0.5 + divided(half - below, at)
    median = np.where(lower == upper, inside, (lower + upper) / 2 + 1)
    return np.where(half > 0, median, np.nan)
