"""Whatever function shows nearly unanimous cells, nobody can tell by it whether somebody differed."""

from __future__ import annotations

import dataclasses
import inspect

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import analytics
from analytics import persons
from tests.analytics.answers import FIVE_STEPS, answers, scale, together
from tests.analytics.forms_to_read import frame, places
from tests.analytics.test_blurring import distribution, sizes, steps
from tests.analytics.test_doors import FIND, GIVE_NUMBERS, REPORTS, TEN_STEPS

few_examples = settings(max_examples=12, deadline=None)

COHORTS = [f"K{number}" for number in range(1, 9)]
MODULES = ["Dân vận", "Đất đai", "Hộ tịch", "Ngân sách", "Quy hoạch", "Tiếp dân", "Văn hóa"]
ORDINARY = together(
    *(
        answers([1 + (place + when) % 3, 3, 5 + when % 2, 9 + place, 6], cohort=cohort, module=module)
        for when, cohort in enumerate(COHORTS)
        for place, module in enumerate(MODULES)
    )
)
"""Seven modules of eight cohorts, in which people differ."""

# Each function that shows or uses what cells hold, asked of K7 and K8 at least.
TELL = {
    "measures": analytics.measures,
    "compare": lambda counts, items: analytics.compare(counts, items, before="K7", after="K8"),
    "changes_to_previous": lambda counts, items: analytics.changes_to_previous(counts, items, cohorts=COHORTS),
    "revision_effects": lambda counts, items: analytics.revision_effects(
        counts, items, before="K7", after="K8", revised=["Họp"]
    ),
    "trends": lambda counts, items: analytics.trends(counts, items, cohorts=COHORTS),
    "several": lambda counts, items: analytics.several(counts, items, cohorts=COHORTS),
    "control_limits": lambda counts, items: analytics.control_limits(counts, items, cohorts=COHORTS),
    "against_cohort": analytics.against_cohort,
    "ranked": analytics.ranked,
    "silent_bounds": lambda counts, items: analytics.silent_bounds(counts, items, 60),
    "indices": lambda counts, _: analytics.indices(
        counts.with_columns(item=pl.lit("q10"), respondents=pl.lit("trainees"), criterion=pl.col("module")), TEN_STEPS
    ),
    "indices of one group": lambda counts, _: analytics.indices(
        counts.with_columns(item=pl.lit("q10"), respondents=pl.lit("trainees"), criterion=pl.col("module")),
        TEN_STEPS,
        group=(),
    ),
    # Revised modules were blurred above; here they are those that nobody revised.
    "revision_effects of others": lambda counts, items: analytics.revision_effects(
        counts, items, before="K7", after="K8", revised=MODULES[:2]
    ),
    "measures of components": lambda counts, items: analytics.measures(
        counts, items, by=("cohort", "component", "item")
    ),
    "compare of components": lambda counts, items: analytics.compare(
        counts, items, before="K7", after="K8", by=("component", "item")
    ),
}
LEFT_OUT = {
    "pick_shares": "that nobody picked a module tells of nobody what they think of it",
    "response_rates": "counts who answered, not what",
    "suppressed_totals": "counts people",
    "without_small_groups": "cells that somebody else has counted",
    "frequent_terms": "counts words",
    "theme_counts": "counts words",
}
REPORT = {"full_report": lambda counts, items: analytics.full_report(counts, items, cohorts=COHORTS)}
FINDINGS = {
    "findings_of_measures": "measures",
    "findings_of_changes": "changes_to_previous",
    "findings_of_effects": "revision_effects",
    "findings_of_trends": "trends",
    "findings_of_ranks": "ranked",
    "findings_of_silence": "silent_bounds",
}
NO_FINDINGS_OF_CELLS = {"findings_of_response"}

# Each function of `analytics.persons`; `without_careless` gives forms, which are counted again and blurred then.
OF_FORMS = {
    "rater_agreement": persons.rater_agreement,
    "cronbach_alpha": persons.cronbach_alpha,
    "cronbach_alpha of all": lambda ratings, where: persons.cronbach_alpha(ratings, where, by=()),
    "careless_forms": persons.careless_forms,
    "with_and_without": persons.with_and_without,
    "gaps_by_position": persons.gaps_by_position,
    "leniency_adjusted": lambda ratings, where: persons.leniency_adjusted(ratings, where, fewest_ratings=2),
    "leniency_adjusted of some": lambda ratings, where: persons.leniency_adjusted(ratings, where, fewest_ratings=5),
    "module_reliability": persons.module_reliability,
    "intraclass_correlations": persons.intraclass_correlations,
}
FIVE_MODULES = places([(module, item, 5) for module in MODULES[:5] for item in ("clear", "useful")])


def tables(step, n, odd, *, where, other):
    """Two tables that differ only in this: in one of them somebody differed, in the other nobody."""
    for one in (odd, step):
        sides = {"K7": distribution(step, n, one), "K8": other}
        if where == "K8":
            sides = {"K7": other, "K8": distribution(step, n, one)}
        yield together(ORDINARY, *(answers(ratings, cohort=cohort) for cohort, ratings in sides.items()))


pairs_of_tables = given(
    steps,
    sizes,
    steps,
    st.sampled_from(["K7", "K8"]),
    st.sampled_from([[2, 3, 4, 6, 5], [0, 0, 0, 1, 11], [0, 12, 0, 0, 0]]),
    st.sampled_from(["up", "down"]),
)


def test_every_function_that_tells_of_ratings_is_asked():
    asked = {name.split(" ")[0] for name in TELL}
    assert asked | set(LEFT_OUT) == set(GIVE_NUMBERS)
    assert set(REPORT) == set(REPORTS)
    assert set(FINDINGS) | NO_FINDINGS_OF_CELLS | {"findings_of_standings"} == set(FIND)


@pytest.mark.parametrize("name", TELL)
@few_examples
@pairs_of_tables
def test_no_function_tells_whether_somebody_differed(name, step, n, odd, where, other, direction):
    items = scale(direction=direction)
    said = [TELL[name](counts, items) for counts in tables(step, n, odd, where=where, other=other)]
    assert_frame_equal(*said)


@few_examples
@pairs_of_tables
def test_no_report_tells_whether_somebody_differed(step, n, odd, where, other, direction):
    items = scale(direction=direction)
    first, second = (REPORT["full_report"](c, items) for c in tables(step, n, odd, where=where, other=other))
    for field in dataclasses.fields(first):
        assert_frame_equal(getattr(first, field.name), getattr(second, field.name))


@pytest.mark.parametrize("name", FINDINGS)
@few_examples
@pairs_of_tables
def test_no_finding_tells_whether_somebody_differed(name, step, n, odd, where, other, direction):
    items, find = scale(direction=direction), getattr(analytics, name)
    first, second = (
        find(TELL[FINDINGS[name]](counts, items)) for counts in tables(step, n, odd, where=where, other=other)
    )
    assert first == second


def whole_forms(step, n, odd, *, careless, gaps, seed):
    """Two sets of forms that differ in one rating of the first place, where all others gave the same one."""
    for one in (odd, step):
        chance = np.random.default_rng(seed)
        table = chance.integers(1, 6, (n, FIVE_MODULES.height)).astype(np.float64)
        table[:careless] = step + 1
        table[chance.random(table.shape) < gaps] = np.nan
        # Of this form no rating decides whether it is flagged.
        table[-1] = [1, 4, 3, 5, 4, 2, 3, 5, 1, 4]
        table[:, 0] = step + 1
        table[-1, 0] = one + 1
        yield frame(table)


forms_of_people = given(
    steps, sizes, steps, st.sampled_from([0, 0, 3, 7]), st.sampled_from([0, 0.2, 0.5]), st.integers(0, 99)
)


def test_every_function_of_whole_forms_is_asked():
    functions = {name for name in persons.__all__ if inspect.isfunction(getattr(persons, name))}
    assert {name.split(" ")[0] for name in OF_FORMS} | {"without_careless"} == functions


@pytest.mark.parametrize("name", OF_FORMS)
@settings(max_examples=25, deadline=None)
@forms_of_people
def test_no_function_of_whole_forms_tells_whether_somebody_differed(name, step, n, odd, careless, gaps, seed):
    both = whole_forms(step, n, odd, careless=min(careless, n - 1), gaps=gaps, seed=seed)
    assert_frame_equal(*(OF_FORMS[name](ratings, FIVE_MODULES) for ratings in both))


def test_it_is_not_told_either_whether_all_forms_but_one_have_one_answer():
    alike = np.full((12, 10), 5.0)
    for odd in ([1, 4, 3, 5, 4, 2, 3, 5, 1, 4], [5] * 9 + [np.nan], [5] * 5 + [np.nan] * 5, [5] * 9 + [4]):
        table = alike.copy()
        table[-1] = odd
        assert_frame_equal(*(persons.careless_forms(frame(some), FIVE_MODULES) for some in (alike, table)))
    said = persons.careless_forms(frame(alike), FIVE_MODULES)
    assert said["withheld"].all()
    assert said["n"].null_count() == 4


def test_numbers_of_those_used_and_left_out_are_no_way_round():
    # Six people rated all of three modules and agree on the first, six rated the first only and do not.
    ratings = [[5, step, 1 + (step + 2) % 5] for step in (1, 2, 3, 4, 5, 3)]
    ratings += [[step, np.nan, np.nan] for step in (1, 2, 3, 4, 5, 3)]
    where = places([(module, "useful", 5) for module in MODULES[:3]])
    said = persons.leniency_adjusted(frame(np.array(ratings)), where, fewest_ratings=2)
    assert said["withheld"].to_list() == [False] * 3
    assert said["adjusted_withheld"].to_list() == [True, False, False]
    turned = [[step, 1 + step % 5, 1 + (step + 2) % 5] for step in (1, 2, 3, 4, 5, 3)] + [[5, np.nan, np.nan]] * 6
    said = persons.leniency_adjusted(frame(np.array(turned)), where, fewest_ratings=2)
    assert said["adjusted_withheld"].to_list() == [True, False, False]


@pytest.mark.parametrize("name", ["rater_agreement", "leniency_adjusted", "gaps_by_position", "with_and_without"])
def test_of_whole_forms_only_what_nearly_all_agreed_on_is_withheld(name):
    [ratings, _] = whole_forms(4, 29, 2, careless=0, gaps=0, seed=1)
    assert OF_FORMS[name](ratings, FIVE_MODULES)["withheld"].to_list() == [True] + [False] * 9
    [ratings, _] = whole_forms(4, 30, 2, careless=0, gaps=0, seed=1)
    assert not OF_FORMS[name](ratings, FIVE_MODULES)["withheld"].any()


def test_the_door_would_be_seen_open():
    # Without the blur the very same tables are told apart: the tests above can fail.
    for name in ("measures", "compare", "against_cohort", "ranked"):
        tell = getattr(analytics, name)
        more = {"before": "K7", "after": "K8"} if name == "compare" else {}
        said = [
            tell(counts, FIVE_STEPS, unanimous_below=0, **more)
            for counts in tables(4, 12, 0, where="K8", other=[2, 3, 4, 6, 5])
        ]
        assert not said[0].equals(said[1]), name
    for name in {name.split(" ")[0] for name in OF_FORMS} - {"careless_forms"}:
        more = {"fewest_ratings": 2} if name == "leniency_adjusted" else {}
        said = [
            getattr(persons, name)(ratings, FIVE_MODULES, unanimous_below=0, **more)
            for ratings in whole_forms(4, 12, 0, careless=0, gaps=0, seed=1)
        ]
        assert not said[0].equals(said[1]), name


def test_every_one_of_them_blurs_by_the_policys_number_unless_said():
    for name in {name.split(" ")[0] for name in (*TELL, *REPORT, *OF_FORMS)}:
        parameters = inspect.signature(getattr(analytics, name, None) or getattr(persons, name)).parameters
        assert parameters["unanimous_below"].default == analytics.Policy().unanimous_below, name


@pytest.mark.parametrize(
    "name", ["measures", "compare", "revision_effects", "control_limits", "against_cohort", "ranked"]
)
def test_the_rows_of_a_blurred_cell_are_marked(name):
    [counts, _] = tables(4, 12, 4, where="K8", other=[2, 3, 4, 6, 5])
    said = TELL[name](counts, FIVE_STEPS)
    now = said.filter(pl.col("cohort") == "K8") if "cohort" in said.columns else said
    assert dict(now.select("module", "blurred").iter_rows())["Họp"] is True
    assert now.filter(pl.col("module") != "Họp")["blurred"].any() is False


def test_a_standing_is_told_and_no_distance():
    [counts, _] = tables(0, 25, 0, where="K8", other=[2, 3, 4, 6, 5])
    [row] = analytics.against_cohort(counts, FIVE_STEPS).filter(cohort="K8", module="Họp").rows(named=True)
    assert (row["standing"], row["from_cohort"], row["cohort_mean"]) == ("worse", None, None)


def test_findings_of_blurred_cells_have_words_and_no_exact_numbers():
    [counts, _] = tables(4, 25, 4, where="K8", other=[9, 6, 4, 2, 1])
    standings = analytics.against_cohort(counts, FIVE_STEPS)
    found = {
        "standing.blurred_better": analytics.findings_of_standings(standings, analytics.measures(counts, FIVE_STEPS)),
        "change.blurred_better": analytics.findings_of_changes(TELL["compare"](counts, FIVE_STEPS)),
        "measure.blurred": analytics.findings_of_measures(analytics.measures(counts, FIVE_STEPS)),
        "effect.blurred": analytics.findings_of_effects(TELL["revision_effects"](counts, FIVE_STEPS)),
    }
    exact = {"mean", "mean_after", "mean_before", "difference", "p_higher", "cliffs_delta", "top2_share", "favourable"}
    exact |= {"change", "effect", "expected", "from_cohort"}
    for what, findings in found.items():
        [one] = [finding for finding in findings if finding.what == what]
        assert one.notes == ("note.blurred",)
        assert not exact & set(one.numbers), what
        vi, en = (analytics.said(one, language=language) for language in ("vi", "en"))
        assert "gần như tất cả đã trả lời giống nhau" in vi
        assert "nearly everybody gave the same answer" in en
        assert "–" not in vi + en
