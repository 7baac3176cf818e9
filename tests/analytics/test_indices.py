"""Layers of means under the policy of 1 to 10: each named, each with its own n, none pooled with another in silence."""

from __future__ import annotations

from functools import partial

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import analytics
from analytics import BANDS, COUNTS, FORMULAS, INDICES, ITEMS, FrameError
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

# How exact numbers are made is tested here; how they are blurred, in test_blurring.py.
indices = partial(analytics.indices, unanimous_below=0)
measures = partial(analytics.measures, unanimous_below=0)

NAMES = ["objectives", "practice", "facilities", "knows"]
TEN = pl.DataFrame({"item": NAMES, "steps": [10] * 4, "direction": ["up"] * 4}, schema=ITEMS)


def tens(*, respondents="trainees", criterion="programme", item="objectives", module=None, cohort="K1", **step_counts):
    """Counts of one indicator: `s8=20` for twenty ratings of 8. Further texts are further keys."""
    keys = {name: value for name, value in step_counts.items() if isinstance(value, str)}
    ratings = [step_counts.get(f"s{step}", 0) for step in range(1, 11)]
    return answers(
        ratings, item=item, module=module, cohort=cohort, respondents=respondents, criterion=criterion, **keys
    )


COURSE = together(
    tens(s8=10, s10=10),  # mean 9 of 20
    tens(item="practice", s7=10),  # mean 7 of 10
    tens(item="facilities", criterion="facilities", s5=20),  # mean 5 of 20
    tens(item="knows", criterion="trainees", respondents="lecturers", s9=6),  # mean 9 of 6
)


def layer(said, name):
    return said.filter(layer=name)


def test_each_layer_is_made_of_the_means_of_the_one_below_and_says_so():
    said = indices(COURSE, TEN)
    assert layer(said, "indicator").select("item", "mean", "n").rows() == [
        ("objectives", 9.0, 20),
        ("practice", 7.0, 10),
        ("facilities", 5.0, 20),
        ("knows", 9.0, 6),
    ]
    # Not 25 / 3, which is the mean of the thirty ratings.
    assert layer(said, "criterion").select("criterion", "mean_of_means", "means", "n", "people").rows() == [
        ("programme", 8.0, 2, 30, 20),
        ("facilities", 5.0, 1, 20, 20),
        ("trainees", 9.0, 1, 6, 6),
    ]
    assert layer(said, "respondents").select("respondents", "mean_of_means", "means", "n", "people").rows() == [
        ("trainees", 6.5, 2, 50, 20),
        ("lecturers", 9.0, 1, 6, 6),
    ]
    [index] = layer(said, "index").rows(named=True)
    assert (index["mean_of_means"], index["band"], index["n"], index["people"]) == (7.75, "6-8", 56, 26)
    assert "assumed" in index["formula"]


def test_a_mean_of_ratings_and_a_mean_of_means_never_share_a_column():
    said = indices(COURSE, TEN)
    upper = said.filter(pl.col("layer") != "indicator")
    assert layer(said, "indicator")["mean_of_means"].is_null().all()
    assert upper["mean"].is_null().all()
    assert upper["mean_of_means"].is_not_null().all()
    assert dict(said.select("layer", "formula").unique().rows()) == FORMULAS
    assert said.schema == {"cohort": pl.String, **INDICES}


def test_an_indicator_asked_of_several_modules_is_one_indicator():
    counts = together(tens(module="Họp", s6=10), tens(module="Dân vận", s9=20), tens(item="practice", s4=10))
    said = indices(counts, TEN)
    assert layer(said, "indicator")["mean"].to_list() == [8.0, 4.0]
    assert layer(said, "indicator")["mean"].to_list() == measures(counts, TEN, by=("cohort", "item"))["mean"].to_list()
    assert layer(said, "criterion")["mean_of_means"].to_list() == [6.0]


@pytest.mark.parametrize(
    ("ratings", "band"),
    [
        ({"s1": 9}, "0-2"),
        ({"s2": 9}, "2-4"),
        ({"s3": 9, "s4": 1}, "2-4"),
        ({"s4": 9}, "4-6"),
        ({"s6": 9}, "6-8"),
        ({"s7": 1, "s8": 999}, "6-8"),
        ({"s8": 9}, "8-10"),
        ({"s10": 9}, "8-10"),
    ],
)
def test_an_edge_belongs_to_the_band_above_it_and_nothing_is_rounded_into_it(ratings, band):
    assert layer(indices(tens(**ratings), TEN), "index")["band"].to_list() == [band]


def test_the_last_digits_of_a_sum_do_not_move_an_edge():
    """Means of 8, 26/3 and 22/3 make 8, and 7.999999999999999 in binary fractions."""
    means = {"objectives": {"s8": 9}, "practice": {"s8": 3, "s9": 6}, "facilities": {"s7": 6, "s8": 3}}
    counts = together(*(tens(item=item, **ratings) for item, ratings in means.items()))
    assert layer(indices(counts, TEN), "index")["band"].to_list() == ["8-10"]


def test_invalid_forms_are_counted_apart_and_stand_beside_n():
    invalid = pl.DataFrame({"cohort": ["K1", "K1"], "respondents": ["trainees", "lecturers"], "invalid": [3, 1]})
    said = indices(COURSE, TEN, invalid=invalid)
    assert layer(said, "indicator")["invalid"].to_list() == [3, 3, 3, 1]
    assert layer(said, "respondents")["invalid"].to_list() == [3, 1]
    assert layer(said, "index")["invalid"].to_list() == [4]
    assert said.drop("invalid").equals(indices(COURSE, TEN).drop("invalid"))
    assert indices(COURSE, TEN)["invalid"].is_null().all()
    with pytest.raises(FrameError, match="'respondents' is missing"):
        indices(COURSE, TEN, invalid=invalid.drop("respondents"))


@pytest.mark.parametrize("items", [scale(), scale(steps=10, direction="down"), scale(steps=10, direction="middle")])
def test_another_scale_is_refused_and_never_converted(items):
    with pytest.raises(FrameError, match="'useful' with"):
        indices(COURSE, pl.concat([TEN, items]))


def test_what_belongs_nowhere_is_refused_by_name():
    with pytest.raises(FrameError, match="'criterion' is empty for the item 'objectives'"):
        indices(COURSE.with_columns(criterion=pl.lit(None, pl.String)), TEN)
    with pytest.raises(FrameError, match="'respondents' is missing"):
        indices(COURSE.drop("respondents"), TEN)
    with pytest.raises(ValueError, match="'criterion' already"):
        indices(COURSE, TEN, by=("cohort", "criterion"))
    with pytest.raises(ValueError, match="name 'cohort' or another"):
        indices(COURSE, TEN, by=())


def test_what_is_withheld_is_in_no_layer_above_and_is_said_to_be_left_out():
    few = tens(item="knows", criterion="trainees", respondents="lecturers", s1=3)
    said = indices(together(COURSE.filter(pl.col("respondents") == "trainees"), few), TEN)
    lecturers = said.filter(respondents="lecturers")
    assert lecturers["withheld"].to_list() == [True] * 3
    numbers = ["n", "people", "mean", "means", "left_out", "mean_of_means"]
    assert lecturers.select(numbers).null_count().row(0) == (3,) * len(numbers)
    [index] = layer(said, "index").rows(named=True)
    assert (index["mean_of_means"], index["means"], index["left_out"]) == (6.5, 1, 1)
    assert (index["n"], index["people"]) == (50, 20)


def test_an_index_of_nothing_but_small_groups_is_withheld():
    [index] = layer(indices(tens(s9=4), TEN), "index").rows(named=True)
    assert (index["withheld"], index["mean_of_means"], index["band"], index["n"]) == (True, None, None, None)


def test_indices_of_classes_are_withheld_together_with_what_subtraction_would_reveal():
    counts = together(*(tens(s8=n, **{"class": name}) for name, n in (("A", 40), ("B", 30), ("C", 4))))
    said = layer(indices(counts, TEN, by=("cohort", "class")), "index")
    assert said.select("class", "mean_of_means", "withheld").rows() == [
        ("A", 8.0, False),
        ("B", None, True),
        ("C", None, True),
    ]


def test_cohorts_have_an_index_each():
    later = COURSE.with_columns(cohort=pl.lit("K2"), step=pl.col("step") - 2).filter(pl.col("step") > 0)
    said = layer(indices(together(COURSE, later), TEN), "index")
    assert said.select("cohort", "mean_of_means", "band").rows() == [("K1", 7.75, "6-8"), ("K2", 5.75, "4-6")]


def test_nothing_and_nobody_have_no_index():
    nothing = pl.Schema({**COUNTS, "respondents": pl.String(), "criterion": pl.String()}).to_frame()
    assert indices(nothing, TEN).schema == {"cohort": pl.String, **INDICES}
    away = tens(s1=9).with_columns(step=pl.lit(0, pl.Int16))
    [index] = layer(indices(away, TEN, smallest_group=0), "index").rows(named=True)
    assert (index["mean_of_means"], index["means"], index["left_out"]) == (None, None, None)
    [one] = layer(indices(tens(s9=1), TEN, smallest_group=1), "index").rows(named=True)
    assert (one["mean_of_means"], one["people"]) == (9.0, 1)


@some_examples
@given(st.lists(st.lists(st.integers(0, 9), min_size=10, max_size=10).filter(any), min_size=1, max_size=4))
def test_an_index_lies_between_the_lowest_and_the_highest_mean_and_in_its_band(indicators):
    counts = together(
        *(
            answers(ratings, item=name, module=None, respondents="trainees", criterion=name[0])
            for name, ratings in zip(NAMES, indicators, strict=False)
        )
    )
    said = indices(counts, TEN, smallest_group=1)
    means = layer(said, "indicator")["mean"]
    [index] = layer(said, "index").rows(named=True)
    assert means.min() - 1e-9 <= index["mean_of_means"] <= means.max() + 1e-9
    low, high = map(int, index["band"].split("-"))
    assert low - 1e-9 <= index["mean_of_means"] <= high
    assert index["band"] in BANDS


AGREEMENT = pl.concat([FIVE_STEPS, scale(steps=10).with_columns(item=pl.lit("overall"))])


def two_classes(item, ratings, criterion="programme"):
    return [
        answers(ratings, item=item, criterion=criterion, unit=unit, **{"class": name})
        for name, unit in (("A", "Ba Vì"), ("B", "Ba Vì"), ("B", "Sơn Tây"))
    ]


def test_measures_roll_up_by_criterion_by_unit_and_by_class():
    counts = together(
        *two_classes("useful", [0, 0, 0, 5, 5]), *two_classes("overall", [0] * 8 + [10, 0], criterion="course")
    )
    by_criterion = measures(counts, AGREEMENT, by=("cohort", "criterion", "item"))
    assert by_criterion.select("criterion", "item", "n", "mean").rows() == [
        ("programme", "useful", 30, 4.5),
        ("course", "overall", 30, 9.0),
    ]
    by_class = measures(counts, AGREEMENT, by=("cohort", "criterion", "item", "class"), group=("class",))
    assert by_class.select("class", "item", "n").rows() == [
        ("A", "useful", 10),
        ("B", "useful", 20),
        ("A", "overall", 10),
        ("B", "overall", 20),
    ]
    by_unit = measures(counts, AGREEMENT, by=("item", "unit"))
    assert by_unit.filter(item="useful").select("unit", "n").rows() == [("Ba Vì", 20), ("Sơn Tây", 10)]


def test_items_of_one_criterion_are_never_pooled_whatever_their_scales():
    counts = together(*two_classes("useful", [0, 0, 0, 5, 5]), *two_classes("overall", [0] * 8 + [10, 0]))
    with pytest.raises(ValueError, match="item by item"):
        measures(counts, AGREEMENT, by=("cohort", "criterion"))
    side_by_side = measures(counts, AGREEMENT, by=("cohort", "criterion", "item"))
    assert side_by_side.select("item", "steps", "mean").rows() == [("useful", 5, 4.5), ("overall", 10, 9.0)]
