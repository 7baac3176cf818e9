"""Many files are counted as though they were one, whatever their order; a bad file is named."""

from __future__ import annotations

import io
import time
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import COUNTS, FrameError, RatingsFile, count_files, count_wide, counting_files, merge_counts
from tests.analytics.answers import some_examples
from tests.analytics.test_counting import PLACE, in_order, some_forms, wide


def parquet(frame):
    document = io.BytesIO()
    frame.write_parquet(document)
    return document.getvalue()


def arrow(frame):
    document = io.BytesIO()
    frame.write_ipc_stream(document)
    return document.getvalue()


def evaluations(forms):
    """A file for each list of forms, of Arrow and of Parquet; the cohorts K0 and K1 have several."""
    return [
        RatingsFile((arrow, parquet)[number % 3 == 1](wide(some)), {"cohort": f"K{number % 2}"})
        for number, some in enumerate(forms)
    ]


@some_examples
@given(st.lists(some_forms, min_size=1, max_size=5))
def test_files_are_counted_as_though_they_were_one(forms):
    whole = pl.concat(wide(some).with_columns(cohort=pl.lit(f"K{number % 2}")) for number, some in enumerate(forms))
    counted = count_files(evaluations(forms), PLACE, by=["class"])
    assert_frame_equal(in_order(counted), in_order(count_wide(whole, PLACE, by=["cohort", "class"])))


@some_examples
@given(st.lists(some_forms, min_size=1, max_size=5))
def test_the_order_of_the_files_does_not_matter(forms):
    files = evaluations(forms)
    assert_frame_equal(in_order(count_files(files[::-1], PLACE)), in_order(count_files(files, PLACE)))


@some_examples
@given(some_forms, some_forms, some_forms)
def test_counts_may_be_added_up_in_any_grouping(one, two, three):
    a, b, c = (count_wide(wide(some), PLACE, by=["class"]) for some in (one, two, three))
    left, right = merge_counts(merge_counts(a, b), c), merge_counts(c, merge_counts(b, a))
    assert_frame_equal(in_order(left), in_order(right))
    assert_frame_equal(in_order(left), in_order(merge_counts(a, b, c)))


def test_counts_of_equal_keys_are_added_up_without_loss():
    files = evaluations([[(5, 0, "A"), (4, None, "B")]] * 9)
    counts = count_files(files, PLACE)
    assert counts["n"].sum() == 9 * 4
    assert counts.filter(pl.col("step") == 5).sort("cohort").rows() == [
        ("K0", "Họp", "useful", 5, 5),
        ("K1", "Họp", "useful", 5, 4),
    ]


def test_files_are_read_in_portions_as_they_are_made(monkeypatch):
    counted, ahead = [], []

    def counted_slowly(frames, *arguments, **options):
        time.sleep(0.01)
        counted.extend(frames)
        return count(frames, *arguments, **options)

    def some():
        for made in range(12):
            ahead.append(made - len(counted))
            yield RatingsFile(document, {"cohort": "K1"})

    document, count = parquet(wide([(5, 5, "A")])), counting_files._counted
    monkeypatch.setattr(counting_files, "_counted", counted_slowly)
    monkeypatch.setattr(counting_files, "BYTES_AT_ONCE", 2 * len(document))
    assert count_files(some(), PLACE)["n"].sum() == 24
    assert max(ahead) == 3, "a portion of two is read, and half of the next is made"


@some_examples
@given(st.lists(some_forms, min_size=2, max_size=4), st.sampled_from([(), ("class",)]))
def test_small_files_are_counted_together_as_though_one_by_one(forms, by):
    together = count_files(evaluations(forms), PLACE, by=by)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(counting_files, "SMALL", 0)
        assert_frame_equal(in_order(count_files(evaluations(forms), PLACE, by=by)), in_order(together))


def test_files_may_hold_integers_of_different_sizes():
    frame = wide([(5, 0, "A")])
    files = [RatingsFile(parquet(one)) for one in (frame, frame.cast({"q1": pl.Int64, "q2": pl.UInt16}))]
    assert count_files(files, PLACE).rows() == [("Họp", "useful", 5, 2), ("Dân vận", "useful", 0, 2)]


def test_files_without_keys_are_one():
    files = [RatingsFile(parquet(wide([(5, 0, "A"), (5, None, "B")]))) for _ in range(3)]
    assert count_files(files, PLACE).filter(pl.col("step") == 5).rows() == [("Họp", "useful", 5, 6)]
    by_class = count_files(files, PLACE, by=["class"])
    assert by_class.filter(pl.col("step") == 5).rows() == [("A", "Họp", "useful", 5, 3), ("B", "Họp", "useful", 5, 3)]


@pytest.mark.parametrize("written", [arrow, parquet])
def test_a_path_is_counted_like_its_bytes(written, tmp_path):
    document, file = written(wide([(5, 0, "A"), (3, None, "B")])), tmp_path / "k[1]"
    file.write_bytes(document)
    of_path, of_bytes = (count_files([RatingsFile(content, {"cohort": "K1"})], PLACE) for content in (file, document))
    assert_frame_equal(of_path, of_bytes)
    assert of_bytes["n"].sum() == 4


def test_no_files_have_no_counts():
    assert_frame_equal(count_files([], PLACE), COUNTS.to_frame())


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FrameError, match="missing cannot be read: No such file"):
        count_files([RatingsFile(tmp_path / "missing", {"cohort": "K1"})], PLACE)
    (tmp_path / "broken").write_text("no columns")
    for content, name in (
        (tmp_path / "broken", "The file .*broken"),
        (b"PAR1 no columns", "The document of cohort K1"),
    ):
        with pytest.raises(FrameError, match=f"{name}: This is neither a whole stream of Arrow nor Parquet"):
            count_files([RatingsFile(content, {"cohort": "K1"})], PLACE)


@pytest.mark.parametrize("written", [arrow, parquet])
def test_a_file_that_was_cut_off_or_damaged_anywhere_is_refused_or_counted_but_never_falls_over(written):
    document = written(wide([(5, 0, "A"), (3, None, "B")] * 5))
    whole = RatingsFile(arrow(wide([(5, 5, "A")])), {"cohort": "K2"})
    for place in range(0, len(document), 7):
        with pytest.raises(
            FrameError, match=r"cohort K1: This is neither a whole stream of Arrow nor Parquet \(.+\)\."
        ):
            count_files([whole, RatingsFile(document[:place], {"cohort": "K1"})], PLACE)
        damaged = document[:place] + bytes([document[place] ^ 0x81]) + document[place + 1 :]
        with suppress(FrameError):
            count_files([whole, RatingsFile(damaged, {"cohort": "K1"})], PLACE)


@pytest.mark.parametrize("written", [arrow, parquet])
def test_a_column_that_is_missing_is_named_with_its_file(written):
    good, bad = wide([(5, 5, "A")]), wide([(5, 5, "A")]).drop("q2")
    files = [RatingsFile(written(frame), {"cohort": cohort}) for cohort, frame in (("K1", good), ("K2", bad))]
    with pytest.raises(FrameError, match="The document of cohort K2: The column 'q2' is missing"):
        count_files(files, PLACE)


def test_a_value_off_the_scale_is_named_with_its_file():
    with pytest.raises(FrameError, match="cohort K1: The column 'q1' holds values outside of 0 to 5"):
        count_files([RatingsFile(parquet(wide([(6, 5, "A")])), {"cohort": "K1"})], PLACE)


def test_files_with_different_keys_are_refused():
    document = parquet(wide([(5, 5, "A")]))
    files = [RatingsFile(document, {"cohort": "K1"}), RatingsFile(document, {"cohort": "K2", "unit": "Ba Vì"})]
    with pytest.raises(FrameError, match="The column 'unit' does not belong here"):
        count_files(files, PLACE)


def test_a_key_given_twice_is_refused():
    with pytest.raises(ValueError, match="The key 'class' is given for whole files and within them"):
        count_files([RatingsFile(parquet(wide([(5, 5, "A")])), {"class": "A"})], PLACE, by=["class"])


@pytest.mark.parametrize("name", ["step", "n"])
def test_a_key_of_a_file_is_not_called_as_what_counting_makes(name):
    with pytest.raises(ValueError, match=f"The key '{name}' is called like a column that is made here"):
        count_files([RatingsFile(parquet(wide([(5, 5, "A")])), {name: "A"})], PLACE)


def test_keys_within_files_are_refused_as_those_of_a_frame_are():
    files = [RatingsFile(parquet(wide([(5, 5, "A")])), {"cohort": "K1"})]
    with pytest.raises(ValueError, match="'by' names 'class' more than once"):
        count_files(files, PLACE, by=["class", "class"])
    with pytest.raises(ValueError, match="The key 'module' is given by the ratings and by the places"):
        count_files(files, PLACE, by=["module"])
