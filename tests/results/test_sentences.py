"""Each sentence of the head's page has its condition, and none is stronger than its numbers."""

from __future__ import annotations

import polars as pl
import pytest

from survey.forms.library import library
from survey.results.cohorts import AskedForm, CohortResults
from survey.results.sentences import (
    Speaker,
    clear_changes,
    clear_standings,
    first_cohort,
    how_many_answered,
    not_compared,
    overall_change,
    signed,
)
from survey.tables import State

ENGLISH = Speaker("en")


def cohort(number, answered=80, enrolled=90):
    asked = AskedForm(evaluation=number, state=State.sealed, form=library()["core"], answered=answered)
    names = {"en": f"Cohort {number}", "vi": f"Khóa {number}"}
    return CohortResults(id=number, key=f"k{number}", names=names, programme=1, unit=1, enrolled=enrolled, asked=asked)


BEFORE, AFTER = cohort(3), cohort(4)
CHANGE = {
    "verdict": "no evidence",
    "blurred": False,
    "mean_before": 3.95,
    "mean_after": 3.9,
    "difference": -0.05,
    "difference_low": -0.3,
    "difference_high": 0.2,
    "n_before": 2400,
    "n_after": 2310,
}


def changes(**verdicts):
    return pl.DataFrame(
        {"title": list(verdicts), "verdict": list(verdicts.values())}, schema={"title": pl.String, "verdict": pl.String}
    )


def test_without_evidence_no_difference_and_no_likeness_is_claimed():
    said = overall_change(ENGLISH, BEFORE, AFTER, CHANGE)
    assert said.startswith("No evidence that Cohort 4 was rated differently from Cohort 3: mean 3.90, before 3.95;")
    assert "difference −0.05 (95 % interval −0.30 to +0.20; 2,310 and 2,400 ratings)" in said


@pytest.mark.parametrize(("verdict", "word"), [("higher", "better"), ("lower", "worse")])
def test_better_and_worse_are_said_only_for_their_verdicts(verdict, word):
    assert overall_change(ENGLISH, BEFORE, AFTER, {**CHANGE, "verdict": verdict}).startswith(
        f"Cohort 4 was rated {word} than Cohort 3"
    )


@pytest.mark.parametrize("verdict", ["higher", "lower", "no evidence"])
def test_of_a_blurred_change_the_interval_is_said_and_no_mean(verdict):
    blurred = {"blurred": True, "mean_after": None, "mean_before": None, "difference": None, "verdict": verdict}
    said = overall_change(ENGLISH, BEFORE, AFTER, {**CHANGE, **blurred})
    assert "because in some modules nearly everybody gave the same answer" in said
    assert "None" not in said
    assert "–" not in said


def test_too_few_answers_and_other_questions_are_not_compared():
    assert not_compared(ENGLISH, BEFORE, "scale") == (
        "Changes since Cohort 3 are not computed: this question has another scale."
    )
    assert overall_change(ENGLISH, BEFORE, AFTER, {**CHANGE, "verdict": "too few"}) == (
        "Too few answers to compare Cohort 4 with Cohort 3."
    )


def test_modules_are_named_only_where_their_change_is_clear():
    said = clear_changes(ENGLISH, BEFORE, changes(A="lower", B="no evidence", C="higher", D="too few", E="lower"))
    assert said == (
        "Clearly worse than in Cohort 3: “A”; “E”. Clearly better than in Cohort 3: “C”. "
        "Modules without a clear change: 1."
    )


def test_no_clear_change_is_said_with_the_number_of_modules_looked_at():
    assert clear_changes(ENGLISH, BEFORE, changes(A="no evidence", B="no evidence", C="too few")) == (
        "No module shows a clear change since Cohort 3 (modules compared: 2)."
    )


def test_where_nothing_can_be_compared_that_is_said():
    for rows in (changes(), changes(A="too few")):
        assert clear_changes(ENGLISH, BEFORE, rows).startswith("No module has enough answers in both cohorts")


def test_the_first_cohort_is_described_with_its_interval():
    measured = {"withheld": False, "mean": 4.0, "steps": 5, "mean_low": 3.8, "mean_high": 4.2, "n": 2400, "people": 80}
    measured["blurred"] = False
    assert first_cohort(ENGLISH, AFTER, measured) == (
        "Cohort 4 is the first cohort with results: mean 4.00 of 5 "
        "(95 % interval 3.80 to 4.20; 2,400 ratings by 80 trainees)."
    )
    for nothing in (None, {"withheld": True}):
        assert first_cohort(ENGLISH, AFTER, nothing) == "Cohort 4 has too few answers for results."


def test_in_the_first_cohort_modules_are_named_only_where_they_clearly_stand_out():
    def standings(**said):
        return pl.DataFrame({"title": list(said), "standing": list(said.values())})

    assert clear_standings(ENGLISH, standings(A="worse", B="around", C="better")) == (
        "Clearly below the cohort's mean: “A”. Clearly above the cohort's mean: “C”."
    )
    assert clear_standings(ENGLISH, standings(A="around", B="too few")).startswith(
        "No module is clearly below or above"
    )


def test_how_many_answered_is_a_rate_only_where_the_roster_allows_one():
    assert how_many_answered(ENGLISH, cohort(4)) == "80 of the 90 trainees of Cohort 4 answered (89%)."
    assert how_many_answered(ENGLISH, cohort(4, answered=95)) == "Answers from Cohort 4: 95."


def test_vietnamese_says_the_same_with_its_own_numbers():
    assert overall_change(Speaker("vi"), BEFORE, AFTER, CHANGE) == (
        "Chưa có bằng chứng là Khóa 4 được đánh giá khác Khóa 3: điểm trung bình 3,90, trước đó 3,95; chênh lệch −0,05 "
        "(khoảng tin cậy 95 %: −0,30 đến +0,20; 2.310 và 2.400 lượt đánh giá)."
    )


def test_a_change_shows_its_sign_and_nothing_has_none():
    assert [signed(value, "vi") for value in (0.123, -0.123, 0.001, -0.001, None)] == [
        "+0,12",
        "−0,12",
        "0,00",
        "0,00",
        "–",
    ]
