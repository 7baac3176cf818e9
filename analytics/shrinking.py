"""The formulas of `ranked`, on arrays: a number for each of the modules that are looked at together.

By hand for the same reason as `formulas`; the tests hold them against statsmodels and against a publication.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from analytics.formulas import Floats


class Shrunken(NamedTuple):
    """Means drawn towards their common centre, their variances, and the standard deviation of the true means."""

    mean: Floats
    variance: Floats
    between: float


def squared_errors(spread: Floats, people: Floats) -> Floats:
    """The squared standard error of each mean: the larger of its own variance and the pooled one, over n.

    `spread` has the divisor n. The pooled variance is that of the one-way analysis of variance. Taken alone it would
    flatter a module on which people differ more than on the others; the own variance taken alone would be nothing
    where five people happened to agree. The larger of the two errs towards saying less. All zeros where nobody
    differed from anybody in any module, and not a number where each module has one answer: there is nothing to judge
    by.
    """
    freedom = people - 1
    squares = spread * people
    pooled = squares.sum() / freedom.sum() if freedom.sum() > 0 else np.nan
    own = np.divide(squares, freedom, out=np.full(spread.shape, np.nan), where=freedom > 0)
    larger: Floats = np.fmax(own, pooled) / people
    return larger


def variance_between(means: Floats, variances: Floats) -> float:
    """The variance of the true means, after DerSimonian and Laird (Controlled Clinical Trials 1986), never below 0.

    (Q - (k - 1)) / (sum w - sum w^2 / sum w), with w the inverse variances and Q the weighted squares around the
    weighted mean. 0 for a single mean.
    """
    if len(means) < 2:
        return 0.0
    weights = 1 / variances
    centre = (weights * means).sum() / weights.sum()
    excess = (weights * (means - centre) ** 2).sum() - (len(means) - 1)
    return max(float(excess / (weights.sum() - (weights**2).sum() / weights.sum())), 0.0)


def shrunken_means(means: Floats, variances: Floats) -> Shrunken:
    """Each mean drawn towards the centre of all, the more so the less certain it is and the less they truly differ.

    mean - B (mean - centre) with B = (k - 3) / (k - 1) * v / (v + between^2), which for equal variances is the
    estimator of Efron and Morris (JASA 1975): the factor (k - 3) / (k - 1) keeps from shrinking too much because
    `between` is itself estimated, so fewer than four means stay as they are. The variance of the result counts the
    uncertainty of the centre and of B as well: Morris, Parametric empirical Bayes inference, JASA 1983,
    v (1 - (1 - w) B) + 2 / (k - 3) * B^2 * (v. + between^2) / (v + between^2) * (mean - centre)^2,
    with w the share of a mean in the centre and v. the mean of v so weighted.

    `variances` are all above 0.
    """
    k = len(means)
    between2 = variance_between(means, variances)
    total = variances + between2
    weights = (1 / total) / (1 / total).sum()
    centre = (weights * means).sum()
    restraint = max(k - 3, 0) / max(k - 1, 1)
    pull = restraint * variances / total
    # 2 / (k - 3) * restraint^2, written so that three means need no division by nothing.
    doubt = 2 * restraint / max(k - 1, 1) * (variances / total) ** 2 * (weights * variances + weights * between2).sum()
    variance = variances * (1 - (1 - weights) * pull) + doubt / total * (means - centre) ** 2
    return Shrunken(means - pull * (means - centre), variance, float(np.sqrt(between2)))


def comparison_reach(errors: Floats, freedom: float, *, confidence: float) -> Floats:
    """How far to reach on both sides of each mean, so that means whose intervals do not overlap differ, all at once.

    `errors` are standard errors. Two ways, and the shorter is taken, since both are right whatever the means are:

    - intervals that hold all together (Bonferroni, k of them), as Klein, Wright and Wieczorek have it;
    - all k (k - 1) / 2 pairs tested (Bonferroni), with intervals just so long that no two of them part before the test
      of that pair would: after Gabriel, JASA 1978. It needs means that are independent or, like those of modules rated
      by the same people, rise and fall together, which makes differences more certain than they are taken for.
    """
    k, doubt = len(errors), (1 - confidence) / 2
    least, most = errors.min(), errors.max()
    # The less equal two errors are, the further each has to reach: these two are the least equal of all.
    apart = np.hypot(least, most) / (least + most)
    of_pairs = stdtrit(freedom, 1 - doubt / max(k * (k - 1) / 2, 1)) * apart
    return min(float(stdtrit(freedom, 1 - doubt / k)), float(of_pairs)) * errors


def clearly_below_and_above(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """How many of the intervals lie wholly below each one, and how many wholly above it.

    With intervals that part only what differs, the true ranks lie from 1 + below to k - above: Klein, Wright and
    Wieczorek, A joint confidence region for an overall ranking of populations, J. R. Stat. Soc. C 2020.
    """
    below = np.searchsorted(np.sort(high), low, side="left")
    above = len(low) - np.searchsorted(np.sort(low), high, side="right")
    return below.astype(np.float64), above.astype(np.float64)
