"""Who answered, how many should, and what silence can hide; what a cohort asked nearly whole knows of itself."""

from __future__ import annotations

from functools import partial
from itertools import combinations, combinations_with_replacement

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import analytics
from analytics import (
    ANSWERED,
    COUNTS,
    RESPONSE_RATES,
    SILENT_BOUNDS,
    FrameError,
    answers_wanted,
    measures,
    response_rates,
)
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

# How exact numbers are made is tested here; how they are blurred, in test_blurring.py.
silent_bounds = partial(analytics.silent_bounds, unanimous_below=0)

LIBERAL = {5: 86.8, 9: 76.6, 10: 74.4, 20: 58.0, 30: 47.5, 40: 40.2, 50: 34.9, 60: 30.8, 80: 24.9, 90: 22.8, 100: 20.9}
STRICT = {10: 99.2, 20: 98.3, 30: 97.4, 40: 96.5, 60: 94.8, 90: 92.3}


@pytest.mark.parametrize(("population", "percent"), LIBERAL.items())
def test_the_answers_wanted_under_liberal_conditions(population, percent):
    """10 % error at 80 % confidence and an 80/20 split; computed elsewhere with z rounded to 1.28."""
    assert 100 * answers_wanted(population).share == pytest.approx(percent, abs=0.11)


@pytest.mark.parametrize(("population", "percent"), STRICT.items())
def test_the_answers_wanted_under_strict_conditions(population, percent):
    said = answers_wanted(population, error=0.03, confidence=0.95, split=0.5)
    assert 100 * said.share == pytest.approx(percent, abs=0.05)


@pytest.mark.parametrize(
    ("population", "error", "split", "published"),
    [
        (100, 0.03, 0.5, 92),
        (250, 0.03, 0.8, 183),
        (1000, 0.03, 0.5, 516),
        (1000, 0.05, 0.5, 278),
        (5000, 0.03, 0.8, 601),
    ],
)
def test_the_answers_wanted_as_in_the_table_of_price_and_others_2005(population, error, split, published):
    """Completed questionnaires needed at 95 % confidence; theirs are rounded to the nearest, ours upwards."""
    said = answers_wanted(population, error=error, confidence=0.95, split=split)
    assert population * said.share == pytest.approx(published, abs=0.5)
    assert 0 <= said.answers - population * said.share < 1


def test_of_one_person_the_answer_is_wanted_and_never_more_than_there_are():
    assert answers_wanted(1).answers == 1
    for population in range(1, 200):
        assert 1 <= answers_wanted(population, error=0.001, confidence=0.999).answers <= population


def test_impossible_questions_are_refused():
    with pytest.raises(ValueError, match="1 person at least"):
        answers_wanted(0)
    with pytest.raises(ValueError, match="'error' must lie between 0 and 1, not be 3"):
        answers_wanted(90, error=3)


def came(*rows):
    """Rows of cohort, class, unit, answered, enrolled."""
    keys = dict.fromkeys(["cohort", "class", "unit"], pl.String)
    return pl.DataFrame(rows, schema={**keys, **ANSWERED}, orient="row")


CAME = came(
    ("K1", "A", "Ba Vì", 20, 25),
    ("K1", "A", "Sơn Tây", 18, 20),
    ("K1", "B", "Ba Vì", 30, 30),
    ("K1", "B", "Sơn Tây", 4, 15),
)


def test_the_rate_by_cohort_by_class_and_by_unit():
    [said] = response_rates(CAME).rows(named=True)
    assert (said["answered"], said["enrolled"], said["silent"], said["rate"]) == (72, 90, 18, 0.8)
    by_class = response_rates(CAME, by=("cohort", "class"))
    assert by_class["rate"].to_list() == pytest.approx([38 / 45, 34 / 45])
    by_unit = response_rates(CAME, by=("cohort", "unit"))
    assert by_unit.select("unit", "answered", "enrolled").rows() == [("Ba Vì", 50, 55), ("Sơn Tây", 22, 35)]
    assert by_unit.schema == {"cohort": pl.String, "unit": pl.String, **RESPONSE_RATES}


def test_few_answers_of_many_people_are_a_rate_too():
    said = response_rates(CAME, by=("cohort", "class", "unit"))
    assert said["withheld"].to_list() == [False] * 4
    assert said.row(3, named=True)["rate"] == pytest.approx(4 / 15)


def test_whether_one_of_few_answered_is_not_told_and_cannot_be_subtracted():
    classes = came(("K1", "A", None, 40, 45), ("K1", "B", None, 30, 40), ("K1", "C", None, 1, 2))
    said = response_rates(classes, by=("cohort", "class"))
    assert said["withheld"].to_list() == [False, True, True]
    assert said.filter("withheld").select(RESPONSE_RATES.names()).drop("withheld").null_count().row(0) == (2,) * 5
    assert response_rates(classes, by=("cohort", "class"), group=())["withheld"].to_list() == [False, False, True]


def test_a_withheld_cohort_cannot_be_subtracted_from_its_programme():
    said = came(("K1", "A", "P", 2, 3), ("K2", "A", "P", 30, 40)).rename({"unit": "programme"})
    assert response_rates(said)["enrolled"].to_list() == [None, 40]
    of_programme = response_rates(said, by=("programme",))
    assert of_programme.select("answered", "enrolled", "silent").rows() == [(30, 40, 10)]
    assert response_rates(said.drop("cohort"), by=("programme",))["enrolled"].to_list() == [43]


def test_more_answers_than_people_have_no_rate_and_say_so():
    over = came(("K1", "A", None, 46, 45), ("K1", "B", None, 30, 45))
    said = response_rates(over, by=("cohort", "class"))
    assert said.select("rate", "silent", "too_many").rows() == [(None, None, True), (pytest.approx(30 / 45), 15, False)]
    [whole] = response_rates(over).rows(named=True)
    assert (whole["rate"], whole["too_many"]) == (pytest.approx(76 / 90), True)


def test_without_a_roster_there_is_a_number_of_answers_and_no_rate():
    said = response_rates(came(("K1", "A", None, 46, None), ("K1", "B", None, 30, 45)))
    assert said.select("answered", "enrolled", "silent", "rate", "too_many").rows() == [(76, None, None, None, False)]
    assert response_rates(came(("K1", "A", None, 4, None)))["withheld"].to_list() == [True]


def test_nobody_enrolled_and_nothing_asked():
    [said] = response_rates(came(("K1", "A", None, 0, 0)), smallest_group=0).rows(named=True)
    assert (said["rate"], said["too_many"]) == (None, False)
    assert response_rates(came()).schema == {"cohort": pl.String, **RESPONSE_RATES}


def test_bad_frames_and_options_are_refused_by_name():
    with pytest.raises(FrameError, match="'enrolled' is missing"):
        response_rates(CAME.drop("enrolled"))
    with pytest.raises(FrameError, match="must be 0 or more"):
        response_rates(came(("K1", "A", None, -1, 5)))
    with pytest.raises(FrameError, match="'province' is missing"):
        response_rates(CAME, by=("province",))


def bounds(counts, enrolled, items=FIVE_STEPS, **options):
    [row] = silent_bounds(counts, items, enrolled, **options).rows(named=True)
    return row


def test_even_if_all_who_were_silent_were_unhappy():
    said = bounds(answers([0, 0, 10, 40, 10]), 80)
    assert (said["n"], said["silent"], said["mean"], said["top2_share"]) == (60, 20, 4.0, pytest.approx(50 / 60))
    assert (said["mean_if_unhappy"], said["mean_if_happy"]) == (pytest.approx(260 / 80), pytest.approx(340 / 80))
    assert (said["top2_if_unhappy"], said["top2_if_happy"]) == (pytest.approx(50 / 80), pytest.approx(70 / 80))


@pytest.mark.parametrize("direction", ["up", "down"])
@pytest.mark.parametrize("distribution", [[1, 0, 2, 3, 1], [0, 0, 0, 0, 5], [5, 0, 0, 0, 0]])
def test_the_bounds_are_the_least_and_the_most_of_whatever_four_silent_people_could_say(direction, distribution):
    said = bounds(answers(distribution), sum(distribution) + 4, scale(direction=direction))
    heard = np.repeat(np.arange(1, 6), distribution)
    everybody = [np.append(heard, silent) for silent in combinations_with_replacement(range(1, 6), 4)]
    means = [one.mean() for one in everybody]
    shares = [(one >= 4).mean() if direction == "up" else (one <= 2).mean() for one in everybody]
    worst, best = (min, max) if direction == "up" else (max, min)
    assert said["mean_if_unhappy"] == pytest.approx(worst(means))
    assert said["mean_if_happy"] == pytest.approx(best(means))
    assert said["top2_if_unhappy"] == pytest.approx(min(shares))
    assert said["top2_if_happy"] == pytest.approx(max(shares))


@some_examples
@given(st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(lambda d: sum(d) >= 5), st.integers(0, 50))
def test_what_was_observed_lies_between_the_bounds(distribution, silent):
    said = bounds(answers(distribution), sum(distribution) + silent)
    assert said["mean_if_unhappy"] - 1e-9 <= said["mean"] <= said["mean_if_happy"] + 1e-9
    assert said["top2_if_unhappy"] - 1e-9 <= said["top2_share"] <= said["top2_if_happy"] + 1e-9


def test_who_did_not_attend_is_not_silent_and_who_left_it_blank_is():
    away = answers([7]).with_columns(step=pl.lit(0, pl.Int16))
    blank = answers([3]).with_columns(step=pl.lit(-1, pl.Int16))
    said = bounds(together(answers([0, 0, 0, 0, 20]), away, blank), 30)
    assert (said["n"], said["not_attended"], said["silent"]) == (20, 7, 3)


def test_bounds_are_unknown_where_the_roster_is_wrong_or_there_is_none():
    said = bounds(answers([0, 0, 0, 0, 20]), 19)
    assert (said["too_many"], said["silent"], said["mean"], said["mean_if_unhappy"]) == (True, None, 5.0, None)
    of_another = pl.DataFrame({"cohort": ["K2"], "enrolled": [30]})
    said = bounds(answers([0, 0, 0, 0, 20]), of_another)
    assert (said["too_many"], said["enrolled"], said["mean_if_unhappy"]) == (False, None, None)


def test_scales_without_ends_have_no_bounds_and_short_ones_no_share():
    said = bounds(answers([5, 5, 5]), 20, scale(direction="middle"))
    assert (said["mean"], said["mean_if_unhappy"], said["top2_if_happy"]) == (2.0, None, None)
    said = bounds(answers([0, 5, 5]), 12, scale(steps=3))
    assert (said["mean_if_unhappy"], said["top2_if_happy"]) == (pytest.approx(27 / 12), None)


def test_bounds_of_small_groups_are_withheld_with_what_subtraction_would_reveal():
    counts = together(*(answers([0, 0, 0, 0, n], **{"class": name}) for name, n in (("A", 40), ("B", 30), ("C", 4))))
    enrolled = pl.DataFrame({"class": ["A", "B", "C"], "enrolled": [45, 45, 45]})
    said = silent_bounds(counts, FIVE_STEPS, enrolled, by=("cohort", "module", "item", "class"))
    assert said["withheld"].to_list() == [False, True, True]
    numbers = said.filter("withheld").drop(
        "cohort", "module", "item", "class", "steps", "direction", "blurred", "withheld"
    )
    assert numbers.null_count().row(0) == (2,) * numbers.width


def test_nobody_was_heard_and_everybody_could_say_anything():
    blank = answers([9]).with_columns(step=pl.lit(-1, pl.Int16))
    said = bounds(blank, 9, smallest_group=0)
    assert (said["silent"], said["mean"], said["mean_if_unhappy"], said["mean_if_happy"]) == (9, None, 1.0, 5.0)
    nothing = silent_bounds(COUNTS.to_frame(), FIVE_STEPS, 9)
    assert nothing.schema == {**dict.fromkeys(["cohort", "module", "item"], pl.String), **SILENT_BOUNDS}


def test_it_is_people_who_are_silent_not_ratings():
    counts = together(answers([0, 0, 0, 0, 20]), answers([0, 0, 0, 0, 20], module="Dân vận"))
    with pytest.raises(FrameError, match="several ratings of a person"):
        silent_bounds(counts, FIVE_STEPS, 30, by=("cohort", "item"))


def test_the_frame_of_those_enrolled_must_fit():
    counts = answers([0, 0, 0, 0, 20])
    for frame in (pl.DataFrame({"enrolled": [30]}), pl.DataFrame({"unit": ["Ba Vì"], "enrolled": [30]})):
        with pytest.raises(FrameError, match="needs the column 'enrolled' and key columns"):
            silent_bounds(counts, FIVE_STEPS, frame)
    with pytest.raises(FrameError, match="more than once"):
        silent_bounds(counts, FIVE_STEPS, pl.DataFrame({"cohort": ["K1", "K1"], "enrolled": [30, 31]}))
    with pytest.raises(FrameError, match="The column 'cohort' is Int64, expected was String"):
        silent_bounds(counts, FIVE_STEPS, pl.DataFrame({"cohort": [1], "enrolled": [30]}))
    with pytest.raises(FrameError, match="The column 'enrolled' is Float64, expected were whole numbers"):
        silent_bounds(counts, FIVE_STEPS, pl.DataFrame({"cohort": ["K1"], "enrolled": [30.5]}))
    with pytest.raises(ValueError, match="'enrolled' must be 0 or more people, not -1"):
        silent_bounds(counts, FIVE_STEPS, -1)


def test_the_finite_population_correction_is_right_over_all_samples_that_could_have_been_drawn():
    """Of nine people any six may answer: 84 cohorts. The squared errors claimed are on average the true variance."""
    ratings = np.array([4, 5, 5, 5, 6, 6, 6, 7, 7])
    samples = [ratings[list(chosen)] for chosen in combinations(range(9), 6)]
    counts = together(
        *(answers(np.bincount(one, minlength=11)[1:].tolist(), cohort=f"{i}") for i, one in enumerate(samples))
    )
    reach = stats.t.ppf(0.975, 5)
    said = measures(counts, scale(steps=10), population=9)
    claimed = ((said["mean_high"] - said["mean"]) / reach) ** 2
    true = np.var([one.mean() for one in samples])
    assert claimed.mean() == pytest.approx(true)
    without = measures(counts, scale(steps=10))
    assert (((without["mean_high"] - without["mean"]) / reach) ** 2).mean() == pytest.approx(true * 3)  # 1 / (1 - 6/9)
