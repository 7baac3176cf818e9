"""What the document says of `analytics` is so: its example runs and prints this, and nothing is left out."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import types

import polars as pl
import pytest

import analytics
from analytics import effects, finding_rules, ordering, persons, ranking
from tests.test_map import ROOT

TEXT = (ROOT / "docs/analytics.md").read_text("utf-8")


def printed_by(code: str) -> str:
    out = io.StringIO()
    # Whatever the example sets for its tables is set back.
    with pl.Config(), contextlib.redirect_stdout(out):
        exec(compile(code, "docs/analytics.md", "exec"), {})
    return out.getvalue()


def test_the_examples_print_what_stands_below_them():
    examples = re.findall(r"```python\n(.*?)```\s+prints\s+```text\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) == TEXT.count("```python") >= 1
    for code, expected in examples:
        assert printed_by(code) == expected


def functions_of(package: types.ModuleType) -> list[str]:
    return [name for name in package.__all__ if inspect.isfunction(getattr(package, name))]


@pytest.mark.parametrize("name", [*functions_of(analytics), *functions_of(persons)])
def test_every_function_stands_in_the_document(name):
    assert f"`{name}`" in TEXT


def test_every_function_that_the_document_names_is_there():
    rows = re.findall(r"^\|[^|]*\| (`.*?) \|", TEXT, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert {"measures", "cronbach_alpha"} <= named
    known = {*analytics.__all__, *persons.__all__}
    columns = {*analytics.ITEMS, *analytics.COUNTS, *analytics.PLACES, "verdict", "standing", "sure"}
    assert named <= known | columns


@pytest.mark.parametrize(
    ("function", "words"),
    [
        ("compare", analytics.schemas.VERDICTS),
        ("revision_effects", effects.EFFECT_VERDICTS),
        ("trends", ("rising", "falling", "no evidence", "too few")),
        ("several", ("different", "no evidence", "too few")),
        ("ranked", ranking.RANK_VERDICTS),
        ("against_cohort", ordering.STANDINGS),
        ("control_limits", ("above", "below", "inside")),
        ("findings", finding_rules.SURENESS),
    ],
)
def test_every_verdict_stands_beside_its_function(function, words):
    [row] = [line for line in TEXT.split("### Verdicts")[1].splitlines() if re.match(rf"\| `?{function}`?[ ,]", line)]
    assert set(re.findall(r'"(.*?)"', row)) == set(words)
