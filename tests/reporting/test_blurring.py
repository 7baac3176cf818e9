"""`gopy report` says where nearly everybody gave the same answer, and shows neither the answer nor who differed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.reporting.files import COURSE, course
from tests.reporting.test_page import without_plotly
from tests.results.pages import words

BEFORE = {"Họp": [2, 5, 7, 3, 3], "Dân vận": [2, 3, 6, 4, 5], "Tiếp dân": [1, 2, 9, 4, 4]}
OTHERS = {"Dân vận": [1, 2, 3, 3, 3], "Tiếp dân": [2, 2, 4, 3, 1]}
ALL, ALL_BUT_ONE = [0, 0, 0, 12, 0], [0, 0, 1, 11, 0]
LANGUAGES = pytest.mark.parametrize(
    ("language", "mark", "exact"),
    [
        ("vi", "gần như mọi người trả lời giống nhau", ("4,00", "3,92")),
        ("en", "nearly all the same", ("4.00", "3.92")),
    ],
)
REVISED = ("--revised", "Họp")


def content(ratings):
    """Module "Họp" of twelve people in the second cohort, in one module order whatever they answered."""
    return course({"K1": BEFORE, "K2": {"Họp": ratings, **OTHERS}})


def written(run, ratings, *options, **others):
    result = run(content(ratings), *COURSE, *options, **others)
    assert result.exit_code == 0, result.stderr
    return result.stdout


@LANGUAGES
@pytest.mark.parametrize("ratings", [ALL, ALL_BUT_ONE])
def test_the_page_says_that_nearly_all_agreed_and_not_on_what(run, language, mark, exact, ratings):
    path = written(run, ratings, *REVISED, language=language)
    page = without_plotly(Path(path.strip()).read_text("utf-8"))
    assert mark in page
    assert ("30 người đánh giá" if language == "vi" else "fewer than 30 rated") in page
    assert ("cố ý nới rộng" if language == "vi" else "widened on purpose") in page
    assert not [number for number in exact if number in words(page)]
    assert "3.91666" not in page
    assert "None" not in page


@LANGUAGES
def test_the_page_is_the_same_whether_all_or_all_but_one_agreed(run, language, mark, exact):
    pages = [
        Path(written(run, ratings, language=language).strip()).read_text("utf-8") for ratings in (ALL, ALL_BUT_ONE)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("shape", ["text", "json"])
def test_sentences_and_rows_are_the_same_whether_all_or_all_but_one_agreed(run, shape):
    said = [written(run, ratings, *REVISED, "--format", shape) for ratings in (ALL, ALL_BUT_ONE)]
    assert said[0] == said[1]


def test_a_row_of_json_has_n_and_intervals_and_nothing_exact(run):
    [row] = [
        row
        for row in json.loads(written(run, ALL, "--format", "json"))
        if (row["cohort"], row["module"]) == ("K2", "Họp")
    ]
    assert (row["blurred"], row["n"], row["counts"], row["mean"], row["top2_share"]) == (True, 12, None, None, None)
    assert row["mean_low"] == pytest.approx(3.2, abs=0.005)


def test_a_file_with_nothing_but_agreement_has_sentences_without_numbers(run):
    twelve = "m,q\n" + "Họp,4\n" * 12
    result = run(twelve, "--module", "m", "--items", "q", "--steps", "1-5", "--format", "text")
    assert result.exit_code == 0, result.stderr
    assert "nearly everybody gave the same answer" in result.stdout
    assert "4.00" not in result.stdout
