"""`gopy report FILE` counts files that nobody shaped for us."""

from __future__ import annotations

import json

import polars as pl
import pytest

from tests.reporting.files import wide

AGREEMENT = "Strongly Disagree,Disagree,Neutral,Agree,Strongly Agree"


def test_rows_say_what_the_file_says(rows):
    [row] = rows(wide(5, 5, 4, 3, 2, "", "x"), "--items", "Q1", "--steps", "1-5", "--module", "Module", "--blank", "x")
    assert (row["cohort"], row["module"], row["item"]) == (None, "Họp", "Q1")
    assert (row["n"], row["not_attended"], row["blank"], row["counts"]) == (5, 0, 2, [0, 1, 1, 1, 2])
    assert row["mean"] == pytest.approx(3.8)
    assert row["top2_share"] == pytest.approx(0.6)
    assert row["withheld"] is False
    assert list(row) == [
        *("cohort", "module", "item", "n", "not_attended", "blank", "counts", "mean", "mean_low", "mean_high"),
        *("interpolated_median", "top2_share", "top2_low", "top2_high", "blurred", "withheld"),
    ]


def test_fewer_than_the_smallest_group_are_withheld(rows):
    [row] = rows(wide(5, 5, 4, 3), "--items", "Q1", "--steps", "1-5")
    assert row["withheld"] is True
    assert (row["n"], row["counts"], row["mean"], row["module"]) == (None, None, None, None)
    [row] = rows(wide(5, 5, 4, 3), "--items", "Q1", "--steps", "1-5", "--smallest-group", "4")
    assert row["n"] == 4


def test_labels_are_known_whatever_their_case_and_spaces(rows):
    written = ["Agree", " agree", "AGREE\u00a0", "Strongly\u00a0 Agree", "strongly disagree"]
    [row] = rows(wide(*written), "--items", "Q1", "--steps", AGREEMENT)
    assert row["counts"] == [1, 0, 0, 3, 1]


def test_vietnamese_labels_are_known_in_either_unicode_form(rows):
    written = ["\u0110ồng ý", "Đo\u0302\u0300ng y\u0301", "Không đồng ý", "Không đồng ý", "Không đồng ý"]
    [row] = rows(wide(*written), "--items", "Q1", "--steps", "Không đồng ý,Phân vân,Đồng ý")
    assert row["counts"] == [3, 0, 2]


def test_a_label_may_have_a_comma(rows):
    text = wide(*['"Yes, fully"'] * 3, "No", "No")
    for steps in ("No;Partly;Yes, fully", "No,Partly,Yes\\, fully"):
        [row] = rows(text, "--items", "Q1", "--steps", steps)
        assert row["counts"] == [2, 0, 3]


def test_not_attended_is_an_answer_of_its_own(rows):
    [row] = rows(wide(5, 5, 5, 5, 5, 99, "absent"), "--items", "Q1", "--steps", "1-5", "--not-attended", "99,Absent")
    assert (row["n"], row["not_attended"]) == (5, 2)


def test_where_the_first_step_is_best_the_best_two_are_the_first(rows):
    [row] = rows(wide(1, 1, 2, 4, 5), "--items", "Q1", "--steps", "1-5", "--direction", "down")
    assert row["top2_share"] == pytest.approx(0.6)


def test_a_scale_from_0_to_10_is_counted_in_its_own_values(rows):
    [row] = rows(wide(0, 9, 9, 10, 10), "--items", "Q1", "--steps", "0-10")
    assert (row["mean"], len(row["counts"])) == (7.6, 11)


def test_patterns_repeated_and_listed_name_the_columns_in_the_order_of_the_file(rows):
    text = "Q2,Name,Q1,Extra\n" + "5,Lan,4,3\n" * 3 + "4,Lan,3,2\n" * 2
    found = rows(text, "--items", "Extra,Q*", "--items", "Q1", "--steps", "1-5")
    assert [row["item"] for row in found] == ["Q2", "Q1", "Extra"]
    assert [row["mean"] for row in found] == [4.6, 3.6, 2.6]


def test_columns_named_otherwise_are_no_items(rows):
    text = "Q0,Q1\n" + "A,4\n" * 5
    assert [row["item"] for row in rows(text, "--items", "Q*", "--module", "Q0", "--steps", "1-5")] == ["Q1"]


def test_names_with_brackets_and_commas_are_taken_as_they_stand(rows):
    text = '"Q1[SQ001]","How, then?"\n' + "5,4\n" * 5
    found = rows(text, "--items", "Q1[SQ001]", "--items", "How, then?", "--steps", "1-5")
    assert [row["item"] for row in found] == ["Q1[SQ001]", "How, then?"]


def test_long_files_have_a_row_per_rating(rows):
    text = "who,module,question,rating\n" + "".join(
        f"{i},Họp,useful,{4 + i % 2}\n{i},Họp,clear,{2 + i // 2}\n" for i in range(6)
    )
    options = (
        "--module",
        "module",
        "--item",
        "question",
        "--rating",
        "rating",
        "--respondent",
        "who",
        "--steps",
        "1-5",
    )
    assert [(row["item"], row["n"], row["mean"]) for row in rows(text, *options)] == [
        ("useful", 6, 4.5),
        ("clear", 6, 3),
    ]


def test_cohorts_and_components_stand_beside(rows):
    text = "k,hp,cd,q\n" + "K1,A,Họp,5\nK1,A,Họp,3\n" * 4 + "K2,A,Họp,4\nK2,A,Họp,2\n" * 4
    found = rows(text, "--cohort", "k", "--component", "hp", "--module", "cd", "--items", "q", "--steps", "1-5")
    assert [(row["cohort"], row["component"], row["mean"]) for row in found] == [("K1", "A", 4), ("K2", "A", 3)]


def test_the_scale_is_inferred_from_whole_numbers_and_that_is_said(run):
    result = run(wide(5, 5, 4, 3, 2), "--items", "Q1", "--format", "json")
    assert json.loads(result.stdout)[0]["counts"] == [0, 1, 1, 1, 2]
    assert "The scale 1–5 was inferred" in result.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_that_offices_use_are_read(rows, encoding):
    text = "Chuyên đề,Điểm\n" + "Họp,5\n" * 5
    [row] = rows(text.encode(encoding), "--module", "Chuyên đề", "--items", "Điểm", "--steps", "1-5")
    assert (row["module"], row["item"]) == ("Họp", "Điểm")


def test_semicolons_and_decimal_commas_of_a_vietnamese_excel_are_read(rows):
    [row] = rows("Module;Q1\n" + "Họp;4,0\n" * 4 + "Họp;5\n" * 2, "--items", "Q1", "--steps", "1-5")
    assert row["counts"] == [0, 0, 0, 4, 2]


def test_excel_and_parquet_say_the_same_as_csv(rows, tmp_path):
    frame = pl.DataFrame({"Module": ["Họp"] * 6, "Q1": [5, 4, 4, 3, 5, None], "Q2": ["Agree"] * 6})
    frame.write_excel(tmp_path / "a.xlsx")
    frame.write_parquet(tmp_path / "a.parquet")
    options = ("--module", "Module", "--items", "Q1", "--steps", "1-5")
    expected = rows(frame.write_csv(), *options)
    assert rows(None, *options, name="a.xlsx") == expected
    assert rows(None, *options, name="a.parquet") == expected


def test_empty_rows_are_skipped_and_still_counted_for_the_row_numbers(run):
    result = run("Q1\n5\n\n\nfive\n", "--items", "Q1", "--steps", "1-5")
    assert "row 5, column “Q1”: “five” is not a step of the scale" in result.stderr


def test_rows_of_excel_are_numbered_as_excel_shows_them(run, tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_column("B3", ["Q1", 5, 5, "five"])
    result = run(None, "--items", "Q1", "--steps", "1-5", name="a.xlsx")
    assert (result.exit_code, "row 6, column “Q1”: “five”" in result.stderr) == (2, True)
