"""Several cohorts at once: they differ where scipy says that they do."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics import COUNTS, SEVERAL, several
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

SAME, OTHER = [2, 5, 13, 30, 40], [10, 20, 30, 20, 10]
tables = st.lists(
    st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(lambda d: sum(d) >= 5), min_size=2, max_size=9
)


def cohorts_of(table):
    return [f"K{number}" for number in range(1, len(table) + 1)]


def counts_of(table, **keys):
    return together(*(answers(row, cohort=name, **keys) for name, row in zip(cohorts_of(table), table, strict=True)))


def difference(table, items=FIVE_STEPS, **options):
    [row] = several(counts_of(table), items, cohorts=cohorts_of(table), **options).rows(named=True)
    return row


@some_examples
@given(tables.filter(lambda t: np.count_nonzero(np.sum(t, axis=0)) > 1))
def test_from_counts_as_scipy_from_ratings(table):
    theirs = stats.kruskal(*(np.repeat(np.arange(1, 6), row) for row in table))
    said = difference(table)
    assert said["statistic"] == pytest.approx(theirs.statistic, abs=1e-9)
    # Next to no difference at all, the p value is about 1 less the root of the statistic, crumbs of which differ; a
    # crumb below 0 has none for scipy.
    assert said["p_value"] == pytest.approx(theirs.pvalue if theirs.statistic > 0 else 1, abs=1e-6)
    assert said["epsilon_squared"] == pytest.approx(theirs.statistic / (np.sum(table) - 1), abs=1e-9)
    assert 0 <= said["epsilon_squared"] <= 1 + 1e-9


def test_cohorts_that_differ_are_called_so_in_whatever_order():
    assert difference([SAME, OTHER, SAME])["verdict"] == "different"
    assert difference([SAME, SAME, OTHER])["p_value"] == pytest.approx(difference([OTHER, SAME, SAME])["p_value"])
    assert difference([SAME, SAME, SAME])["verdict"] == "no evidence"


def test_cohorts_wholly_apart_differ_as_much_as_can_be():
    assert difference([[9, 0, 0, 0, 0], [0, 0, 9, 0, 0], [0, 0, 0, 0, 9]])["epsilon_squared"] == pytest.approx(1)


def test_p_values_are_adjusted_as_statsmodels_adjusts_them():
    random = np.random.default_rng(1)
    modules = [random.multinomial(40, [0.1, 0.1, 0.2, 0.3, 0.3], size=4).tolist() for _ in range(12)]
    counts = together(*(counts_of(table, module=f"{i}") for i, table in enumerate(modules)))
    said = several(counts, FIVE_STEPS, cohorts=cohorts_of(modules[0]))
    np.testing.assert_allclose(said["p_adjusted"], multipletests(said["p_value"], method="fdr_bh")[1])


def test_small_groups_are_withheld():
    assert difference([SAME, OTHER, [4, 0, 0, 0, 0]]) == difference([SAME, OTHER])
    said = difference([SAME, [4, 0, 0, 0, 0]])
    assert (said["verdict"], said["withheld"], said["cohorts"]) == ("too few", True, 1)
    assert {said[name] for name in ("n", "statistic", "epsilon_squared", "p_value", "p_adjusted")} == {None}


def test_a_component_goes_by_people():
    counts = together(*(counts_of([SAME, OTHER], module=module) for module in ("Họp", "Dân vận")))
    [said] = several(counts, FIVE_STEPS, cohorts=["K1", "K2"], by=("component", "item")).rows(named=True)
    assert said["statistic"] == pytest.approx(difference([SAME, OTHER])["statistic"])
    assert said["n"] == 2 * (sum(SAME) + sum(OTHER))


def test_where_all_answers_are_equal_there_is_no_difference():
    said = difference([[0, 0, 0, 9, 0]] * 3)
    assert (said["statistic"], said["p_value"], said["verdict"]) == (0.0, 1.0, "no evidence")


def test_nothing_comes_from_nothing():
    said = several(COUNTS.to_frame(), FIVE_STEPS, cohorts=["K1", "K2"])
    assert said.schema == {"module": pl.String, "item": pl.String, **SEVERAL}
    assert said.height == 0
    assert several(counts_of([SAME, OTHER]), scale(direction="middle"), cohorts=["K1", "K2"]).height == 0
    absent = counts_of([SAME, OTHER]).with_columns(step=pl.lit(0, pl.Int16))
    assert several(absent, FIVE_STEPS, cohorts=["K1", "K2"], smallest_group=0)["verdict"].to_list() == ["too few"]
