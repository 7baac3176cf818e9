"""One pass over the ratings gives counts, and counts of parts add up to the counts of the whole."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import BLANK, NOT_ATTENDED, NOT_OFFERED, PLACES, FrameError, count_long, count_wide, merge_counts
from tests.analytics.answers import some_examples

PLACE = pl.DataFrame(
    {"column": ["q1", "q2"], "module": ["Họp", "Dân vận"], "item": ["useful", "useful"], "steps": [5, 5]},
    schema_overrides=PLACES,
)

a_rating = st.one_of(st.none(), st.integers(0, 5))
some_forms = st.lists(st.tuples(a_rating, a_rating, st.sampled_from(["A", "B"])), max_size=40)


def wide(forms):
    return pl.DataFrame(forms, schema={"q1": pl.Int8, "q2": pl.Int8, "class": pl.String}, orient="row")


def in_order(counts):
    return counts.sort(pl.all())


def test_ratings_are_counted_where_they_stand():
    counts = count_wide(wide([(5, 0, "A"), (5, None, "A"), (3, 1, "B")]), PLACE)
    assert counts.rows() == [
        ("Họp", "useful", 3, 1),
        ("Họp", "useful", 5, 2),
        ("Dân vận", "useful", BLANK, 1),
        ("Dân vận", "useful", NOT_ATTENDED, 1),
        ("Dân vận", "useful", 1, 1),
    ]
    assert counts.schema == {"module": pl.String, "item": pl.String, "step": pl.Int16, "n": pl.Int64}


def test_a_value_off_the_scale_is_refused_with_its_column():
    with pytest.raises(FrameError, match="The column 'q2' holds values outside of 0 to 5"):
        count_wide(wide([(5, 6, "A")]), PLACE)
    with pytest.raises(FrameError, match="The column 'q1' holds values outside of 0 to 5"):
        count_wide(wide([(-3, 5, "A")]), PLACE, by=["class"])


def test_nobody_answered():
    assert count_wide(wide([]), PLACE).height == 0
    assert count_wide(wide([]), PLACE, by=["class"]).height == 0


@some_examples
@given(some_forms)
def test_lazy_or_not_the_counts_are_the_same(forms):
    assert_frame_equal(
        count_wide(wide(forms).lazy(), PLACE, by=["class"]), count_wide(wide(forms), PLACE, by=["class"])
    )


@some_examples
@given(some_forms, st.integers(0, 40))
def test_counts_of_parts_add_up_to_the_counts_of_the_whole(forms, cut):
    whole = count_wide(wide(forms), PLACE, by=["class"])
    parts = [count_wide(wide(part), PLACE, by=["class"]) for part in (forms[:cut], forms[cut:])]
    assert_frame_equal(in_order(merge_counts(*parts)), in_order(whole))


@some_examples
@given(some_forms)
def test_the_order_of_the_answers_does_not_matter(forms):
    assert_frame_equal(
        in_order(count_wide(wide(forms[::-1]), PLACE, by=["class"])),
        in_order(count_wide(wide(forms), PLACE, by=["class"])),
    )


@some_examples
@given(some_forms)
def test_wide_and_long_count_alike(forms):
    long = wide(forms).unpivot(["q1", "q2"], index="class", variable_name="column", value_name="rating")
    long = long.join(PLACE, on="column")
    counted = count_long(long, by=["class", "module", "item"])
    assert_frame_equal(in_order(counted), in_order(count_wide(wide(forms), PLACE, by=["class"])))


def test_long_ratings_below_zero_are_refused():
    with pytest.raises(FrameError, match="'rating' holds values outside of 0 to"):
        count_long(pl.DataFrame({"module": ["Họp"], "rating": [-1]}), by=["module"])


def test_counts_with_different_keys_do_not_merge():
    counts = count_wide(wide([(5, 5, "A")]), PLACE)
    with pytest.raises(FrameError, match="The column 'unit' does not belong here"):
        merge_counts(counts, counts.with_columns(unit=pl.lit("Ba Vì")))


def test_what_was_not_offered_is_neither_blank_nor_anything_else():
    counts = count_wide(wide([(5, NOT_OFFERED, "A"), (None, NOT_OFFERED, "A"), (NOT_OFFERED, None, "B")]), PLACE)
    assert counts.rows() == [("Họp", "useful", BLANK, 1), ("Họp", "useful", 5, 1), ("Dân vận", "useful", BLANK, 1)]


def test_a_value_off_the_scale_is_found_among_what_was_not_offered():
    with pytest.raises(FrameError, match="The column 'q2' holds values outside of 0 to 5"):
        count_wide(wide([(5, NOT_OFFERED, "A"), (NOT_OFFERED, 6, "B")]), PLACE, by=["class"])


@some_examples
@given(some_forms, st.lists(st.sampled_from([0, 1, None]), min_size=40, max_size=40))
def test_the_counts_of_an_item_add_up_to_the_sheets_that_asked_it(forms, left_out):
    shared = [
        tuple(NOT_OFFERED if left_out[row] == place else step for place, step in enumerate(form[:2])) + form[2:]
        for row, form in enumerate(forms)
    ]
    counts = count_wide(wide(shared), PLACE)
    for place, module in enumerate(PLACE["module"]):
        asked = [form[place] for form in shared if form[place] != NOT_OFFERED]
        assert counts.filter(pl.col("module") == module)["n"].sum() == len(asked)


@some_examples
@given(some_forms, st.integers(0, 40))
def test_counts_of_sheets_that_asked_different_modules_add_up_to_the_whole(forms, cut):
    days = [
        wide([(step, NOT_OFFERED, own) for step, _, own in forms[:cut]]),
        wide([(NOT_OFFERED, step, own) for _, step, own in forms[cut:]]),
    ]
    whole = count_wide(pl.concat(days), PLACE, by=["class"])
    parts = [count_wide(day, PLACE.filter(pl.col("column") == f"q{n}"), by=["class"]) for n, day in enumerate(days, 1)]
    assert_frame_equal(in_order(merge_counts(*parts)), in_order(whole))


def test_columns_that_nobody_asked_for_are_not_read(tmp_path):
    """The bytes of the other column are destroyed in the file: reading it would fail."""
    frame = wide([(5, 4, "A")] * 1000).with_columns(other=pl.lit("x" * 50) + pl.int_range(pl.len()).cast(pl.String))
    frame.write_parquet(tmp_path / "k1", compression="uncompressed", statistics=False, use_pyarrow=False)
    document = (tmp_path / "k1").read_bytes()
    (tmp_path / "k1").write_bytes(document.replace(b"x" * 50, b"\xff" * 50))
    with pytest.raises(pl.exceptions.PolarsError):
        pl.read_parquet(tmp_path / "k1")
    assert count_wide(pl.scan_parquet(tmp_path / "k1"), PLACE)["n"].to_list() == [1000, 1000]


def test_a_column_that_holds_no_whole_numbers_is_refused():
    with pytest.raises(FrameError, match="The column 'q1' is String, expected were whole numbers"):
        count_wide(wide([(5, 5, "A")]).cast({"q1": pl.String}), PLACE)


def test_a_missing_column_is_refused():
    with pytest.raises(FrameError, match="The column 'class' is missing"):
        count_wide(wide([(5, 5, "A")]).drop("class"), PLACE, by=["class"])


@pytest.mark.parametrize("dtype", [pl.UInt8, pl.Int16, pl.Int64])
def test_any_whole_numbers_are_counted(dtype):
    forms = wide([(5, 0, "A"), (None, 3, "B")])
    assert_frame_equal(count_wide(forms.cast({"q1": dtype, "q2": dtype}), PLACE), count_wide(forms, PLACE))


def test_people_without_a_class_are_a_class_of_their_own():
    counts = count_wide(wide([(5, 0, None), (5, 0, "A"), (5, 0, None)]), PLACE, by=["class"])
    assert counts.filter(pl.col("step") == 5).rows() == [(None, "Họp", "useful", 5, 2), ("A", "Họp", "useful", 5, 1)]


@some_examples
@given(some_forms)
def test_a_blank_is_written_as_null_or_by_its_own_number(forms):
    by_number = wide(forms).with_columns(pl.col("q1").fill_null(BLANK))
    for by in ([], ["class"]):
        assert_frame_equal(count_wide(by_number, PLACE, by=by), count_wide(wide(forms), PLACE, by=by))


def test_three_hundred_modules():
    names = [f"q{number}" for number in range(300)]
    places = pl.DataFrame({"column": names, "module": names, "item": "useful", "steps": 5}, schema_overrides=PLACES)
    counts = count_wide(pl.DataFrame({name: [5, None] for name in names}, schema=dict.fromkeys(names, pl.Int8)), places)
    assert counts.height == 600
    assert counts["n"].unique().to_list() == [1]


@pytest.mark.parametrize(
    ("ratings", "sentence"),
    [
        ([3.5, 3.0, 3.9, None], "The column 'rating' is Float64, expected were whole numbers"),
        (["3", "4"], "The column 'rating' is String, expected were whole numbers"),
        ([5, 70000], "The column 'rating' holds values outside of 0 to 32767"),
    ],
)
def test_long_ratings_that_are_no_steps_are_refused(ratings, sentence):
    with pytest.raises(FrameError, match=sentence):
        count_long(pl.DataFrame({"rating": ratings, "module": "Họp"}), by=["module"])


@pytest.mark.parametrize("missing", ["rating", "module"])
def test_a_column_that_long_ratings_lack_is_named(missing):
    ratings = pl.DataFrame({"rating": [5], "module": ["Họp"]}).drop(missing)
    for frame in (ratings, ratings.lazy()):
        with pytest.raises(FrameError, match=f"The column '{missing}' is missing"):
            count_long(frame, by=["module"])


def test_long_ratings_that_are_all_blank_are_counted():
    assert count_long(pl.DataFrame({"rating": [None, None]}), by=[]).rows() == [(BLANK, 2)]


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        (["class", "class"], "'by' names 'class' more than once"),
        (["module"], "The key 'module' is given by the ratings and by the places"),
        (["step"], "The key 'step' is called like a column that is made here"),
        (["n"], "The key 'n' is called like a column that is made here"),
        ("class", "'by' is the single text 'class'"),
    ],
)
def test_keys_that_would_stand_twice_in_the_counts_are_refused(by, sentence):
    ratings = wide([(5, 5, "A")]).with_columns(module=pl.lit(""), step=pl.lit(""), n=pl.lit(""))
    with pytest.raises(ValueError, match=sentence):
        count_wide(ratings, PLACE, by=by)


def test_a_key_of_the_places_is_not_called_as_what_counting_makes():
    with pytest.raises(ValueError, match="The key 'n' is called like a column that is made here"):
        count_wide(wide([(5, 5, "A")]), PLACE.with_columns(n=pl.lit("")))


def test_counts_that_are_none_do_not_merge():
    counts = count_wide(wide([(5, 5, "A")]), PLACE)
    with pytest.raises(FrameError, match="The column 'n' is empty"):
        merge_counts(counts, counts.with_columns(n=pl.lit(None, pl.Int64)))
