"""What a sample can bear: the line of the set-up screen, held against its published table and another library."""

import math

import pytest
from statsmodels.stats.power import NormalIndPower, TTestIndPower

from analytics import what_a_sample_bears
from analytics.samples import USUAL_SPREAD

# UX.md: n, plus or minus, shift seen.
TABLE = [(5, 1.12, 1.59), (10, 0.64, 1.13), (20, 0.42, 0.80), (40, 0.29, 0.56), (60, 0.23, 0.46), (100, 0.18, 0.36)]


@pytest.mark.parametrize(("n", "half_width", "shift"), TABLE)
def test_the_line_is_that_of_the_table(n, half_width, shift):
    sample = what_a_sample_bears(n)
    assert sample.half_width == pytest.approx(half_width, abs=0.006)
    assert sample.shift == pytest.approx(shift, abs=0.006)


@pytest.mark.parametrize("n", [5, 10, 30, 90])
def test_the_shift_is_seen_with_the_power_that_it_promises(n):
    shift = what_a_sample_bears(n).shift / USUAL_SPREAD
    assert NormalIndPower().power(shift, n, alpha=0.05) == pytest.approx(0.8, abs=1e-3)


@pytest.mark.parametrize(("n", "short_by"), [(5, 0.13), (10, 0.07), (30, 0.025), (90, 0.01)])
def test_the_normal_approximation_is_as_close_to_the_t_test_as_its_docstring_says(n, short_by):
    shift = what_a_sample_bears(n).shift / USUAL_SPREAD
    exact = TTestIndPower().solve_power(nobs1=n, alpha=0.05, power=0.8)
    assert 0 <= exact - shift <= short_by * exact


def test_nobody_and_one_person_bear_nothing():
    assert math.isnan(what_a_sample_bears(0).shift)
    assert math.isnan(what_a_sample_bears(1).half_width)
