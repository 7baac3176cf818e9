"""`gopy report FILE` on files that nobody shaped for us: counted, or refused in words, never with a traceback."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from survey.report_words import REFUSALS, SLIPS
from survey.reporting import report
from survey.web.languages import catalogue

AGREEMENT = "Strongly Disagree,Disagree,Neutral,Agree,Strongly Agree"
HOUSE = Path(__file__).parent.parent


@pytest.fixture
def run(tmp_path):
    """Writes the file and runs the command on it, in English unless told otherwise."""

    def run(content, *options, name="answers.csv", language="en"):
        path = tmp_path / name
        if isinstance(content, str):
            content = content.encode()
        if content is not None:
            path.write_bytes(content)
        return CliRunner().invoke(report, [str(path), "--language", language, *options])

    return run


@pytest.fixture
def rows(run):
    """The rows of the JSON that the command gives for a file that it takes."""

    def rows(content, *options, **others):
        result = run(content, "--format", "json", *options, **others)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    return rows


def wide(*ratings, header="Module,Q1"):
    return "\n".join([header, *(f"Họp,{rating}" for rating in ratings)]) + "\n"


# What comes out


def test_rows_say_what_the_file_says(rows):
    [row] = rows(wide(5, 5, 4, 3, 2, "", "x"), "--items", "Q1", "--steps", "1-5", "--module", "Module", "--blank", "x")
    assert (row["cohort"], row["module"], row["item"]) == (None, "Họp", "Q1")
    assert (row["n"], row["not_attended"], row["blank"], row["counts"]) == (5, 0, 2, [0, 1, 1, 1, 2])
    assert row["mean"] == pytest.approx(3.8)
    assert row["top2_share"] == pytest.approx(0.6)
    assert row["withheld"] is False
    assert list(row) == [
        *("cohort", "module", "item", "n", "not_attended", "blank", "counts", "mean", "mean_low", "mean_high"),
        *("interpolated_median", "top2_share", "top2_low", "top2_high", "withheld"),
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
    [row] = rows(wide(0, 10, 10, 10, 10), "--items", "Q1", "--steps", "0-10")
    assert (row["mean"], len(row["counts"])) == (8.0, 11)


def test_patterns_repeated_and_listed_name_the_columns_in_the_order_of_the_file(rows):
    text = "Q2,Name,Q1,Extra\n" + "5,Lan,4,3\n" * 5
    found = rows(text, "--items", "Extra,Q*", "--items", "Q1", "--steps", "1-5")
    assert [row["item"] for row in found] == ["Q2", "Q1", "Extra"]
    assert [row["mean"] for row in found] == [5, 4, 3]


def test_columns_named_otherwise_are_no_items(rows):
    text = "Q0,Q1\n" + "A,4\n" * 5
    assert [row["item"] for row in rows(text, "--items", "Q*", "--module", "Q0", "--steps", "1-5")] == ["Q1"]


def test_names_with_brackets_and_commas_are_taken_as_they_stand(rows):
    text = '"Q1[SQ001]","How, then?"\n' + "5,4\n" * 5
    found = rows(text, "--items", "Q1[SQ001]", "--items", "How, then?", "--steps", "1-5")
    assert [row["item"] for row in found] == ["Q1[SQ001]", "How, then?"]


def test_long_files_have_a_row_per_rating(rows):
    text = "who,module,question,rating\n" + "".join(f"{i},Họp,useful,{4 + i % 2}\n{i},Họp,clear,3\n" for i in range(6))
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
    text = "k,hp,cd,q\n" + "K1,A,Họp,5\n" * 5 + "K2,A,Họp,4\n" * 5
    found = rows(text, "--cohort", "k", "--component", "hp", "--module", "cd", "--items", "q", "--steps", "1-5")
    assert [(row["cohort"], row["component"], row["mean"]) for row in found] == [("K1", "A", 5), ("K2", "A", 4)]


def test_the_scale_is_inferred_from_whole_numbers_and_that_is_said(run):
    result = run(wide(5, 5, 4, 3, 2), "--items", "Q1", "--format", "json")
    assert json.loads(result.stdout)[0]["counts"] == [0, 1, 1, 1, 2]
    assert "The scale 1–5 was inferred" in result.stderr


# Kinds of files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_that_offices_use_are_read(rows, encoding):
    text = "Chuyên đề,Điểm\n" + "Họp,5\n" * 5
    [row] = rows(text.encode(encoding), "--module", "Chuyên đề", "--items", "Điểm", "--steps", "1-5")
    assert (row["module"], row["item"]) == ("Họp", "Điểm")


def test_semicolons_and_decimal_commas_of_a_vietnamese_excel_are_read(rows):
    [row] = rows("Module;Q1\n" + "Họp;4,0\n" * 4 + "Họp;5\n", "--items", "Q1", "--steps", "1-5")
    assert row["counts"] == [0, 0, 0, 4, 1]


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


# What does not parse


def test_what_is_no_step_is_listed_and_refused(run, rows):
    text = wide(5, 6, 4, "4,5", 3, 5, 5).replace("4,5", '"4,5"')
    result = run(text, "--items", "Q1", "--steps", "1-5")
    assert result.exit_code == 2
    assert "row 3, column “Q1”: “6” is not a step of the scale" in result.stderr
    assert "row 5, column “Q1”: “4,5” is not a step of the scale" in result.stderr
    [row] = rows(text, "--items", "Q1", "--steps", "1-5", "--skip-bad")
    assert (row["n"], row["blank"]) == (5, 0)


def test_a_long_list_ends_somewhere(run):
    result = run(wide(*["?"] * 250), "--items", "Q1", "--steps", "1-5")
    assert "... and 150 more." in result.stderr
    assert result.stderr.count("\n") < 110


def test_ragged_rows_are_listed_and_left_out_only_when_asked(run, rows):
    text = wide(5, 5, 5, 5, 5) + "Họp,5,5\nHọp\n"
    result = run(text, "--items", "Q1", "--steps", "1-5")
    assert result.exit_code == 2
    assert "row 7: more cells than the header has (3 / 2)" in result.stderr
    assert "row 8: fewer cells than the header has (1 / 2)" in result.stderr
    assert rows(text, "--items", "Q1", "--steps", "1-5", "--skip-bad")[0]["n"] == 5


def test_two_columns_of_one_name_are_refused_and_the_first_counts_when_asked(run, rows):
    text = "Q1,Q1,Note,Note\n" + "5,1,,\n" * 5
    assert "more than one column has this name" in run(text, "--items", "Q*", "--steps", "1-5").stderr
    assert rows(text, "--items", "Q*", "--steps", "1-5", "--skip-bad")[0]["mean"] == 5


def test_nobody_counts_twice(run, rows):
    text = "who,module,Q1\n" + "".join(f"{i},Họp,5\n" for i in range(5)) + "3,Họp,1\n3,Dân vận,1\n,Họp,5\n,Họp,5\n"
    options = ("--items", "Q1", "--steps", "1-5", "--module", "module", "--respondent", "who")
    result = run(text, *options)
    assert result.exit_code == 2
    assert result.stderr.count("has answered this already") == 1
    assert "row 7, column “who”: “3”" in result.stderr
    assert rows(text, *options, "--skip-bad")[0]["n"] == 7


def test_in_long_files_nobody_counts_twice_for_an_item(run):
    text = "who,item,rating\nLan,useful,5\nLan,clear,5\nLan,useful,4\n,,3\n"
    result = run(text, "--item", "item", "--rating", "rating", "--respondent", "who", "--steps", "1-5")
    assert "row 4, column “who”: “Lan” has answered this already" in result.stderr
    assert "row 5, column “item”: no item is named" in result.stderr


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (None, ["--items", "Q1"], "There is no file"),
        ("", ["--items", "Q1"], "has no rows under a header"),
        ("Q1,Q2\n", ["--items", "Q1"], "has no rows under a header"),
        ("Q1\n5\n", [], "Say which columns hold ratings"),
        ("Q1\n5\n", ["--items", "Q1", "--module", "Q1"], "Say which columns hold ratings"),
        ("Q1\n5\n", ["--item", "Q1"], "Give either --items"),
        ("Q1\n5\n", ["--items", "Q1", "--item", "Q1", "--rating", "Q1"], "Give either --items"),
        ("Module,Q1\nA,5\n", ["--items", "Q1", "--module", "modul"], "no column “modul”. Did you mean “Module”?"),
        ("Module,Q1\nA,5\n", ["--items", "Q1", "--module", "xyz"], "no column “xyz”. The file has: “Module”, “Q1”."),
        ("Module,Q1\nA,5\n", ["--items", "P*"], "No column is meant by “P*”"),
        ("Q1\nAgree\nDisagree\n", ["--items", "Q1"], "The answers are words"),
        ("Q1\n55\n70\n", ["--items", "Q1"], "The numbers run from 55 to 70"),
        ("Q1,Q2\n ,5\n", ["--items", "Q1"], "hold no answers"),
        ("Q1\n5\n", ["--items", "Q1", "--steps", "5-1"], "give the lowest step first"),
        ("Q1\n5\n", ["--items", "Q1", "--steps", "Good,good"], "each only once"),
        ('Q1\n"5\n4\n', ["--items", "Q1", "--steps", "1-5"], "quotation mark that goes astray"),
        ("Điểm\n5\n".encode("cp1258", "replace") + b"\x8d\x90", ["--items", "Q1"], "save it as “CSV UTF-8”"),
        (b"\xff\xfeQ\x001\x00\n", ["--items", "Q1"], "neither UTF-8 nor UTF-16"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(run, content, options, sentence):
    result = run(content, *options)
    assert (result.exit_code, result.stdout) == (2, "")
    assert sentence in result.stderr
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.parquet", "broken.xls"])
@pytest.mark.parametrize("content", [b"PK\x03\x04 not really", b"", b"Q1\n5\n"])
def test_damaged_files_are_refused_in_words(run, name, content):
    result = run(content, "--items", "Q1", name=name)
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True)
    assert name in result.stderr


def test_a_place_that_cannot_be_written_is_said(run, tmp_path):
    result = run(wide(5, 5), "--items", "Q1", "--output", str(tmp_path / "no" / "where.html"))
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)


# The page


def page_of(run, tmp_path, content, *options, **others):
    result = run(content, *options, **others)
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.strip()).read_text(encoding="utf-8")


def without_plotly(page):
    return re.sub(r"<script>(?s:.{100000,}?)</script>", "", page)


def test_the_page_stands_beside_the_file_and_needs_nothing_else(run, tmp_path):
    page = page_of(run, tmp_path, wide(5, 5, 4, 3, 2), "--items", "Q1", "--steps", "1-5")
    assert (tmp_path / "answers.report.html").exists()
    assert page.count("Plotly.newPlot(figure") == 1
    assert not re.findall(r'(?:src|href)="(?!#)', without_plotly(page))


def test_the_page_says_in_words_what_is_withheld(run, tmp_path):
    text = "m,q\n" + "Họp,5\n" * 9 + "Nhỏ,2\n" * 4
    page = without_plotly(page_of(run, tmp_path, text, "--module", "m", "--items", "q", "--steps", "1-5"))
    assert "withheld: too few answers" in page
    assert "Rows with fewer than 5 ratings, whose numbers are withheld: 1 of 2." in page
    assert "0 · 4 · 0" not in re.sub("<[^>]+>", "", page)


def test_what_stands_in_the_file_is_never_markup(run, tmp_path):
    evil = "</script><script>alert(1)</script><b>"
    text = f'm,"{evil}"\n' + f'"{evil}",5\n' * 6
    page = without_plotly(page_of(run, tmp_path, text, "--module", "m", "--items", "*", "--steps", f"{evil};b;c;d;5"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_is_vietnamese_unless_somebody_wants_english(run, tmp_path):
    page = without_plotly(page_of(run, tmp_path, wide(5, 5, 4, 3, 2), "--items", "Q1", "--steps", "1-5", language="vi"))
    assert '<html lang="vi">' in page
    assert "Điểm trung bình" in page
    assert "3,80" in page
    assert "60,0\u00a0%" in page


def sentences_of_the_code():
    """Every sentence that this part of the house gives to `translate`."""
    files = [*(HOUSE / "dashboards").glob("*.py"), *(HOUSE / "survey").glob("report*.py")]
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    translated = [call for call in calls if getattr(call.func, "id", "") in {"translate", "said"} and call.args]
    constants = [call.args[0].value for call in translated if isinstance(call.args[0], ast.Constant)]
    template = (HOUSE / "dashboards/templates/report.html").read_text()
    in_template = [b or a for a, b in re.findall(r"""translate\((?:'([^']+)'|"([^"]+)")\)""", template)]
    return {*constants, *in_template, *REFUSALS.values(), *SLIPS.values()}


def test_every_sentence_has_its_vietnamese_with_the_same_blanks():
    vietnamese = catalogue("vi")
    sentences = sentences_of_the_code()
    assert len(sentences) > 50
    assert not [sentence for sentence in sentences if not vietnamese.get(sentence)]
    blanks = re.compile(r"\{\w+\}")
    assert not [s for s in sentences if set(blanks.findall(s)) != set(blanks.findall(vietnamese[s]))]
