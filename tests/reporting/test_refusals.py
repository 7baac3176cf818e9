"""What `gopy report FILE` cannot use it refuses in words, never with a traceback."""

from __future__ import annotations

import pytest

from tests.reporting.files import COURSE, course, programme, wide

AGREEMENT = "Strongly Disagree,Disagree,Neutral,Agree,Strongly Agree"


def test_what_is_no_step_is_listed_and_refused(run, rows):
    text = wide(5, 6, 4, "4,5", 3, 5, 5).replace("4,5", '"4,5"')
    result = run(text, "--items", "Q1", "--steps", "1-5")
    assert result.exit_code == 2
    assert "row 3, column “Q1”: “6” is not a step of the scale" in result.stderr
    assert "row 5, column “Q1”: “4,5” is not a step of the scale" in result.stderr
    [row] = rows(text, "--items", "Q1", "--steps", "1-5", "--skip-bad")
    assert (row["n"], row["blank"]) == (5, 0)


def test_a_long_list_ends_somewhere(run):
    result = run(wide(*[f"{number}?" for number in range(250)]), "--items", "Q1", "--steps", "1-5")
    assert "... and 150 more." in result.stderr
    assert result.stderr.count("\n") < 110


def test_a_label_that_was_forgotten_is_said_once_with_its_count(run):
    words = ["Agree"] * 30 + ["Unsure"] * 12 + ["Absent"] * 4
    result = run(wide(*words), "--items", "Q1", "--steps", AGREEMENT)
    assert result.exit_code == 2
    assert result.stderr.count("Unsure") == 1
    assert "row 32, column “Q1”, and so on in 12 places: “Unsure” is not a step of the scale." in result.stderr
    assert result.stderr.count("“Absent” is not a step") == 4, "a few are shown where they stand"


def test_ragged_rows_are_listed_and_left_out_only_when_asked(run, rows):
    text = wide(5, 5, 5, 5, 5) + "Họp,5,5\nHọp\n"
    result = run(text, "--items", "Q1", "--steps", "1-5")
    assert result.exit_code == 2
    assert "row 7: more cells than the header has (3 / 2)" in result.stderr
    assert "row 8: fewer cells than the header has (1 / 2)" in result.stderr
    assert rows(text, "--items", "Q1", "--steps", "1-5", "--skip-bad")[0]["n"] == 5


def test_two_columns_of_one_name_are_refused_and_the_first_counts_when_asked(run, rows):
    text = "Q1,Q1,Note,Note\n" + "5,1,,\n4,2,,\n" * 3
    assert "more than one column has this name" in run(text, "--items", "Q*", "--steps", "1-5").stderr
    assert rows(text, "--items", "Q*", "--steps", "1-5", "--skip-bad")[0]["mean"] == 4.5


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


TWO_COHORTS = course({"K1": programme(3, cohort=1) | {"Cũ": [2, 2, 2, 2, 2]}, "K2": programme(3, cohort=2)})
NO_COHORT = tuple(option for option in COURSE if option not in ("--cohort", "k"))


@pytest.mark.parametrize("output", ["html", "text", "json"])
@pytest.mark.parametrize(
    ("options", "english", "vietnamese"),
    [
        ([*COURSE, "--cohorts", "K1,K9"], "no cohort “K9”. Did you mean “K", "Không có khóa “K9”"),
        ([*COURSE, "--cohorts", "K1,Xuân"], "no cohort “Xuân”. The file has: “K1”, “K2”.", "Các khóa trong tệp: “K1”"),
        ([*COURSE, "--cohorts", "K1,K2,K1"], "names “K1” twice", "nêu “K1” hai lần"),
        ([*NO_COHORT, "--cohorts", "K1"], "which column holds them", "cột nào chứa khóa bằng --cohort"),
        (
            [*COURSE, "--revised", "CĐ9"],
            "No module “CĐ9” was rated both in “K1” and in “K2”.",
            "Có ở cả hai khóa: “CĐ0”",
        ),
        ([*COURSE, "--revised", "Cũ"], "In both: “CĐ0”, “CĐ1”, “CĐ2”.", "Không có chuyên đề “Cũ” được đánh giá"),
        ([*NO_COHORT, "--revised", "CĐ1"], "there are no two cohorts", "không có đủ hai khóa"),
        ([*COURSE, "--revised", "CĐ1", "--cohorts", "K2"], "there are no two cohorts", "không có đủ hai khóa"),
        (
            ["--cohort", "k", "--items", "q", "--revised", "CĐ1"],
            "say with --module",
            "cột nào chứa chuyên đề bằng --module",
        ),
    ],
)
def test_cohorts_and_modules_that_are_not_there_are_refused_in_words(run, options, english, vietnamese, output):
    for language, sentence in (("en", english), ("vi", vietnamese)):
        result = run(TWO_COHORTS, *options, "--format", output, language=language)
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
        assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("output", ["html", "text", "json"])
@pytest.mark.parametrize("fewest", ["-1", "0", "1", "2"])
def test_groups_that_protect_nobody_are_refused_in_words(run, fewest, output):
    for language, sentence in (
        ("en", f"--smallest-group must be 3 or more, not {fewest}: of two people each knows the other's answer."),
        ("vi", f"--smallest-group phải từ 3 trở lên, không thể là {fewest}: trong hai người"),
    ):
        options = ("--items", "Q1", "--steps", "1-5", "--smallest-group", fewest, "--format", output)
        result = run(wide(5, 4, 4, 3, 2), *options, language=language)
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
        assert isinstance(result.exception, SystemExit)


def test_groups_of_three_are_not_refused(rows):
    assert rows(wide(5, 4, 4), "--items", "Q1", "--steps", "1-5", "--smallest-group", "3")[0]["n"] == 3


@pytest.mark.parametrize("output", ["html", "text", "json"])
def test_a_scale_is_not_inferred_from_few_people_whose_highest_answer_it_would_tell(run, output):
    for language, sentence in (("en", "Give it with --steps, as in 1-5."), ("vi", "Hãy nêu bằng --steps")):
        result = run(wide(2, 3, 3, 2), "--items", "Q1", "--format", output, language=language)
        assert (result.exit_code, result.stdout) == (2, "")
        assert sentence in result.stderr
        assert "1–3" not in result.stderr


def test_a_refusal_does_not_list_hundreds_of_modules(run):
    text = course({cohort: {f"CĐ{i}": [1] for i in range(200)} for cohort in ("K1", "K2")})
    assert "“CĐ11”, ..." in run(text, *COURSE, "--revised", "Họp").stderr


@pytest.mark.parametrize("name", ["broken.xlsx", "broken.parquet", "broken.xls"])
@pytest.mark.parametrize("content", [b"PK\x03\x04 not really", b"", b"Q1\n5\n"])
def test_damaged_files_are_refused_in_words(run, name, content):
    result = run(content, "--items", "Q1", name=name)
    assert (result.exit_code, isinstance(result.exception, SystemExit)) == (2, True)
    assert name in result.stderr


def test_a_place_that_cannot_be_written_is_said(run, tmp_path):
    result = run(wide(5, 5), "--items", "Q1", "--steps", "1-5", "--output", str(tmp_path / "no" / "where.html"))
    assert (result.exit_code, "cannot be written" in result.stderr) == (2, True)
