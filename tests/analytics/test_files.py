"""Tables as text: what stands in a cell, in which row a spreadsheet shows it, and what scale it speaks of."""

from __future__ import annotations

import polars as pl
import pytest

from analytics import RefusedFileError, Scale, parse_scale, parse_values, read_table
from analytics.files import ROW
from analytics.scales import inferred_scale, keys_of
from analytics.shaping import matching_columns


def test_rows_keep_the_number_that_a_spreadsheet_shows(tmp_path):
    (tmp_path / "a.csv").write_text('\nName;Q1\nLan;5\n;\n"two\nlines";4\n', encoding="utf-8")
    table = read_table(tmp_path / "a.csv")
    assert table.cells.rows() == [("Lan", "5", 3), ("two\nlines", "4", 5)]
    assert table.cells.columns == ["Name", "Q1", ROW]


def test_headers_are_tidied(tmp_path):
    (tmp_path / "a.csv").write_text("\ufeff Chuyên\u00a0 đề ,Q1,\nHọp,5,\n", encoding="utf-8")
    assert read_table(tmp_path / "a.csv").names == ["Chuyên đề", "Q1"]


def test_parquet_of_other_types_is_text_too(tmp_path):
    frame = pl.DataFrame({"q": [5.0, float("nan"), 4.5], "q ": [1, 2, 3], "many": [[1], [2], [3]]})
    frame.write_parquet(tmp_path / "a.parquet")
    table = read_table(tmp_path / "a.parquet")
    assert table.cells.rows() == [("5.0", 2), (None, 3), ("4.5", 4)]
    assert table.doubled == {"q"}


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        ("1-5", Scale(("1", "2", "3", "4", "5"))),
        (" 0 – 2 ", Scale(("0", "1", "2"), first=0)),
        ("1,2,3", Scale(("1", "2", "3"))),
        ("Low, Middle ,High", Scale(("Low", "Middle", "High"))),
        ("0,25,100", Scale(("0", "25", "100"))),
        ("No; Yes, but; Yes", Scale(("No", "Yes, but", "Yes"))),
        ("No,Yes\\, but,Yes", Scale(("No", "Yes, but", "Yes"))),
    ],
)
def test_scales_are_written_as_people_write_them(written, scale):
    assert parse_scale(written) == scale


@pytest.mark.parametrize("written", ["5-1", "3-3", "Only", "Yes,yes", ",", "1-5000"])
def test_what_is_no_scale_is_refused(written):
    with pytest.raises(RefusedFileError):
        parse_scale(written)


def test_the_same_answer_in_other_writing():
    assert keys_of(["Đồng  Ý", "\u200bđồng\u00a0ý ", "4,0", "4.00", "4", " "]) == [
        "đồng ý",
        "đồng ý",
        "4",
        "4",
        "4",
        "",
    ]


def test_values_in_a_list():
    assert parse_values("99, n/a ,,x") == ["99", "n/a", "x"]


@pytest.mark.parametrize(
    ("found", "labels"),
    [(["2", "5"], "12345"), (["0", "3"], "0123"), (["1"], "12"), (["4"] * 9 + ["?"], "1234")],
)
def test_a_scale_is_inferred_from_1_or_0_to_the_highest(found, labels):
    assert "".join(inferred_scale(pl.Series(found)).labels) == labels


@pytest.mark.parametrize("found", [["agree", "disagree"], ["1", "99"], ["-1", "2"], []])
def test_no_scale_is_inferred_from_what_is_none(found):
    with pytest.raises(RefusedFileError):
        inferred_scale(pl.Series(found, dtype=pl.String))


def test_a_pattern_that_means_no_column_is_refused_with_near_names():
    with pytest.raises(RefusedFileError) as refused:
        matching_columns(["Quality", "Pace"], ["quality"])
    assert refused.value.details["near"] == "“Quality”"
