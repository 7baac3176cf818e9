"""Alpha, the intraclass correlations and r_wg are what publications and independent libraries say of the same table."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics import FrameError, persons
from analytics.persons import AGREEMENT, ALPHA, INTRACLASS, MODULE_RELIABILITY
from tests.analytics.answers import some_examples
from tests.analytics.forms_to_read import forms, frame, items, modules, places

# Tables small enough to be read; what is withheld where nearly all agree: test_blurring_everywhere.py.
cronbach_alpha = partial(persons.cronbach_alpha, unanimous_below=0)
intraclass_correlations = partial(persons.intraclass_correlations, unanimous_below=0)
module_reliability = partial(persons.module_reliability, unanimous_below=0)
rater_agreement = partial(persons.rater_agreement, unanimous_below=0)

# Shrout and Fleiss 1979, table 2: six targets by four judges; a form for each judge.
SHROUT_FLEISS = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]).T

# Value and 95 % interval, as printed for this table by pingouin 0.7.0; the values as Shrout and Fleiss published them.
PUBLISHED = {
    "ICC(1,1)": (0.166, -0.13, 0.72),
    "ICC(A,1)": (0.290, 0.02, 0.76),
    "ICC(C,1)": (0.715, 0.34, 0.95),
    "ICC(1,k)": (0.443, -0.88, 0.91),
    "ICC(A,k)": (0.620, 0.07, 0.93),
    "ICC(C,k)": (0.909, 0.68, 0.99),
}

EIGHT_PEOPLE = ("445", "545", "332", "554", "212", "443", "434", "554")

tables = st.lists(st.lists(st.integers(1, 5), min_size=4, max_size=4), min_size=3, max_size=9).map(np.array)


def one(said):
    [row] = said.rows(named=True)
    return row


def of_modules(table, *, k=1, steps=10):
    return one(module_reliability(frame(table), modules(table.shape[1], steps=steps), smallest_group=k))


def alpha_of(ratings, *, k=1, **options):
    return one(cronbach_alpha(ratings, items(ratings.width), by=(), smallest_group=k, **options))


def test_the_six_of_shrout_and_fleiss_with_their_intervals():
    said = intraclass_correlations(frame(SHROUT_FLEISS), modules(6, steps=10), smallest_group=4)
    for row in said.rows(named=True):
        value, low, high = PUBLISHED[row["kind"]]
        assert row["icc"] == pytest.approx(value, abs=5e-4)
        assert (row["icc_low"], row["icc_high"]) == (pytest.approx(low, abs=5e-3), pytest.approx(high, abs=5e-3))
    assert said["kind"].to_list() == list(PUBLISHED)


def test_modules_are_told_apart_by_consistency_and_without_gaps_as_published():
    said = of_modules(SHROUT_FLEISS)
    assert (said["one_rater"], said["module_mean"]) == (pytest.approx(0.7148407), pytest.approx(0.9093155))
    assert (said["modules"], said["people"], said["raters"], said["ratings"]) == (6, 4, pytest.approx(4), 24)
    single, mean = PUBLISHED["ICC(C,1)"], PUBLISHED["ICC(C,k)"]
    assert (said["one_rater_low"], said["one_rater_high"]) == pytest.approx(single[1:], abs=5e-3)
    assert (said["module_mean_low"], said["module_mean_high"]) == pytest.approx(mean[1:], abs=5e-3)


def test_with_gaps_the_mean_squares_are_those_of_statsmodels():
    """ICC(C,k) is 1 - 1/F, with F of modules after people in the model with dummies."""
    table = SHROUT_FLEISS.astype(float)
    table[0, 1] = table[1, 4] = table[2, 0] = table[2, 5] = np.nan
    person, module = np.nonzero(~np.isnan(table))
    people_alone = sm.OLS(table[person, module], np.eye(4)[person]).fit()
    both = sm.OLS(table[person, module], np.hstack([np.eye(4)[person], np.eye(6)[module, 1:]])).fit()
    ratio, _, _ = both.compare_f_test(people_alone)
    assert of_modules(table)["module_mean"] == pytest.approx(1 - 1 / ratio)


def test_with_gaps_the_reliability_of_one_rater_is_still_hit_on_average():
    """Variances 1 of modules and 3 of what is left: 0.25, with half of the places not asked."""
    chance = np.random.default_rng(2)
    found = []
    for _ in range(300):
        table = 50 + 10 * chance.normal(0, 1, 40) + 8 * chance.normal(0, 1, (30, 1))
        table = np.clip(np.rint(table + 10 * np.sqrt(3) * chance.normal(0, 1, (30, 40))), 1, 120)
        table[chance.random((30, 40)) < 0.5] = np.nan
        found.append(of_modules(table, steps=120)["one_rater"])
    assert np.mean(found) == pytest.approx(0.25, abs=0.01)


def test_gaps_cost_raters():
    table = np.tile(SHROUT_FLEISS, (5, 1)).astype(float)
    whole = of_modules(table)
    table[np.random.default_rng(1).random(table.shape) < 0.5] = np.nan
    half = of_modules(table)
    assert whole["raters"] == pytest.approx(20) == whole["ratings_per_module"]
    assert half["raters"] < half["ratings_per_module"] < 14


def test_leniency_of_a_person_changes_no_order_of_modules():
    kinder = SHROUT_FLEISS.copy()
    kinder[1] += 3
    assert of_modules(kinder, steps=13)["module_mean"] == pytest.approx(of_modules(SHROUT_FLEISS)["module_mean"])


@some_examples
@given(tables)
def test_intervals_contain_what_they_are_about(table):
    said = intraclass_correlations(frame(table), modules(4), smallest_group=1).drop_nulls()
    for row in said.rows(named=True):
        assert row["icc_low"] - 1e-9 <= row["icc"] <= row["icc_high"] + 1e-9


@some_examples
@given(tables, st.randoms(use_true_random=False))
def test_the_order_of_people_and_modules_does_not_matter(table, random):
    rows, columns = list(range(len(table))), list(range(4))
    random.shuffle(rows)
    random.shuffle(columns)
    straight, turned = of_modules(table), of_modules(table[rows][:, columns])
    assert straight == {name: pytest.approx(value, nan_ok=True) for name, value in turned.items()}


def test_modules_that_nobody_tells_apart_and_modules_that_everybody_does():
    assert of_modules(np.array([[3, 3, 3], [4, 4, 4.0]]))["module_mean"] is None
    sure = of_modules(np.array([[1, 2, 3], [2, 3, 4.0]]))
    assert (sure["one_rater"], sure["module_mean"], sure["one_rater_low"]) == (1.0, 1.0, None)


@pytest.mark.parametrize("rows", [("5",), ("54",), ("...", "---"), ("5  ", " 4 ", "  3")])
def test_too_little_for_a_correlation(rows):
    said = one(module_reliability(forms(*rows), modules(len(rows[0])), smallest_group=1))
    assert said["module_mean"] is None
    six = intraclass_correlations(forms(*rows), modules(len(rows[0])), smallest_group=1)
    assert six["icc"].null_count() == 6


def test_reliability_of_few_people_is_withheld():
    for said in (
        module_reliability(frame(SHROUT_FLEISS), modules(6, steps=10), smallest_group=5),
        intraclass_correlations(frame(SHROUT_FLEISS), modules(6, steps=10), smallest_group=5),
    ):
        assert said["withheld"].all()
        numbers = said.select(pl.exclude("item", "kind", "withheld"))
        assert numbers.null_count().row(0) == (said.height,) * numbers.width


def test_alpha_is_icc_of_items_as_published():
    """The table of Shrout and Fleiss with judges as items: Cronbach's alpha equals ICC(C,k)."""
    said = one(cronbach_alpha(frame(SHROUT_FLEISS.T), items(4, steps=10), by=(), smallest_group=6))
    assert said["alpha"] == pytest.approx(0.9093155423770694)
    assert (said["alpha_low"], said["alpha_high"]) == (pytest.approx(0.676, abs=5e-4), pytest.approx(0.986, abs=5e-4))


def test_alpha_and_feldts_interval_as_pingouin_has_them():
    said = alpha_of(forms(*EIGHT_PEOPLE))
    assert said["alpha"] == pytest.approx(0.9089403973509933)
    assert said["alpha_low"] == pytest.approx(0.6922246551806104)
    assert said["alpha_high"] == pytest.approx(0.9801876127562796)


def test_alpha_from_the_mean_squares_of_hoyt():
    """Hoyt 1941: alpha is 1 - MS(error) / MS(people) of the two-way analysis of variance."""
    table = np.array([[int(sign) for sign in row] for row in EIGHT_PEOPLE], dtype=float)
    person, item = np.indices(table.shape)
    design = np.hstack([np.ones((24, 1)), np.eye(3)[item.ravel(), 1:]])
    items_alone = sm.OLS(table.ravel(), design).fit()
    both = sm.OLS(table.ravel(), np.hstack([design, np.eye(8)[person.ravel(), 1:]])).fit()
    ratio, _, _ = both.compare_f_test(items_alone)
    assert alpha_of(forms(*EIGHT_PEOPLE))["alpha"] == pytest.approx(1 - 1 / ratio)


def test_feldts_interval_holds_as_often_as_it_says():
    """Parallel items with equal variances of people and error: alpha is 0.75 for three of them."""
    chance = np.random.default_rng(4)
    held = 0
    for _ in range(500):
        table = 500 + 60 * (chance.normal(0, 1, (25, 1)) + chance.normal(0, 1, (25, 3)))
        coded = pl.DataFrame(np.rint(table).astype(np.int16), schema=["p0", "p1", "p2"])
        said = one(cronbach_alpha(coded, items(3, steps=1000), by=(), smallest_group=1))
        held += said["alpha_low"] < 0.75 < said["alpha_high"]
    assert 0.92 < held / 500 < 0.98


def test_alpha_counts_whole_answers_alone_and_says_how_many_were_not():
    said = alpha_of(forms(*EIGHT_PEOPLE, "5.5", "-11", "...", "   "))
    assert said["alpha"] == pytest.approx(0.9089403973509933)
    assert (said["people"], said["incomplete"], said["items"]) == (8, 2, 3)


def test_a_reversed_item_is_turned_round():
    turned = forms(*(row[:2] + str(6 - int(row[2])) for row in EIGHT_PEOPLE))
    said = alpha_of(turned, reversed_items=["item2"])
    assert said["alpha"] == pytest.approx(0.9089403973509933)
    assert alpha_of(turned)["alpha"] < 0


def test_alpha_of_each_module_with_modules_that_not_all_were_asked():
    two = places([(module, item, 5) for module in ("A", "B") for item in ("useful", "clear", "new")])
    asked = forms(*(f"{row}   " for row in EIGHT_PEOPLE), *(f"   {row}" for row in EIGHT_PEOPLE), "   543")
    said = cronbach_alpha(asked, two, smallest_group=5)
    assert said.select("module", "people", "incomplete").rows() == [("A", 8, 0), ("B", 9, 0)]
    assert said["alpha"][0] == pytest.approx(0.9089403973509933)


@pytest.mark.parametrize("rows", [("555", "555"), ("543",), ("...",), ("5..", ".4."), ("5", "4")])
def test_no_alpha_without_spread_people_or_items(rows):
    assert alpha_of(forms(*rows))["alpha"] is None


def test_alpha_of_few_is_withheld():
    said = alpha_of(forms(*EIGHT_PEOPLE), k=9)
    assert said == {**dict.fromkeys(ALPHA), "withheld": True}


def test_a_scale_of_different_steps_is_refused():
    with pytest.raises(FrameError, match="'steps' differs"):
        cronbach_alpha(forms("54"), places([(None, "a", 5), (None, "b", 10)]), by=(), smallest_group=1)
    with pytest.raises(FrameError, match="'unit' is missing"):
        cronbach_alpha(forms("54"), items(2), by=("unit",), smallest_group=1)


@pytest.mark.parametrize(
    ("ratings", "variance", "r_wg"),
    [
        ("4444444444", 0, 1.0),
        ("4444455555", 5 / 18, 1 - 5 / 36),
        ("1234512345", 20 / 9, 0.0),  # below zero, set to zero
        ("1111155555", 40 / 9, 0.0),
        ("2333344445", 13 / 18, 1 - 13 / 36),
    ],
)
def test_agreement_against_five_equally_probable_steps(ratings, variance, r_wg):
    """The variance of five equally probable steps is (25 - 1) / 12 = 2."""
    said = one(rater_agreement(forms(*ratings), modules(1), smallest_group=5))
    assert (said["n"], said["variance"], said["r_wg"]) == (10, pytest.approx(variance), pytest.approx(r_wg))


@some_examples
@given(st.lists(st.integers(1, 7), min_size=2, max_size=30))
def test_agreement_is_one_less_the_share_of_the_random_variance(ratings):
    said = one(rater_agreement(frame(np.array([ratings]).T), modules(1, steps=7), smallest_group=1))
    random = stats.randint(1, 8).var()
    assert said["r_wg"] == pytest.approx(max(0, 1 - np.var(ratings, ddof=1) / random))


def test_agreement_passes_over_what_is_no_rating():
    said = rater_agreement(forms("4 ", "5.", "4-", "45", " 1", ".3"), modules(2), smallest_group=3)
    assert said["n"].to_list() == [4, 3]
    assert said["variance"].to_list() == pytest.approx([0.25, 4])


def test_agreement_of_few_is_withheld_and_one_has_none():
    said = rater_agreement(forms("44", "5.", "4-", "4 "), modules(2), smallest_group=4)
    assert said.rows()[1] == ("M1", "useful", 5, None, None, None, True)
    assert one(rater_agreement(forms("4"), modules(1), smallest_group=1))["r_wg"] is None


def test_the_columns_are_those_written_down():
    ratings, where = frame(SHROUT_FLEISS), modules(6, steps=10)
    assert module_reliability(ratings, where, smallest_group=1).schema == MODULE_RELIABILITY
    assert intraclass_correlations(ratings, where, smallest_group=1).schema == INTRACLASS
    keys = {"module": pl.String, "item": pl.String}
    assert rater_agreement(ratings, where, smallest_group=1).schema == {**keys, **AGREEMENT}
    assert cronbach_alpha(ratings, where, smallest_group=1).schema == {"module": pl.String, **ALPHA}
