"""Who happened to rate a module does not decide its adjusted mean, and whose ratings were left out stays unknown."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from analytics import COUNTS, FrameError, measures, persons
from analytics.counting import count_wide
from analytics.persons import LENIENCY
from tests.analytics.answers import FIVE_STEPS, some_examples
from tests.analytics.forms_to_read import forms, frame, modules, places

# Tables small enough to be read; what is withheld where nearly all agree: test_blurring_everywhere.py.
leniency_adjusted = partial(persons.leniency_adjusted, unanimous_below=0)

# Seven people, four modules, two in five ratings missing.
UNBALANCED = ("54 3", "4332", " 212", "55.4", "3 2-", "1 1 ", "45 5")


def adjusted(ratings, *, count=None, k=1, fewest=2, **options):
    count = count or ratings.width
    return leniency_adjusted(ratings, modules(count), smallest_group=k, fewest_ratings=fewest, **options)


def least_squares(table):
    """The mean over all people of what the additive model says of each module, by statsmodels with dummies."""
    people, module = np.nonzero(table > 0)
    model = sm.OLS(
        table[people, module], np.hstack([np.eye(len(table))[people], np.eye(table.shape[1])[module, 1:]])
    ).fit()
    share = np.full(len(table), 1 / len(table))
    return [model.t_test(np.hstack([share, row[1:]])) for row in np.eye(table.shape[1])]


def test_the_adjusted_mean_and_its_interval_are_those_of_statsmodels():
    table = np.array([[int(sign) if sign.isdigit() else 0 for sign in row] for row in UNBALANCED])
    for row, expected in zip(adjusted(forms(*UNBALANCED)).rows(named=True), least_squares(table), strict=True):
        assert row["adjusted"] == pytest.approx(expected.effect.item())
        low, high = expected.conf_int()[0]
        assert (row["adjusted_low"], row["adjusted_high"]) == (pytest.approx(low), pytest.approx(high))


def test_the_raw_mean_is_that_of_measures():
    ratings, where = forms(*UNBALANCED), modules(4)
    counts = count_wide(ratings, where).with_columns(cohort=pl.lit("K1"), component=pl.lit(None, pl.String))
    expected = measures(counts.select(COUNTS.names()), FIVE_STEPS, smallest_group=1)
    said = adjusted(ratings)
    for name in ("mean", "mean_low", "mean_high"):
        assert said[name].to_list() == pytest.approx(expected[name].to_list())
    assert said["n"].to_list() == expected["n"].to_list()


def test_where_everybody_rated_everything_nothing_is_adjusted():
    said = adjusted(forms("543", "432", "552", "322", "541"))
    assert said["adjusted"].to_list() == pytest.approx(said["mean"].to_list())
    assert said["left_out"].to_list() == [0, 0, 0]


def test_lenient_people_on_some_modules_bias_the_raw_mean_and_not_the_adjusted():
    """Sixteen modules, all equally good; who is lenient got the first eight more often."""
    chance = np.random.default_rng(5)
    lenient = np.arange(400) < 200
    level = np.where(lenient, 4.0, 2.6)[:, None]
    table = np.clip(np.rint(level + chance.normal(0, 0.4, (400, 16))), 1, 5)
    first = np.arange(16) < 8
    offered = chance.random((400, 16)) < np.where(lenient[:, None] == first, 0.8, 0.3)
    said = adjusted(frame(np.where(offered, table, np.nan)), fewest=8)
    raw, fair = said["mean"].to_numpy(), said["adjusted"].to_numpy()
    assert raw[first].mean() - raw[~first].mean() > 0.4
    assert abs(fair[first].mean() - fair[~first].mean()) < 0.05


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    """Known people, known modules, a random share of them asked: 95 % of 2,000 intervals hold the true mean."""
    chance = np.random.default_rng(11)
    truth = np.array([2.6, 3.0, 3.2, 2.8, 3.4])
    people = chance.normal(0, 0.3, (20, 1))
    held = 0
    for _ in range(400):
        table = np.rint(10 * (people + truth + chance.normal(0, 0.4, (20, 5))))
        table[chance.random((20, 5)) < 0.4] = np.nan
        said = leniency_adjusted(frame(table), modules(5, steps=100), smallest_group=1, fewest_ratings=2)
        used = (~np.isnan(table)).sum(axis=1) >= 2
        expected = 10 * (truth + people[used].mean())
        held += said.select(
            ((pl.col("adjusted_low") < pl.Series(expected)) & (pl.Series(expected) < pl.col("adjusted_high"))).sum()
        ).item()
    assert 0.93 < held / 2000 < 0.97


@some_examples
@given(st.randoms(use_true_random=False))
def test_the_order_of_forms_and_modules_does_not_matter(random):
    rows, columns = list(range(7)), [f"p{i}" for i in range(4)]
    random.shuffle(rows)
    random.shuffle(columns)
    straight = adjusted(forms(*UNBALANCED))
    turned = leniency_adjusted(
        forms(*(UNBALANCED[row] for row in rows)),
        modules(4).sort(pl.col("column").replace_strict(columns, range(4))),
        smallest_group=1,
        fewest_ratings=2,
    )
    assert turned.sort("module")["adjusted"].to_list() == pytest.approx(straight["adjusted"].to_list())


def test_a_person_who_is_one_step_kinder_moves_every_module_alike():
    table = np.array([[1, 2, 3, 2], [2, 2, 3, 1], [3, 1, np.nan, 2], [np.nan, 1, 2, 2.0]])
    kinder = table.copy()
    kinder[0] += 1
    before, after = adjusted(frame(table))["adjusted"], adjusted(frame(kinder))["adjusted"]
    assert (after - before).to_list() == pytest.approx([0.25] * 4)


def test_people_with_few_ratings_are_left_out_and_counted():
    said = adjusted(forms("5432", "4321", "5532", "1   ", "1 . ", "1- -"), fewest=4)
    assert said["n"].to_list() == [6, 3, 3, 3]
    assert said["used"].to_list() == [3, 3, 3, 3]
    assert said["left_out"].to_list() == [3, 0, 0, 0]
    assert said["adjusted"].to_list() == pytest.approx([14 / 3, 4, 8 / 3, 5 / 3])


def test_few_who_are_left_out_cannot_be_found_by_subtraction():
    """Six people rated all, two more the first module alone: raw and adjusted mean together would tell their sum."""
    ratings = forms(*["5432"] * 5, "4321", "1...", "2...")
    open_book = adjusted(ratings, fewest=4).row(0, named=True)
    assert open_book["n"] * open_book["mean"] - open_book["used"] * open_book["adjusted"] == pytest.approx(1 + 2)
    said = adjusted(ratings, fewest=4, k=3)
    assert said["adjusted_withheld"].to_list() == [True, False, False, False]
    assert said.row(0, named=True) | {"used": None, "left_out": None, "adjusted": None} == said.row(0, named=True)
    assert said["mean"][0] == pytest.approx(32 / 8)


def test_small_groups_are_withheld_and_take_no_part():
    few = forms("543 ", "432 ", "5521", "3225", "541 ")
    said = adjusted(few, k=5)
    assert said["withheld"].to_list() == [False, False, False, True]
    numbers = said.select(name for name in LENIENCY if not name.endswith("withheld") and name != "steps")
    assert numbers.row(3) == (None,) * numbers.width
    assert said["adjusted"][:3].to_list() == adjusted(few.drop("p3"), count=3, k=5)["adjusted"].to_list()


def test_modules_that_nobody_rated_with_the_others_have_no_adjusted_mean():
    """Two classes with other modules each: nobody compares them, so the smaller part is left as it is."""
    said = adjusted(forms("54  ", "43  ", "55  ", "  22", "  11"))
    assert said["used"].to_list() == [3, 3, 0, 0]
    assert said["adjusted"].null_count() == 2
    assert said["adjusted_withheld"].to_list() == [False] * 4


def test_items_are_adjusted_each_alone_and_the_course_as_a_whole_not_at_all():
    two = places([("A", "useful", 5), ("A", "clear", 10), ("B", "useful", 5), ("B", "clear", 10), (None, "useful", 5)])
    said = leniency_adjusted(forms("59385", "48274", "34251"), two, smallest_group=1, fewest_ratings=2)
    assert said.select("module", "item").rows() == [("A", "useful"), ("A", "clear"), ("B", "useful"), ("B", "clear")]
    assert said["adjusted"].to_list() == pytest.approx([4, 7, 7 / 3, 20 / 3])


@pytest.mark.parametrize("rows", [("...", "...", "---"), ("   ", "   ", "   "), ()])
def test_nobody_rated(rows):
    said = (
        adjusted(forms(*rows), count=len(rows))
        if rows
        else leniency_adjusted(pl.DataFrame(schema={"p0": pl.Int8}), modules(1), smallest_group=1)
    )
    assert said["withheld"].all()
    assert said["adjusted"].null_count() == said.height


def test_one_answer_one_module_and_all_equal():
    assert adjusted(forms("5"))["adjusted"].to_list() == [None]
    assert adjusted(forms("5", "4", "3"))["adjusted"].to_list() == [None]
    equal = adjusted(forms("444", "444", "444"))
    assert equal["adjusted"].to_list() == pytest.approx([4, 4, 4])
    assert equal["adjusted_low"].to_list() == [None] * 3


def test_three_hundred_modules_of_which_each_person_saw_a_tenth():
    chance = np.random.default_rng(3)
    truth, people = chance.uniform(40, 60, 300), chance.normal(0, 10, (900, 1))
    table = np.clip(np.rint(truth + people + chance.normal(0, 1, (900, 300))), 1, 100)
    table[chance.random((900, 300)) > 0.1] = np.nan
    said = leniency_adjusted(frame(table), modules(300, steps=100), smallest_group=5)
    assert np.corrcoef(said["adjusted"].to_numpy(), truth)[0, 1] > 0.99


def test_the_columns_are_those_written_down():
    said = adjusted(forms(*UNBALANCED))
    assert said.schema == {"module": pl.String, "item": pl.String, **LENIENCY}


def test_strange_options_and_frames_are_refused():
    with pytest.raises(ValueError, match="'fewest_ratings' is 1"):
        adjusted(forms("54"), fewest=1)
    with pytest.raises(ValueError, match="'confidence' must lie between 0 and 1, not be 95"):
        adjusted(forms("54"), confidence=95)
    with pytest.raises(ValueError, match="'smallest_group' must be 0 or more people, not -1"):
        adjusted(forms("54"), k=-1)
    with pytest.raises(FrameError, match="'module' is missing"):
        leniency_adjusted(forms("54"), modules(2).drop("module"), smallest_group=1)
