"""The map of the house (DESIGN of the imports): they point one way, towards what knows less."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FEATURES = {"answering", "planning", "results", "people", "demo"}

# What each part may import of ours.
ALLOWED = {
    "analytics": {"analytics"},
    "dashboards": {"dashboards", "analytics"},
    "survey.forms": {"survey.forms"},
    "survey.tables": {"survey.tables"},
    "survey.database": {"survey.database", "survey.tables", "survey.refusals", "survey.settings"},
}
FORBIDDEN_LIBRARIES = {
    "analytics": {"litestar", "piccolo", "plotly", "jinja2", "msgspec", "datetime", "time", "os", "sqlite3"},
    "dashboards": {"litestar", "piccolo", "scipy", "statsmodels", "sqlite3"},
    "survey.forms": {"litestar", "piccolo", "polars", "plotly", "jinja2"},
}


def imports(path):
    """Every module that a file imports when it is loaded or later; not what only a type checker reads."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module


def files(part):
    return sorted((ROOT / part.replace(".", "/")).rglob("*.py"))


@pytest.mark.parametrize("part", ALLOWED)
def test_a_part_imports_only_what_knows_less(part):
    for path in files(part):
        for name in imports(path):
            if name.split(".")[0] in {"survey", "analytics", "dashboards"}:
                assert any(name == one or name.startswith(one + ".") for one in ALLOWED[part]), f"{path}: {name}"


@pytest.mark.parametrize("part", FORBIDDEN_LIBRARIES)
def test_a_part_stays_away_from_libraries_that_are_not_its_business(part):
    for path in files(part):
        for name in imports(path):
            assert name.split(".")[0] not in FORBIDDEN_LIBRARIES[part], f"{path}: {name}"


def test_features_do_not_import_each_others_controllers():
    for feature in FEATURES:
        for path in files(f"survey.{feature}"):
            for name in imports(path):
                _, _, rest = name.partition("survey.")
                assert not (rest.endswith(".controller") and rest.split(".")[0] != feature), f"{path}: {name}"


def test_only_the_application_the_command_line_and_the_demo_know_every_feature():
    for part in ("survey.web", "survey.tables", "survey.database", "survey.forms"):
        for path in files(part):
            for name in imports(path):
                assert name.split(".")[1:2] not in [[feature] for feature in FEATURES], f"{path}: {name}"
