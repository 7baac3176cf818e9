"""The formulas behind the ordering are those of other libraries, of publications, and of chance itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from analytics.shrinking import (
    clearly_below_and_above,
    comparison_reach,
    shrunken_means,
    squared_errors,
    variance_between,
)
from tests.analytics.answers import some_examples

HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
"""Of 18 batters in their first 45 turns of 1970: Efron and Morris, Stein's paradox in statistics, 1977."""

means_and_errors = st.lists(st.tuples(st.floats(1, 5), st.floats(0.01, 0.5)), min_size=1, max_size=12)


def test_the_batters_of_efron_and_morris_1977():
    """Published: the centre .265, the factor .212, and each batter's estimate."""
    average = np.array(HITS) / 45
    variance = average.mean() * (1 - average.mean()) / 45
    said = shrunken_means(average, np.full(18, variance)).mean
    assert (said[0] - said[-1]) / (average[0] - average[-1]) == pytest.approx(0.212, abs=5e-4)
    assert said == pytest.approx(0.265 + 0.212 * (average - 0.265), abs=6e-4)
    assert said[0] == pytest.approx(0.294, abs=5e-4)


def test_the_batters_of_efron_and_morris_1975():
    """Published, after the arc sine that makes all variances 1: the factor .209."""
    x = np.sqrt(45) * np.arcsin(2 * np.array(HITS) / 45 - 1)
    said = shrunken_means(x, np.ones(18)).mean
    assert (said - x.mean()) / (x - x.mean()) == pytest.approx(0.209, abs=5e-4)


@pytest.mark.parametrize("between", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("k", [2, 5, 32])
def test_the_variance_between_is_that_of_dersimonian_and_laird_as_statsmodels_has_it(k, between):
    chance = np.random.default_rng(k)
    variance = chance.uniform(0.01, 0.2, k)
    mean = 4 + np.sqrt(variance + between**2) * chance.standard_normal(k)
    with np.errstate(invalid="ignore"):  # theirs goes below 0 and takes roots of it
        theirs = combine_effects(mean, variance, method_re="dl").tau2
    assert variance_between(mean, variance) == pytest.approx(max(theirs, 0), abs=1e-12)


def test_the_variance_of_equal_variances_is_that_which_morris_writes_for_them():
    """Morris 1983: v (1 - (k - 1) / k * B) + 2 / (k - 3) * B^2 (mean - centre)^2."""
    x = np.sqrt(45) * np.arcsin(2 * np.array(HITS) / 45 - 1)
    b = 15 / ((x - x.mean()) ** 2).sum()
    morris = 1 - 17 / 18 * b + 2 / 15 * b**2 * (x - x.mean()) ** 2
    assert shrunken_means(x, np.ones(18)).variance == pytest.approx(morris)


@pytest.mark.parametrize("between", [0.0, 0.1, 0.5])
def test_shrunken_intervals_hold_as_often_as_they_promise_and_shrunken_means_are_nearer(between):
    chance = np.random.default_rng(11)
    inside, nearer = [], []
    for _ in range(300):
        variance = chance.uniform(0.01, 0.1, 20)
        true = 4 + between * chance.standard_normal(20)
        seen = true + np.sqrt(variance) * chance.standard_normal(20)
        said = shrunken_means(seen, variance)
        inside.append(np.abs(said.mean - true) <= 1.96 * np.sqrt(said.variance))
        nearer.append(((seen - true) ** 2).sum() - ((said.mean - true) ** 2).sum())
    assert np.mean(inside) > 0.94
    assert np.mean(nearer) > 0


@some_examples
@given(means_and_errors)
def test_a_shrunken_mean_lies_between_the_mean_and_the_centre_and_the_order_of_modules_does_not_matter(rows):
    mean, variance = np.array(rows).T
    said = shrunken_means(mean, variance)
    assert np.all((mean.min() - 1e-9 <= said.mean) & (said.mean <= mean.max() + 1e-9))
    assert np.all(said.variance > 0)
    backwards = shrunken_means(mean[::-1], variance[::-1])
    assert backwards.mean[::-1] == pytest.approx(said.mean)
    assert backwards.variance[::-1] == pytest.approx(said.variance)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_fewer_than_four_means_stay_as_they_are(k):
    mean, variance = np.array([3.0, 4.0, 4.5])[:k], np.full(k, 0.02)
    assert shrunken_means(mean, variance).mean.tolist() == mean.tolist()
    assert shrunken_means(mean, variance).variance.tolist() == variance.tolist()


def test_five_people_who_agree_are_judged_by_the_others_and_those_who_differ_by_themselves():
    agreed, usual, torn = 0.0, 0.5, 2.0
    people = np.array([5.0, 40.0, 40.0])
    pooled = (40 * usual + 40 * torn) / (4 + 39 + 39)
    assert squared_errors(np.array([agreed, usual, torn]), people) == pytest.approx(
        [pooled / 5, pooled / 40, torn * 40 / 39 / 40]
    )


def test_without_any_spread_there_is_no_error_to_judge_by():
    assert squared_errors(np.zeros(2), np.array([5.0, 6.0])).tolist() == [0, 0]
    assert np.isnan(squared_errors(np.zeros(2), np.array([1.0, 1.0]))).all()


def test_clearly_below_and_above_as_counted_pair_by_pair():
    chance = np.random.default_rng(5)
    low = chance.uniform(0, 5, 40).round(1)
    high = low + chance.uniform(0, 1.5, 40).round(1)
    below, above = clearly_below_and_above(low, high)
    assert below.tolist() == [sum(h < one for h in high) for one in low]
    assert above.tolist() == [sum(one < other for other in low) for one in high]


@some_examples
@given(st.lists(st.floats(0.05, 0.5), min_size=2, max_size=12), st.integers(10, 400))
def test_intervals_part_no_two_means_before_a_test_with_bonferronis_correction_would(errors, freedom):
    error = np.array(errors)
    k = len(error)
    reach = comparison_reach(error, freedom, confidence=0.95)
    one, other = np.triu_indices(k, 1)
    of_pairs = stats.t.isf(0.05 / k / (k - 1), freedom) * np.hypot(error[one], error[other])
    jointly = stats.t.isf(0.05 / k / 2, freedom) * error
    assert np.all(reach <= jointly + 1e-9)
    assert np.all(reach[one] + reach[other] >= np.minimum(of_pairs, jointly[one] + jointly[other]) - 1e-9)
