"""Nothing is counted around privacy: the pages have one door to `analytics`, and whatever leaves by it is withheld."""

from __future__ import annotations

import ast
import types
from pathlib import Path

import polars as pl
import pytest

import analytics
from analytics import persons
from tests.analytics.answers import FIVE_STEPS, answers, together
from tests.test_map import ROOT

FEW = answers([0, 0, 0, 2, 2])
FEW_PICKS = answers([4], item="revise")
FEW_TWICE = together(FEW, answers([0, 0, 0, 2, 2], cohort="K2"))
FEW_LATER = together(FEW_TWICE, answers([0, 0, 0, 2, 2], cohort="K3"))
FEW_OF_TEN = answers([0, 0, 0, 2, 2], item="q10").with_columns(respondents=pl.lit("trainees"), criterion=pl.lit("c"))
TEN_STEPS = FIVE_STEPS.head(1).with_columns(item=pl.lit("q10"), steps=pl.lit(10, pl.Int16))
FOUR_COMMENTS = pl.DataFrame(
    {"cohort": ["K1"] * 4, "module": ["Họp"] * 4, "item": ["remark"] * 4, "text": ["tình huống"] * 4}
)
FOUR_ENROLLED = pl.DataFrame({"cohort": ["K1"], "answered": [2], "enrolled": [4]}).cast(
    {"answered": pl.Int64, "enrolled": pl.Int64}
)
FOUR = pl.DataFrame({"module": ["Họp"], "class": ["A"], "people": [4]})

# Each function that gives numbers about people, asked about four of them.
GIVE_NUMBERS = {
    "measures": lambda: analytics.measures(FEW, FIVE_STEPS),
    "compare": lambda: analytics.compare(FEW_TWICE, FIVE_STEPS, before="K1", after="K2"),
    "changes_to_previous": lambda: analytics.changes_to_previous(FEW_TWICE, FIVE_STEPS, cohorts=["K1", "K2"]),
    "pick_shares": lambda: analytics.pick_shares(FEW_PICKS),
    "against_cohort": lambda: analytics.against_cohort(FEW, FIVE_STEPS),
    "suppressed_totals": lambda: analytics.suppressed_totals(FOUR, by=["module", "class"], group=["class"]),
    "without_small_groups": lambda: analytics.without_small_groups(
        FOUR, size="people", smallest_group=5, numbers=["people"]
    ),
}
OF_THE_SCALE = {"steps"}  # says how the question was asked, and nothing of those who answered

# These count and withhold nothing: their counts are what the functions above are fed with. Who may call them is said.
COUNT = {
    "count_wide": {"survey/answering/sealing.py"},  # freezes the counts of an evaluation; no page
    "count_long": set(),
    "merge_counts": set(),
    "read_table": {"survey/planning/rosters.py", "survey/reporting.py"},  # a file that its owner hands in
    "shaped": {"survey/reporting.py"},  # `gopy report`: its counts go into `measures`
}

# The doors: `analytics` for counts, and a second one for whole forms, with those who may go by it. What comes out is
# withheld as well (tests/analytics/test_careless.py, test_reliability.py).
DOORS = {"analytics": analytics.__all__, "analytics.persons": persons.__all__}
TAKE_FORMS = {"survey/report_forms.py"}

# These give no number about anybody.
SAY_NOTHING_OF_PEOPLE = {
    "by_need_of_revision",  # orders rows that are withheld already
    "differencing",  # names cells, without a number
    "checked",
    "checked_items",
    "parse_scale",
    "parse_values",
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


def test_every_exported_function_is_in_one_of_the_tables():
    functions = {name for name in analytics.__all__ if isinstance(getattr(analytics, name), types.FunctionType)}
    assert functions == set(GIVE_NUMBERS) | set(COUNT) | SAY_NOTHING_OF_PEOPLE
    assert len(functions) == len(GIVE_NUMBERS) + len(COUNT) + len(SAY_NOTHING_OF_PEOPLE)


@pytest.mark.parametrize("name", GIVE_NUMBERS)
def test_of_few_people_every_number_is_withheld(name):
    said = GIVE_NUMBERS[name]()
    assert said.height >= 1
    assert said["withheld"].all()
    for column, dtype in said.schema.items():
        if (dtype.is_numeric() or (dtype == pl.List and dtype.inner.is_numeric())) and column not in OF_THE_SCALE:
            assert said[column].null_count() == said.height, column


@pytest.mark.parametrize("name", COUNT)
def test_counting_feeds_the_others_and_is_called_from_no_page(name):
    callers = {
        str(path.relative_to(ROOT)) for path in pages() if ("analytics", name) in set(taken_from_analytics(path))
    }
    assert callers == COUNT[name]
