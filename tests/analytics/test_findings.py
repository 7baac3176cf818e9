"""Findings hold what their sentences need: where, how many, in which order; and nothing of what is withheld."""

from __future__ import annotations

import math

import pytest

from analytics import (
    FrameError,
    compare,
    findings_of_changes,
    findings_of_effects,
    findings_of_measures,
    findings_of_response,
    findings_of_standings,
    measures,
)
from analytics.ordering import against_cohort
from tests.analytics import shown
from tests.analytics.answers import FIVE_STEPS, answers, together
from tests.analytics.shown import FELL, finding, findings


def test_what_is_no_number_counts_as_missing():
    assert finding("trend", slope=math.nan).what == "trend.too_few"
    assert finding("effect", effect=math.nan, effect_low=math.nan).what == "effect.no_controls"


@pytest.mark.parametrize("kind", shown.ROWS)
def test_too_few_answers_keep_their_numbers(kind):
    """Also where a frame still holds the numbers of a row that is withheld."""
    withheld = {"standing": "too few"} if kind == "standing" else {"withheld": True}
    found = finding(kind, **withheld, **({"direction": "down"} if "direction" in shown.ROWS[kind] else {}))
    assert (found.sure, found.n, found.notes, found.numbers) == ("too few", None, (), {})


@pytest.mark.parametrize(
    ("kind", "n"),
    [
        ("change", 38),
        ("effect", 38),
        ("trend", 241),
        ("standing", 38),
        ("rank", 38),
        ("measure", 38),
        ("response", 80),
        ("silence", 80),
    ],
)
def test_a_finding_says_how_many_it_rests_on_of_two_sides_the_smaller(kind, n):
    assert finding(kind).n == n


def test_a_finding_says_where():
    assert finding("change").where == {"module": "Họp", "item": "useful", "before": "K3", "after": "K4"}
    assert finding("rank").where == {"cohort": "K4", "module": "Họp", "item": "useful"}
    assert finding("response").where == {"cohort": "K4"}
    by_class = {"cohort": "K4", "class": "A", **{name: shown.RESPONSE[name] for name in list(shown.RESPONSE)[1:]}}
    assert findings("response", by_class)[0].where == {"cohort": "K4", "class": "A"}


def test_what_is_clear_and_large_comes_first_and_too_few_last():
    rows = [
        {**shown.CHANGE, "module": "few", "withheld": True},
        {**shown.CHANGE, "module": "large, unclear", "cliffs_delta": 0.9, "verdict": "no evidence"},
        {**shown.CHANGE, "module": "small"},
        {**shown.CHANGE, **FELL, "module": "large", "cliffs_delta": -0.5},
    ]
    assert [found.where["module"] for found in findings("change", *rows)] == ["large", "small", "large, unclear", "few"]


def test_the_lowest_response_comes_first():
    rows = [{**shown.RESPONSE, "cohort": f"K{n}", "answered": n} for n in (80, 40, 60)]
    assert [found.n for found in findings("response", *rows)] == [40, 60, 80]


def test_the_smallest_group_is_spoken_of_and_a_smaller_one_is_not():
    assert findings_of_measures(measures(answers([0, 0, 0, 0, 5]), FIVE_STEPS))[0].n == 5
    assert findings_of_measures(measures(answers([0, 0, 0, 0, 4]), FIVE_STEPS))[0].what == "measure.too_few"


def test_favourable_ratings_are_counted_in_whole_numbers():
    ratings = (answers([100 - good, 0, 0, 0, good], module=f"{good}") for good in range(101))
    found = findings_of_measures(measures(together(*ratings), FIVE_STEPS))
    assert {one.where["module"]: one.numbers["favourable"] for one in found} == {f"{n}": n for n in range(101)}


def test_a_module_that_was_not_measured_has_too_few_answers():
    counts = together(answers([10, 20, 10]), answers([0, 0, 0, 10, 30], module="Dân vận"))
    standings, measured = against_cohort(counts, FIVE_STEPS), measures(counts, FIVE_STEPS)
    found = findings_of_standings(standings, measured.filter(module="Họp"))
    assert {one.where["module"]: one.what for one in found} == {
        "Họp": "standing.worse",
        "Dân vận": "standing.too_few",
    }


def test_three_hundred_modules_are_three_hundred_findings():
    rows = [{**shown.CHANGE, "module": f"m{place}", "cliffs_delta": place / 300} for place in range(300)]
    assert [found.where["module"] for found in findings("change", *rows)] == [
        f"m{place}" for place in range(299, -1, -1)
    ]


def test_no_rows_no_findings():
    nothing = compare(answers([]), FIVE_STEPS, before="K3", after="K4")
    assert findings_of_changes(nothing) == []
    assert findings_of_measures(measures(answers([]), FIVE_STEPS)) == []
    assert findings_of_response(shown.frame(shown.RESPONSE).clear()) == []


@pytest.mark.parametrize(
    ("findings_of", "row", "name"),
    [
        (findings_of_changes, shown.CHANGE, "p_adjusted"),
        (findings_of_effects, shown.EFFECT, "shift"),
        (findings_of_measures, shown.MEASURE, "n"),
        (findings_of_response, shown.RESPONSE, "enrolled"),
    ],
)
def test_a_missing_column_is_named(findings_of, row, name):
    with pytest.raises(FrameError, match=f"The column '{name}' is missing"):
        findings_of(shown.frame(row).drop(name))


def test_standings_are_measured_by_cohort_module_and_item():
    with pytest.raises(FrameError, match="The column 'cohort' is missing"):
        findings_of_standings(shown.frame(shown.STANDING), shown.frame(shown.MEASURE).drop("cohort"))


def test_further_columns_behind_do_no_harm():
    further = shown.frame({**shown.CHANGE, "further": "x", "top2_before": 0.5})
    assert findings_of_changes(further)[0].where == finding("change").where
