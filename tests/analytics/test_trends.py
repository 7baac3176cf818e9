"""A trend is what independent libraries call one, and cohorts that scatter do not pass for one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.multitest import multipletests

from analytics import COUNTS, TRENDS, trends
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

FALLING = [[2, 5, 13, 30, 40], [4, 10, 20, 30, 26], [6, 14, 28, 26, 16], [10, 20, 30, 20, 10]]
tables = st.lists(
    st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(lambda d: sum(d) >= 5), min_size=3, max_size=9
)


def cohorts_of(table):
    return [f"K{number}" for number in range(1, len(table) + 1)]


def counts_of(table, **keys):
    return together(*(answers(row, cohort=name, **keys) for name, row in zip(cohorts_of(table), table, strict=True)))


def trend(table, items=FIVE_STEPS, **options):
    [row] = trends(counts_of(table), items, cohorts=cohorts_of(table), **options).rows(named=True)
    return row


def people_of(table):
    """Place of the cohort and rating of every person."""
    table = np.array(table)
    when, step = np.nonzero(table)
    return np.repeat(when, table[when, step]), np.repeat(step + 1, table[when, step])


def departure_from_the_line(when, rating):
    """Mantel's statistic of any difference less that of the trend, over its degrees of freedom."""
    groups = [rating[when == k] for k in np.unique(when)]
    between = sum(len(g) * (g.mean() - rating.mean()) ** 2 for g in groups)
    whole = (len(rating) - 1) * between / ((rating - rating.mean()) ** 2).sum()
    line = (len(rating) - 1) * np.corrcoef(when, rating)[0, 1] ** 2
    return (whole - line) / (len(groups) - 2)


@some_examples
@given(tables.filter(lambda t: len(set(people_of(t)[1])) > 1))
def test_the_slope_is_that_of_least_squares_over_all_people(table):
    when, rating = people_of(table)
    said = trend(table)
    assert said["slope"] == pytest.approx(sm.OLS(rating, sm.add_constant(when)).fit().params[1], abs=1e-9)
    assert said["slope_low"] <= said["slope"] <= said["slope_high"]
    assert (said["cohorts"], said["n"]) == (len(table), len(rating))


@some_examples
@given(tables.filter(lambda t: len(set(people_of(t)[1])) > 1))
def test_where_the_cohorts_lie_near_the_line_the_test_is_that_of_statsmodels(table):
    theirs = Table(np.array(table), shift_zeros=False).test_ordinal_association()
    said = trend(table)["p_value"]
    if departure_from_the_line(*people_of(table)) <= 1:
        assert said == pytest.approx(theirs.pvalue, abs=1e-9)
    else:
        assert said >= theirs.pvalue - 1e-9


@some_examples
@given(tables.filter(lambda t: len(set(people_of(t)[1])) > 1))
def test_the_interval_leaves_out_zero_exactly_where_the_test_says_so(table):
    said = trend(table)
    outside = said["slope_low"] > 1e-9 or said["slope_high"] < -1e-9
    assert outside == (said["p_value"] < 0.05 - 1e-9) or said["p_value"] == pytest.approx(0.05, abs=1e-6)


def test_a_steady_fall_and_a_steady_rise_have_their_words():
    assert trend(FALLING)["verdict"] == "falling"
    assert trend(FALLING[::-1])["verdict"] == "rising"
    assert trend([FALLING[1]] * 4)["verdict"] == "no evidence"


def test_seen_backwards_a_trend_is_its_opposite():
    there, back = trend(FALLING), trend(FALLING[::-1])
    assert there["slope"] == pytest.approx(-back["slope"])
    assert there["slope_low"] == pytest.approx(-back["slope_high"])
    assert there["p_value"] == pytest.approx(back["p_value"])


def test_rising_is_better_also_where_the_first_step_is_best():
    down = trend([row[::-1] for row in FALLING], scale(direction="down"))
    assert (down["verdict"], down["slope"]) == ("falling", pytest.approx(-trend(FALLING)["slope"]))


def test_one_cohort_that_fell_out_of_line_is_no_trend():
    """With the people alone as the source of chance the last cohort would make one."""
    good, poor = [1, 4, 15, 40, 40], [10, 20, 40, 20, 10]
    table = [good, good, good, poor]
    assert Table(np.array(table)).test_ordinal_association().pvalue < 0.001
    assert trend(table)["verdict"] == "no evidence"


@pytest.mark.parametrize(("scatter", "most"), [(0.0, 0.065), (0.15, 0.09)])
def test_without_a_trend_hardly_any_is_called_one_also_where_cohorts_scatter(scatter, most):
    """600 modules over eight cohorts of 90, each module and cohort with a whim of its own."""
    random = np.random.default_rng(5)
    latent = 4 + random.normal(0, scatter, (600, 8, 1)) + random.normal(0, 0.8, (600, 8, 90))
    steps = np.clip(np.rint(latent), 1, 5)
    n = (steps[..., None] == np.arange(1, 6)).sum(axis=2)
    module, cohort, step = (axis.ravel() for axis in np.indices(n.shape))
    counts = pl.DataFrame({"cohort": cohort, "module": module, "step": step + 1, "n": n.ravel()})
    counts = counts.with_columns(component=pl.lit("1"), item=pl.lit("useful")).select(COUNTS.names()).cast(dict(COUNTS))
    said = trends(counts, FIVE_STEPS, cohorts=[str(k) for k in range(8)])
    assert said.height == 600
    assert (said["p_value"] < 0.05).mean() < most
    assert said["verdict"].is_in(["rising", "falling"]).mean() < 0.02


def test_p_values_are_adjusted_as_statsmodels_adjusts_them():
    random = np.random.default_rng(1)
    modules = [random.multinomial(40, [0.1, 0.1, 0.2, 0.3, 0.3], size=4).tolist() for _ in range(12)]
    counts = together(*(counts_of(table, module=f"{i}") for i, table in enumerate([*modules, FALLING])))
    said = trends(counts, FIVE_STEPS, cohorts=cohorts_of(FALLING))
    np.testing.assert_allclose(said["p_adjusted"], multipletests(said["p_value"], method="fdr_bh")[1])
    assert said["verdict"].to_list() == ["no evidence"] * 12 + ["falling"]


def test_a_cohort_without_the_module_leaves_a_gap():
    counts = counts_of(FALLING).filter(pl.col("cohort") != "K2")
    [said] = trends(counts, FIVE_STEPS, cohorts=["K1", "K2", "K3", "K4"]).rows(named=True)
    when, rating = people_of([FALLING[0], [0] * 5, *FALLING[2:]])
    assert said["slope"] == pytest.approx(stats.linregress(when, rating).slope)
    assert said["cohorts"] == 3


def test_the_order_is_that_of_the_cohorts_named_and_others_are_left_out():
    forwards = trends(counts_of(FALLING), FIVE_STEPS, cohorts=["K1", "K2", "K3"])
    backwards = trends(counts_of(FALLING), FIVE_STEPS, cohorts=["K3", "K2", "K1"])
    assert forwards["n"].to_list() == [sum(map(sum, FALLING[:3]))]
    assert forwards["slope"].item() == pytest.approx(-backwards["slope"].item())


def test_small_groups_are_withheld():
    said = trend([*FALLING, [4, 0, 0, 0, 0]])
    assert said == trend(FALLING)
    said = trend([*FALLING[:2], [4, 0, 0, 0, 0]])
    assert (said["verdict"], said["withheld"], said["cohorts"]) == ("too few", True, 2)
    assert {said[name] for name in ("n", "slope", "slope_low", "slope_high", "p_value", "p_adjusted")} == {None}


def test_where_all_answers_are_equal_there_is_no_trend_and_no_interval():
    said = trend([[0, 0, 0, 9, 0]] * 4)
    assert (said["slope"], said["p_value"], said["verdict"]) == (0.0, 1.0, "no evidence")
    assert (said["slope_low"], said["slope_high"]) == (None, None)


def test_a_component_goes_by_people():
    counts = together(*(counts_of(FALLING, module=module) for module in ("Họp", "Dân vận", "Tiếp dân")))
    [said] = trends(counts, FIVE_STEPS, cohorts=cohorts_of(FALLING), by=("component", "item")).rows(named=True)
    alone = trend(FALLING)
    assert said["n"] == 3 * alone["n"]
    for name in ("slope", "slope_low", "slope_high", "p_value"):
        assert said[name] == pytest.approx(alone[name])


def test_nothing_comes_from_nothing():
    said = trends(COUNTS.to_frame(), FIVE_STEPS, cohorts=["K1", "K2", "K3"])
    assert said.schema == {"module": pl.String, "item": pl.String, **TRENDS}
    assert said.height == 0
    assert trends(counts_of(FALLING), scale(direction="middle"), cohorts=cohorts_of(FALLING)).height == 0
    absent = counts_of(FALLING).with_columns(step=pl.lit(0, pl.Int16))
    assert trends(absent, FIVE_STEPS, cohorts=cohorts_of(FALLING))["verdict"].to_list() == ["too few"]
    assert trends(absent, FIVE_STEPS, cohorts=cohorts_of(FALLING), smallest_group=0)["verdict"].to_list() == ["too few"]


def test_impossible_options_are_refused_with_a_sentence():
    with pytest.raises(ValueError, match="'cohort'"):
        trends(counts_of(FALLING), FIVE_STEPS, cohorts=["K1"], by=("cohort", "item"))
    with pytest.raises(ValueError, match="more than once"):
        trends(counts_of(FALLING), FIVE_STEPS, cohorts=["K1", "K1"])
