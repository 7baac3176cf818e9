"""Nothing is counted around privacy: the pages have one door to `analytics`, and whatever leaves by it is withheld."""

from __future__ import annotations

import ast
import dataclasses
import types
from collections.abc import Collection
from pathlib import Path

import polars as pl
import pytest

import analytics
from analytics import persons
from tests.analytics.answers import FIVE_STEPS, answers, together
from tests.analytics.forms_to_read import forms, items, modules
from tests.analytics.written import comments
from tests.test_map import ROOT

FEW = answers([0, 0, 0, 2, 2])
FEW_PICKS = answers([4], item="revise")
FEW_TWICE = together(FEW, answers([0, 0, 0, 2, 2], cohort="K2"))
FEW_LATER = together(FEW_TWICE, answers([0, 0, 0, 2, 2], cohort="K3"))
COHORTS = ["K1", "K2", "K3"]
FEW_OF_TEN = answers([0] * 7 + [2, 2], item="q10", respondents="trainees", criterion="content")
TEN_STEPS = FIVE_STEPS.with_columns(item=pl.lit("q10"), steps=pl.lit(10, pl.Int16))
FOUR_INVALID = pl.DataFrame({"cohort": ["K1"], "respondents": ["trainees"], "invalid": [1]})
FOUR_COMMENTS = comments(*["tình huống thực tế"] * 4)
FOUR_COMMENTS_OF_TWELVE = comments(*["tình huống thực tế"] * 4, answered=12)  # which may be read, and not counted
FOUR_ENROLLED = pl.DataFrame({"cohort": ["K1"], "answered": [2], "enrolled": [4]})
FOUR = pl.DataFrame({"module": ["Họp"], "class": ["A"], "people": [4]})
FOUR_FORMS = forms("545", "454", "355", "544")

# Each function that gives numbers about people, asked about four of them.
GIVE_NUMBERS = {
    "measures": lambda: analytics.measures(FEW, FIVE_STEPS),
    "compare": lambda: analytics.compare(FEW_TWICE, FIVE_STEPS, before="K1", after="K2"),
    "changes_to_previous": lambda: analytics.changes_to_previous(FEW_TWICE, FIVE_STEPS, cohorts=["K1", "K2"]),
    "revision_effects": lambda: analytics.revision_effects(
        FEW_TWICE, FIVE_STEPS, before="K1", after="K2", revised=["Họp"]
    ),
    "trends": lambda: analytics.trends(FEW_LATER, FIVE_STEPS, cohorts=COHORTS),
    "several": lambda: analytics.several(FEW_LATER, FIVE_STEPS, cohorts=COHORTS),
    "control_limits": lambda: analytics.control_limits(FEW_LATER, FIVE_STEPS, cohorts=COHORTS),
    "pick_shares": lambda: analytics.pick_shares(FEW_PICKS),
    "against_cohort": lambda: analytics.against_cohort(FEW, FIVE_STEPS),
    "ranked": lambda: analytics.ranked(FEW, FIVE_STEPS, picks=analytics.pick_shares(FEW_PICKS)),
    "indices": lambda: analytics.indices(FEW_OF_TEN, TEN_STEPS, invalid=FOUR_INVALID),
    "response_rates": lambda: analytics.response_rates(FOUR_ENROLLED),
    "silent_bounds": lambda: analytics.silent_bounds(FEW, FIVE_STEPS, 4),
    "suppressed_totals": lambda: analytics.suppressed_totals(FOUR, by=["module", "class"], group=["class"]),
    "without_small_groups": lambda: analytics.without_small_groups(
        FOUR, size="people", smallest_group=5, numbers=["people"]
    ),
    "frequent_terms": lambda: analytics.frequent_terms(FOUR_COMMENTS_OF_TWELVE),
    "theme_counts": lambda: analytics.theme_counts(FOUR_COMMENTS_OF_TWELVE),
}
REPORTS = {
    "full_report": lambda: analytics.full_report(
        together(FEW_LATER, FEW_PICKS), FIVE_STEPS, cohorts=COHORTS, picks=["revise"]
    ),
}

# Those that read whole forms.
PERSONS_GIVE_NUMBERS = {
    "rater_agreement": lambda: persons.rater_agreement(FOUR_FORMS, modules(3)),
    "cronbach_alpha": lambda: persons.cronbach_alpha(FOUR_FORMS, items(3), by=()),
    "careless_forms": lambda: persons.careless_forms(forms("5" * 8, "4" * 8, "3" * 8, "2" * 8), modules(8)),
    "with_and_without": lambda: persons.with_and_without(FOUR_FORMS, modules(3)),
    "leniency_adjusted": lambda: persons.leniency_adjusted(FOUR_FORMS, modules(3), fewest_ratings=2),
    "gaps_by_position": lambda: persons.gaps_by_position(FOUR_FORMS, modules(3)),
    "module_reliability": lambda: persons.module_reliability(FOUR_FORMS, modules(3)),
    "intraclass_correlations": lambda: persons.intraclass_correlations(FOUR_FORMS, modules(3)),
}
PERSONS_GIVE_FORMS = {"without_careless"}  # whole forms, to be counted again; no page may take it

SAYS_HOW_IT_WAS_ASKED = {"steps", "position"}
"""Numbers that are of the question, and of nobody who answered it."""
COUNTS_WHAT_MAY_BE_SHOWN = {
    "revision_effects": {"controls"},  # unrevised modules
    "trends": {"cohorts"},
    "several": {"cohorts"},
}
"""How many other cells were shown, which everybody can count: none of four people."""

# These count and withhold nothing: their counts are what the functions above are fed with. Who may call them is said.
COUNT = {
    "count_wide": {"survey/answering/sealing.py"},  # freezes the counts of an evaluation; no page
    "count_long": set(),
    "count_files": set(),
    "merge_counts": set(),
    "read_table": {"survey/planning/rosters.py", "survey/reporting.py"},  # a file that its owner hands in
    "shaped": {"survey/reporting.py"},  # `gopy report`: its counts go into `measures`
}

# The doors: `analytics` for counts, and a second one for whole forms, with those who may go by it. What comes out is
# withheld as well (tests/analytics/test_careless.py, test_reliability.py).
DOORS = {"analytics": analytics.__all__, "analytics.persons": persons.__all__}
TAKE_FORMS = {"survey/report_forms.py"}

# These give texts, of which `smallest_group` people were asked, and no numbers of them.
GIVE_TEXTS = {
    "readable_comments": lambda: analytics.readable_comments(FOUR_COMMENTS),
    "masked_comments": lambda: analytics.masked_comments(FOUR_COMMENTS),
    "found_comments": lambda: analytics.found_comments(FOUR_COMMENTS, "tình"),
}

# These say what is in a frame of the functions above: of a withheld row, that there are too few answers.
FIND = {
    "findings_of_changes": lambda: analytics.findings_of_changes(GIVE_NUMBERS["compare"]()),
    "findings_of_effects": lambda: analytics.findings_of_effects(GIVE_NUMBERS["revision_effects"]()),
    "findings_of_measures": lambda: analytics.findings_of_measures(GIVE_NUMBERS["measures"]()),
    "findings_of_ranks": lambda: analytics.findings_of_ranks(GIVE_NUMBERS["ranked"]()),
    "findings_of_response": lambda: analytics.findings_of_response(GIVE_NUMBERS["response_rates"]()),
    "findings_of_silence": lambda: analytics.findings_of_silence(GIVE_NUMBERS["silent_bounds"]()),
    "findings_of_standings": lambda: analytics.findings_of_standings(
        GIVE_NUMBERS["against_cohort"](), GIVE_NUMBERS["measures"]()
    ),
    "findings_of_trends": lambda: analytics.findings_of_trends(GIVE_NUMBERS["trends"]()),
}

# These give no number about anybody.
SAY_NOTHING_OF_PEOPLE = {
    "answers_wanted",  # a formula of how many are enrolled, before anybody answers
    "by_need_of_revision",  # orders rows that are withheld already
    "checked",
    "checked_items",
    "comparability",  # of questions, not of answers
    "differencing",  # names cells, without a number
    "folded",  # of one text, letter by letter
    "parse_scale",
    "parse_values",
    "said",  # words for a finding
    "sentences_of",
    "tidied",
    "what_a_sample_bears",  # a formula of n, before anybody is asked
}


def pages():
    return sorted(path for part in ("survey", "dashboards") for path in (ROOT / part).rglob("*.py"))


def taken_from_analytics(path: Path):
    """(module, name) of whatever a file imports from `analytics`; no name where it imports the module itself."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, None) for name in node.names if name.name.split(".")[0] == "analytics")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "analytics":
            yield from ((node.module, name.name) for name in node.names)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("analytics."):
            yield node.value, None  # importlib would take it


def test_pages_take_from_analytics_only_what_it_exports():
    taken = [(path, *one) for path in pages() for one in taken_from_analytics(path)]
    assert taken
    for path, module, name in taken:
        assert name in DOORS.get(module, ()), f"{path}: {module}, {name}"


def test_whole_forms_are_read_in_one_place_only():
    takers = {path for path in pages() for module, _ in taken_from_analytics(path) if module == "analytics.persons"}
    assert {str(path.relative_to(ROOT)) for path in takers} == TAKE_FORMS


@pytest.mark.parametrize(
    "line",
    [
        "from analytics.cells import parts_of",
        "from analytics.persons.forms import answer_matrix",
        "from analytics.persons import forms",
        "from analytics import cells",
        "import analytics",
        "import analytics.cells as c",
        "from analytics import *",
        "import_module('analytics.cells')",
    ],
)
def test_every_way_around_would_be_seen(line, tmp_path):
    (tmp_path / "page.py").write_text(line)
    [(module, name)] = taken_from_analytics(tmp_path / "page.py")
    assert name not in DOORS.get(module, ())


def functions_of(package: types.ModuleType) -> list[str]:
    return sorted(name for name in package.__all__ if isinstance(getattr(package, name), types.FunctionType))


def test_every_exported_function_is_in_one_of_the_tables():
    tables = (GIVE_NUMBERS, REPORTS, GIVE_TEXTS, FIND, COUNT, SAY_NOTHING_OF_PEOPLE)
    assert sorted(name for table in tables for name in table) == functions_of(analytics)


def test_every_function_that_reads_whole_forms_is_in_one_of_the_tables():
    assert sorted([*PERSONS_GIVE_NUMBERS, *PERSONS_GIVE_FORMS]) == functions_of(persons)


@pytest.mark.parametrize("name", [*GIVE_NUMBERS, *PERSONS_GIVE_NUMBERS])
def test_of_few_people_every_number_is_withheld(name):
    all_numbers_are_withheld((GIVE_NUMBERS | PERSONS_GIVE_NUMBERS)[name](), but=COUNTS_WHAT_MAY_BE_SHOWN.get(name, ()))


@pytest.mark.parametrize("name", REPORTS)
def test_of_few_people_every_number_of_a_report_is_withheld(name):
    report = REPORTS[name]()
    for field in dataclasses.fields(report):
        all_numbers_are_withheld(getattr(report, field.name))


def all_numbers_are_withheld(said: pl.DataFrame, *, but: Collection[str] = ()):
    assert said.height >= 1
    assert said["withheld"].all()
    for column, dtype in said.schema.items():
        is_number = dtype.is_numeric() or (dtype == pl.List and dtype.inner.is_numeric())
        if is_number and column not in SAYS_HOW_IT_WAS_ASKED | {*but}:
            assert said[column].null_count() == said.height, column


@pytest.mark.parametrize("name", GIVE_TEXTS)
def test_of_few_people_no_text_is_given(name):
    assert GIVE_TEXTS[name]().height == 0


@pytest.mark.parametrize("name", FIND)
def test_of_few_people_nothing_is_found_but_that_they_are_few(name):
    findings = FIND[name]()
    assert findings
    for finding in findings:
        assert (finding.sure, finding.n, finding.numbers) == ("too few", None, {})


@pytest.mark.parametrize("name", COUNT)
def test_counting_feeds_the_others_and_is_called_from_no_page(name):
    callers = {
        str(path.relative_to(ROOT)) for path in pages() if ("analytics", name) in set(taken_from_analytics(path))
    }
    assert callers == COUNT[name]
