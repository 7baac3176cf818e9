"""Rows become frames: what comes out, what stays inside, and that reading endangers nobody's saves."""

from __future__ import annotations

import asyncio
import contextvars
import subprocess
import sys

import polars as pl
import pytest

from analytics import COUNTS, checked
from survey.database.frames import FROZEN, TAUGHT, asked_cohorts, frozen_counts, taught_modules
from survey.tables import CourseClass, Evaluation, FrozenCount, ModuleVersion, State
from tests.cast import saved
from tests.results.school import FAIR, GOOD, results_school

pytestmark = pytest.mark.anyio


async def test_counts_come_as_analytics_asks_for_them(database):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD}, absent={"01": 3}, versions={"01": 2})
    counts = checked(await frozen_counts([k1.evaluation.id]), COUNTS)
    assert counts.schema == FROZEN
    ratings = counts.filter(pl.col("item") == "useful").sort("step")
    assert ratings.select("step", "n").rows() == [(0, 3), (2, 1), (3, 8), (4, 21), (5, 30)]
    assert ratings.select("programme", "cohort", "class", "component", "module", "version").unique().rows() == [
        ("communes", "k1", "a", "C1", "01", 2)
    ]


async def test_what_was_asked_of_the_whole_course_has_no_module(database):
    school = await results_school()
    k1 = await school.sealed("k1", {}, course={"objectives": FAIR})
    counts = await frozen_counts([k1.evaluation.id])
    assert counts.select("module", "component", "version").unique().rows() == [(None, None, None)]


async def test_only_sealed_evaluations_have_counts(database):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD})
    await Evaluation.update({Evaluation.state: State.closed}).where(Evaluation.id == k1.evaluation.id)
    assert (await frozen_counts([k1.evaluation.id])).is_empty()


async def test_only_the_evaluations_asked_for_are_read(database):
    school = await results_school()
    k1, _ = await school.sealed("k1", {"01": GOOD}), await school.sealed("k2", {"01": FAIR})
    assert (await frozen_counts([k1.evaluation.id]))["cohort"].unique().to_list() == ["k1"]
    nobody = await frozen_counts([])
    assert nobody.is_empty()
    assert nobody.schema == FROZEN


async def test_classes_stay_apart_and_add_up(database):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD})
    other = await saved(CourseClass(cohort=k1.cohort.id, key="b", names={"vi": "Lớp B"}, enrolled=20))
    where = {"evaluation": k1.evaluation.id, "component": "C1", "module": "01", "item": "useful"}
    await saved(FrozenCount(course_class=other.id, step=5, n=7, **where))
    best = (await frozen_counts([k1.evaluation.id])).filter(pl.col("step") == 5).sort("class")
    assert best.select("class", "n").rows() == [("a", 30), ("b", 7)]


async def test_titles_come_as_they_were_written(database):
    school = await results_school()
    k1 = await school.opened("k1", modules={"04": ""})
    strange = '{"vi": "Dấu \\"nháy\\", dấu \' và\\nxuống dòng"}'
    await ModuleVersion.update({ModuleVersion.titles: strange}).where(ModuleVersion.module == school.modules["04"].id)
    taught = await taught_modules([k1.cohort.id])
    assert taught.schema == TAUGHT
    assert taught["titles"].str.json_path_match("$.vi").to_list() == ['Dấu "nháy", dấu \' và\nxuống dòng']


async def test_lessons_come_in_the_order_of_the_curriculum(database):
    school = await results_school()
    k1 = await school.opened("k1", modules=dict.fromkeys(["04", "02", "01", "03"]))
    assert (await taught_modules([k1.cohort.id]))["module"].to_list() == ["01", "02", "03", "04"]


async def test_a_cohort_says_how_many_answered_before_and_after_sealing(database):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD}, invalid=2)
    await school.opened("k2", answered=3, enrolled=40)
    rows = (await asked_cohorts([school.programme.id])).select("key", "state", "answered", "invalid", "enrolled").rows()
    assert rows == [("k1", "sealed", 62, 2, 70), ("k2", "open", 3, None, 40)]


PROBE = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0.2, isolation_level=None)
try:
    connection.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
else:
    print("wrote")
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_reading_frames_leaves_the_recorders_lock_in_place(database):
    """A second copy of SQLite in the process drops it, and another process then overwrites what was acknowledged."""
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD})
    async with database.kept_transaction():
        await saved(CourseClass(cohort=k1.cohort.id, key="b", names={"vi": "Lớp B"}, enrolled=20))
        # In a context of its own, as another request is: outside of the transaction.
        counts = await asyncio.get_running_loop().create_task(
            frozen_counts([k1.evaluation.id]), context=contextvars.Context()
        )
        assert counts.height > 0
        said = subprocess.run([sys.executable, "-c", PROBE, database.path], capture_output=True, text=True, check=True)
        assert said.stdout.strip() == "database is locked"
