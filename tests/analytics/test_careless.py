"""Forms that nobody may have read are counted, never shown, and cannot be found by subtraction."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import COUNTS, NOT_OFFERED, FrameError, count_wide, measures, persons
from analytics.persons import CARELESS, KINDS_OF_FORMS, WITH_AND_WITHOUT, without_careless
from analytics.persons.forms import answer_matrix
from analytics.persons.runs import longest_runs, one_answer_throughout
from tests.analytics.answers import FIVE_STEPS, some_examples
from tests.analytics.forms_to_read import forms, frame, modules, places

# Tables small enough to be read; what is withheld where nearly all agree: test_blurring_everywhere.py.
careless_forms = partial(persons.careless_forms, unanimous_below=0)
with_and_without = partial(persons.with_and_without, unanimous_below=0)

ATTENTIVE = "4354235145"
HALF_ALIKE = "4444444413"  # eight of ten in a row
ONE_ANSWER = "5555555555"


def runs(*rows, where=None):
    where = modules(len(rows[0])) if where is None else where
    return longest_runs(answer_matrix(forms(*rows), where), where["steps"].to_numpy()).tolist()


def flags(ratings, *, k=1, **options):
    said = careless_forms(ratings, modules(ratings.width), smallest_group=k, **options)
    return dict(zip(said["forms"], said["n"], strict=True))


def both(ratings, *, k=1, **options):
    return with_and_without(ratings, modules(ratings.width), smallest_group=k, **options)


@pytest.mark.parametrize(
    ("form", "longest"),
    [
        ("5432154321", 1),
        ("5544433335", 4),
        ("5555555555", 10),
        ("1155555111", 5),
        ("55.55-55 5", 7),  # whatever is no rating is passed over
        ("5.4.5.4.5.", 1),
        ("----------", 0),
        ("..........", 0),
        ("         3", 1),
        ("3333333334", 9),
        ("4333333333", 9),
    ],
)
def test_the_longest_run_in_the_order_of_asking(form, longest):
    assert runs(form) == [longest]


@some_examples
@given(st.lists(st.text("12345.- ", min_size=12, max_size=12), min_size=1, max_size=6))
def test_the_longest_run_as_itertools_finds_it(rows):
    expected = [
        max((len(list(run)) for _, run in groupby(sign for sign in row if sign.isdigit())), default=0) for row in rows
    ]
    assert runs(*rows) == expected


def test_a_step_is_not_the_same_on_a_longer_scale():
    mixed = places([(None, f"item{i}", 10 if i >= 3 else 5) for i in range(6)])
    assert runs("555555", where=mixed) == [3]


def test_one_answer_throughout_is_judged_scale_by_scale():
    mixed = places([(None, f"item{i}", 10 if i % 2 else 5) for i in range(6)])
    answers = answer_matrix(forms("494949", "494945", "4.4-4 ", "......"), mixed)
    assert one_answer_throughout(answers, mixed["steps"].to_numpy()).tolist() == [True, False, True, True]


def test_forms_are_counted_by_what_gave_them_away():
    ratings = forms(*[ATTENTIVE] * 7, *[HALF_ALIKE] * 6, *[ONE_ANSWER] * 5, *["555......."] * 8)
    said = careless_forms(ratings, modules(10), smallest_group=5)
    assert said.rows() == [
        ("one answer", 5, 5 / 18, False),
        ("long run", 6, 6 / 18, False),
        ("not flagged", 7, 7 / 18, False),
        ("too few ratings", 8, None, False),
    ]


def test_a_run_needs_a_length_and_a_share():
    long_form = "3" * 8 + "12345" * 4
    assert flags(forms(long_form))["long run"] == 0  # 8 of 28
    assert flags(forms(long_form), run_share=0.25)["long run"] == 1
    assert flags(forms("4444443512"))["long run"] == 0  # 6 of 10, and a short run happens to anybody
    assert flags(forms("4444443512"), fewest_ratings=6)["long run"] == 1


def test_a_share_of_the_modules_is_judged_by_what_was_asked():
    """Sixteen places, eight of them asked: neither gaps nor answers."""
    ratings = forms("5 5 5 5 5 5 5 5 ", " 5 4 3 5 4 2 1 4", "5 5 5 5 5 5 5   ")
    assert flags(ratings) == {"one answer": 1, "long run": 0, "not flagged": 1, "too few ratings": 1}


def test_did_not_attend_is_no_answer_that_could_be_a_run():
    assert flags(forms("----------", "--------12"))["too few ratings"] == 2


def test_few_flagged_forms_are_withheld_with_what_would_give_them_away():
    said = flags(forms(*[ATTENTIVE] * 20, *[ONE_ANSWER] * 2, *[HALF_ALIKE] * 6), k=5)
    assert said == {"one answer": None, "long run": None, "not flagged": 20, "too few ratings": 0}


def test_the_order_of_forms_does_not_matter():
    rows = [ATTENTIVE, ONE_ANSWER, HALF_ALIKE, "12........"]
    assert flags(forms(*rows)) == flags(forms(*rows[::-1])) == dict.fromkeys(KINDS_OF_FORMS, 1)


def test_results_with_and_without_stand_side_by_side():
    ratings = forms(*["1234512345"] * 3, *["2345123451"] * 3, *[ONE_ANSWER] * 6)
    [first, *_] = both(ratings, k=5).rows(named=True)
    assert (first["n"], first["mean"]) == (12, pytest.approx((3 + 6 + 30) / 12))
    assert (first["n_without"], first["mean_without"]) == (6, pytest.approx(1.5))
    assert first["difference"] == pytest.approx(1.5 - 39 / 12)


def test_both_means_are_those_of_measures():
    chance = np.random.default_rng(8)
    ratings = pl.concat([frame(chance.integers(1, 6, (20, 10)).astype(float)), forms(*[ONE_ANSWER] * 6)])
    said = both(ratings, k=5)
    for ends, rest in (("", ratings), ("_without", without_careless(ratings, modules(10), smallest_group=5))):
        expected = measures_of(rest)
        for name in ("mean", "mean_low", "mean_high"):
            column = name.replace("mean", f"mean{ends}")
            assert said[column].to_list() == pytest.approx(expected[name].to_list())
        assert said[f"n{ends}"].to_list() == expected["n"].to_list()


def measures_of(ratings, *, k=5, by=()):
    names = [name for name in ratings.columns if name.startswith("p")]
    counts = count_wide(ratings, modules(len(names)), by=by)
    keyed = counts.with_columns(cohort=pl.lit("K1"), component=pl.lit(None, pl.String))
    return measures(
        keyed.select(*by, *COUNTS.names()),
        FIVE_STEPS,
        by=("cohort", "module", "item", *by),
        smallest_group=k,
        unanimous_below=0,
    )


def test_nothing_is_deleted_where_nothing_is_flagged():
    ratings = forms(*[ATTENTIVE] * 6)
    assert without_careless(ratings, modules(10), smallest_group=5).equals(ratings)
    assert both(ratings, k=5)["difference"].to_list() == [0.0] * 10


def test_few_left_out_cannot_be_found_by_subtraction():
    """Two flagged forms: n and mean with less without would be what these two answered."""
    ratings = forms(*[ATTENTIVE] * 20, *[ONE_ANSWER] * 2)
    open_book = both(ratings).row(0, named=True)
    assert 22 * open_book["mean"] - 20 * open_book["mean_without"] == pytest.approx(2 * 5)
    said = both(ratings, k=5)
    assert said["without_withheld"].all()
    assert not said["withheld"].any()
    hidden = said.select("n_without", "mean_without", "mean_without_low", "mean_without_high", "difference")
    assert hidden.null_count().row(0) == (10,) * 5
    assert said["mean"].null_count() == 0


def test_few_left_out_of_one_module_alone_are_hidden_there():
    """Six flagged forms, of which two rated the last module, and two were asked about the one before."""
    flagged = ["5" * 10 + "5" + "5"] * 2 + ["5" * 10 + " " + "-"] * 4
    said = both(forms(*[ATTENTIVE + "43"] * 20, *flagged), k=5)
    assert said["without_withheld"].to_list() == [False] * 10 + [True, True]


def test_few_asked_and_absent_are_hidden_as_well():
    """Nobody of the six flagged rated the last module; three of them were asked, and did not attend."""
    flagged = [ONE_ANSWER + "-"] * 3 + [ONE_ANSWER + " "] * 3
    ratings = forms(*[ATTENTIVE + "4"] * 20, *flagged)
    assert both(ratings, k=5)["without_withheld"].to_list() == [False] * 10 + [True]
    left = without_careless(ratings, modules(11), smallest_group=5)
    assert left["p10"].to_list() == [NOT_OFFERED] * 20


def test_few_who_are_left_are_withheld():
    said = both(forms(*[ATTENTIVE] * 3, *[ONE_ANSWER] * 9), k=5)
    assert said["without_withheld"].all()
    assert said["n"].to_list() == [12] * 10


rows_of_forms = st.lists(
    st.one_of(
        st.sampled_from([ONE_ANSWER, HALF_ALIKE, "55555 5555", "4444.44444", "333333333-"]),
        st.text("12345.- ", min_size=10, max_size=10),
    ),
    min_size=1,
    max_size=30,
)


@some_examples
@given(rows_of_forms, st.integers(2, 6), st.lists(st.sampled_from("AB"), min_size=30, max_size=30))
def test_counting_again_without_the_careless_gives_nobody_away(rows, k, classes):
    """Of every module of every class the two results tell nothing, or differ by nobody or by k and more."""
    ratings = forms(*rows).with_columns(pl.Series("class", classes[: len(rows)]))
    rest = without_careless(ratings, modules(10), smallest_group=k, by=["class"])
    for name in ("A", "B"):
        with_all, without = (frame_of.filter(pl.col("class") == name) for frame_of in (ratings, rest))
        for place in modules(10)["column"]:
            left = without[place]
            if (left.fill_null(-1) == NOT_OFFERED).all():
                continue
            rated = (with_all[place] > 0).sum() - (left > 0).sum()
            asked = with_all[place].ne_missing(NOT_OFFERED).sum() - left.ne_missing(NOT_OFFERED).sum()
            assert rated == 0 or rated >= k
            assert asked == 0 or asked >= k


@some_examples
@given(rows_of_forms, st.integers(2, 6))
def test_the_frame_without_and_the_means_without_hide_the_same(rows, k):
    ratings = forms(*rows)
    said = both(ratings, k=k)
    without = without_careless(ratings, modules(10), smallest_group=k)
    for row, place in zip(said.rows(named=True), modules(10)["column"], strict=True):
        left = (without[place] > 0).sum()
        if row["n_without"] is not None:
            assert row["n_without"] == left
        elif not row["withheld"]:
            assert left < k


def test_what_is_left_is_counted_by_class_as_the_rest_is():
    ratings = pl.concat(
        [
            forms(*[ATTENTIVE] * 10, *[ONE_ANSWER] * 6).with_columns(pl.lit("A").alias("class")),
            forms(*[ATTENTIVE] * 10, *[ONE_ANSWER] * 2).with_columns(pl.lit("B").alias("class")),
        ]
    )
    rest = without_careless(ratings, modules(10), smallest_group=5, by=["class"])
    assert rest.columns == ratings.columns
    assert rest.schema == ratings.schema
    said = measures_of(rest, by=("class",)).filter(pl.col("module") == "M0")
    assert said.select("class", "n", "withheld").rows() == [("A", 10, False)]


@pytest.mark.parametrize("rows", [("5",), ("...", "---"), ("   ",), ("55555", "55555")])
def test_few_answers_are_flagged_by_nothing(rows):
    assert flags(forms(*rows))["too few ratings"] == len(rows)


def test_no_forms_and_no_places():
    nobody = forms(ATTENTIVE).clear()
    assert careless_forms(nobody, modules(10), smallest_group=5)["n"].to_list() == [0] * 4
    assert both(nobody, k=5)["withheld"].all()
    assert without_careless(nobody, modules(10), smallest_group=5).height == 0
    nothing = modules(1).clear()
    assert careless_forms(forms(ATTENTIVE), nothing, smallest_group=1)["n"].to_list() == [0, 0, 0, 1]
    assert with_and_without(forms(ATTENTIVE), nothing, smallest_group=1).height == 0


def test_columns_of_any_integer_type_and_all_blank():
    wide = forms(*[ATTENTIVE] * 6, *[ONE_ANSWER] * 6)
    other = wide.with_columns(pl.col("p0").cast(pl.UInt8), pl.col("p1").cast(pl.Int64))
    assert both(other, k=5).equals(both(wide, k=5))
    blank = wide.with_columns(p2=pl.lit(None))
    assert both(blank, k=5)["withheld"].to_list() == [False, False, True] + [False] * 7
    assert without_careless(blank, modules(10), smallest_group=5).height == 6


def test_a_hundred_thousand_forms_at_once():
    chance = np.random.default_rng(6)
    table = chance.integers(1, 6, (100_000, 32)).astype(float)
    table[:700] = 4
    assert flags(frame(table), k=5)["one answer"] == 700


def test_the_columns_are_those_written_down():
    ratings = forms(ATTENTIVE)
    assert careless_forms(ratings, modules(10), smallest_group=1).schema == CARELESS
    assert both(ratings).schema == {"module": pl.String, "item": pl.String, **WITH_AND_WITHOUT}


def test_strange_options_and_frames_are_refused():
    with pytest.raises(ValueError, match="'fewest_ratings' is 1"):
        flags(forms("54"), fewest_ratings=1)
    with pytest.raises(ValueError, match="'run_share' is 0"):
        flags(forms("54"), run_share=0)
    with pytest.raises(FrameError, match="'p1' holds values outside of 0 to 5"):
        flags(forms("56"))
    with pytest.raises(FrameError, match="'p1' is missing"):
        careless_forms(forms("5"), modules(2), smallest_group=1)
    with pytest.raises(FrameError, match="'p0' is Float64"):
        careless_forms(pl.DataFrame({"p0": [4.5]}), modules(1), smallest_group=1)
    with pytest.raises(FrameError, match="each column of the ratings once"):
        careless_forms(forms("5"), pl.concat([modules(1)] * 2), smallest_group=1)
    with pytest.raises(FrameError, match="'p0' holds values"):
        careless_forms(pl.DataFrame({"p0": [-3]}), modules(1), smallest_group=1)


def test_of_few_forms_it_is_not_said_either_that_there_are_none_of_a_kind():
    """Four people answered, as everybody knows: none attentive would tell what all of them did."""
    assert flags(forms(*[ONE_ANSWER] * 4), k=5) == dict.fromkeys(KINDS_OF_FORMS)
    assert flags(forms(*[ONE_ANSWER] * 5), k=5)["not flagged"] == 0
