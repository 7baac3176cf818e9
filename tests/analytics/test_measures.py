"""What is said of a cell is what independent libraries and publications say of the same ratings."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import analytics
from analytics import COUNTS, MEASURES, FrameError
from analytics.formulas import wilson_interval
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

# How exact numbers are made is tested here; how they are blurred, in test_blurring.py.
measures = partial(analytics.measures, unanimous_below=0)

distributions = st.lists(st.integers(0, 30), min_size=5, max_size=5)


def ratings_of(distribution):
    return np.repeat(np.arange(1, len(distribution) + 1), distribution)


def one(counts, items=FIVE_STEPS, **options):
    [row] = measures(counts, items, **options).rows(named=True)
    return row


def test_the_published_example_of_dalhousie():
    """21 ratings: mean 4.19, median 4, interpolated median 4.44."""
    said = one(answers([2, 0, 0, 9, 10]))
    assert said["mean"] == pytest.approx(4.190476190476191)
    assert said["interpolated_median"] == pytest.approx(4.444444444444445)
    assert (said["n"], said["counts"]) == (21, [2, 0, 0, 9, 10])


@pytest.mark.parametrize(
    ("distribution", "median"),
    [([0, 0, 10, 10, 0], 3.5), ([0, 5, 0, 5, 0], 3.0), ([0, 0, 0, 0, 6], 5.0), ([1, 2, 3, 2, 1], 3.0)],
)
def test_the_interpolated_median_between_steps_and_over_gaps(distribution, median):
    assert one(answers(distribution))["interpolated_median"] == pytest.approx(median)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (9, 10, 0.5958, 0.9821),
        (26, 51, 0.3768, 0.6414),
        (81, 90, 0.8208, 0.9465),
        (90, 90, 0.9591, 1),
    ],
)
def test_the_interval_of_the_share_is_wilsons(k, n, low, high):
    said = one(answers([n - k, 0, 0, 0, k]))
    assert (said["top2_low"], said["top2_high"]) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_as_statsmodels_has_it():
    n = np.arange(1, 60)
    k = n // 3
    for ours, theirs in zip(
        wilson_interval(k / n, n.astype(float), confidence=0.95), proportion_confint(k, n, method="wilson"), strict=True
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@some_examples
@given(distributions.filter(lambda d: sum(d) >= 5 and np.count_nonzero(d) > 1))
def test_mean_and_interval_as_scipy_has_them(distribution):
    said, x = one(answers(distribution)), ratings_of(distribution)
    low, high = stats.t.interval(0.95, len(x) - 1, loc=x.mean(), scale=stats.sem(x))
    assert said["mean"] == pytest.approx(x.mean())
    assert said["mean_low"] == pytest.approx(max(low, 1))
    assert said["mean_high"] == pytest.approx(min(high, 5))


@some_examples
@given(distributions.filter(lambda d: sum(d) >= 5))
def test_intervals_contain_what_they_are_about(distribution):
    said = one(answers(distribution))
    assert 1 <= said["mean_low"] <= said["mean"] + 1e-12
    assert said["mean"] - 1e-12 <= said["mean_high"] <= 5
    assert 0 <= said["top2_low"] <= said["top2_share"] + 1e-12
    assert said["top2_share"] - 1e-12 <= said["top2_high"] <= 1


@some_examples
@given(distributions.filter(lambda d: sum(d) >= 5))
def test_a_scale_read_backwards_says_the_same(distribution):
    up = one(answers(distribution))
    down = one(answers(distribution[::-1]), scale(direction="down"))
    for name in ("top2_share", "top2_low", "top2_high", "bottom2_share"):
        assert down[name] == pytest.approx(up[name])
    assert down["mean"] == pytest.approx(6 - up["mean"])
    assert down["interpolated_median"] == pytest.approx(6 - up["interpolated_median"])


def test_best_and_worst_two_steps():
    said = one(answers([1, 2, 3, 4, 10]))
    assert (said["top2_share"], said["bottom2_share"]) == (pytest.approx(14 / 20), pytest.approx(3 / 20))


@pytest.mark.parametrize("items", [scale(direction="middle"), scale(steps=3), scale(steps=2)])
def test_no_share_of_the_best_steps_without_ends_or_with_few_steps(items):
    said = one(answers([5, 5]), items)
    assert said["mean"] == pytest.approx(1.5)
    assert [said[name] for name in ("top2_share", "top2_low", "top2_high", "bottom2_share")] == [None] * 4


def test_not_attended_and_blank_are_counted_and_left_out_of_n():
    counts = together(answers([0, 0, 0, 0, 6]), answers([7]).with_columns(step=pl.lit(0, pl.Int16)))
    counts = together(counts, answers([8]).with_columns(step=pl.lit(-1, pl.Int16)))
    said = one(counts)
    assert (said["n"], said["not_attended"], said["blank"], said["mean"]) == (6, 7, 8, 5.0)


def test_all_equal_has_a_mean_without_width_and_a_share_with_it():
    said = one(answers([0, 0, 0, 0, 6]))
    assert (said["mean_low"], said["mean_high"]) == (5.0, 5.0)
    assert said["top2_low"] == pytest.approx(proportion_confint(6, 6, method="wilson")[0])


def test_one_person_has_a_mean_and_no_interval():
    said = one(answers([0, 0, 0, 1]), smallest_group=1)
    assert (said["mean"], said["mean_low"], said["mean_high"]) == (4.0, None, None)


def test_nobody_rated():
    blank = answers([9]).with_columns(step=pl.lit(-1, pl.Int16))
    said = one(blank, smallest_group=0)
    assert (said["n"], said["blank"], said["mean"], said["interpolated_median"], said["top2_share"]) == (
        0,
        9,
        None,
        None,
        None,
    )
    assert one(blank)["withheld"]
    assert measures(COUNTS.to_frame(), FIVE_STEPS).height == 0


def test_scales_of_different_length_stand_side_by_side():
    ten = scale(steps=10).with_columns(item=pl.lit("overall"))
    counts = together(answers([0, 0, 0, 0, 6]), answers([0, 0, 0, 0, 6, 0, 0, 0, 0, 0], item="overall"))
    said = measures(counts, pl.concat([FIVE_STEPS, ten]))
    assert said["counts"].list.len().to_list() == [5, 10]
    assert said["top2_share"].to_list() == [1.0, 0.0]


def test_the_columns_are_those_written_down():
    said = measures(answers([0, 0, 0, 0, 6]), FIVE_STEPS)
    assert said.schema == {**dict.fromkeys(["cohort", "module", "item"], pl.String), **MEASURES}


def test_who_was_asked_nearly_all_is_known_nearly_exactly():
    counts = answers([2, 2, 4, 6, 6])
    wide = one(counts)
    narrow = one(counts, population=25)
    assert narrow["mean_high"] - narrow["mean"] == pytest.approx(
        (wide["mean_high"] - wide["mean"]) * np.sqrt(1 - 20 / 25)
    )
    assert one(counts, population=20)["mean_low"] == pytest.approx(wide["mean"])
    by_cohort = pl.DataFrame({"cohort": ["K1"], "population": [25]})
    assert one(counts, population=by_cohort) == narrow


@pytest.mark.parametrize("population", [0, -5])
def test_nobody_is_no_population(population):
    counts = answers([2, 2, 4, 6, 6])
    with pytest.raises(ValueError, match=f"'population' must be 1 or more people, not {population}"):
        measures(counts, FIVE_STEPS, population=population)
    with pytest.raises(FrameError, match="The column 'population' must be 1 or more people"):
        measures(counts, FIVE_STEPS, population=pl.DataFrame({"cohort": ["K1"], "population": [population]}))


@pytest.mark.parametrize(
    ("population", "sentence"),
    [
        ({"cohort": ["K1", "K1"], "population": [25, 25]}, "'population' stands there more than once"),
        ({"cohort": [1], "population": [25]}, "The column 'cohort' is Int64, expected was String"),
        ({"cohort": ["K1"], "population": ["25"]}, "The column 'population' is String, expected were whole numbers"),
        ({"cohort": ["K1"], "population": [25.5]}, "The column 'population' is Float64, expected were whole numbers"),
        ({"population": [25]}, "needs the column 'population' and key columns that are asked for"),
        ({"steps": [5], "population": [25]}, "needs the column 'population' and key columns that are asked for"),
    ],
)
def test_the_frame_of_populations_must_fit(population, sentence):
    with pytest.raises(FrameError, match=sentence):
        measures(answers([2, 2, 4, 6, 6]), FIVE_STEPS, population=pl.DataFrame(population))


def test_a_component_is_judged_by_people_not_by_ratings():
    """Three modules rated alike by the same 20 people are 60 ratings and still 20 people."""
    modules = together(*(answers([2, 2, 4, 6, 6], module=name) for name in ("Họp", "Dân vận", "Tiếp dân")))
    [of_module, *_] = measures(modules, FIVE_STEPS).rows(named=True)
    of_component = one(modules, by=("cohort", "component", "item"))
    assert (of_component["n"], of_component["people"]) == (60, 20)
    for name in ("mean", "mean_low", "mean_high", "top2_share", "top2_low", "top2_high"):
        assert of_component[name] == pytest.approx(of_module[name])


def test_people_of_several_cohorts_and_classes_are_added_up():
    counts = together(
        *(answers([0, 0, 0, 10, 10], cohort=cohort, **{"class": name}) for cohort in ("K1", "K2") for name in "AB")
    )
    assert one(counts, by=("item",))["people"] == 80
    assert one(counts, by=("module", "item"))["people"] == 80
