"""The migrations make exactly the schema that the tables speak of, on both engines, and hold what must never happen."""

import sqlite3
import uuid

import asyncpg
import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate, pending_migrations
from survey.tables import (
    TABLES,
    ClassLink,
    Cohort,
    CourseClass,
    Evaluation,
    Programme,
    Questionnaire,
    Response,
    Ticket,
    Unit,
)
from tests.cast import open_school, saved
from tests.conftest import ENGINES, run_statement

pytestmark = pytest.mark.anyio

REFUSED = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)


FIRST_RELEASE = "2026-11-22T00:00:00:000001"


@pytest.fixture(params=ENGINES)
async def first_release(request, anyio_backend, tmp_path):
    """A database as the first release made it, with nothing in it."""
    url = f"sqlite:///{tmp_path / 'first.sqlite'}"
    if request.param == "postgres":
        server, name = request.getfixturevalue("postgres"), f"first_{uuid.uuid4().hex[:12]}"
        await run_statement(server(), f'CREATE DATABASE "{name}"')
        url = server(name)
    async with connected(url) as engine:
        await migrate(FIRST_RELEASE)
        yield engine
    if request.param == "postgres":
        await run_statement(server(), f'DROP DATABASE "{name}" WITH (FORCE)')


async def an_open_evaluation_of_the_first_release():
    """Its rows, each written as that release wrote it, with an answer."""
    unit = await saved(Unit(key="u", names={"vi": "Khoa"}))
    programme = await saved(Programme(key="p", names={"vi": "Chương trình"}, unit=unit.id))
    cohort = await saved(Cohort(programme=programme.id, unit=unit.id, key="k1", position=1, names={"vi": "Khóa 1"}))
    lop = await saved(CourseClass(cohort=cohort.id, key="a", names={"vi": "Lớp A"}, enrolled=30))
    form = await saved(Questionnaire(key="core", version=1, published=True, definition="{}"))
    [evaluation] = await Evaluation.raw(
        "INSERT INTO evaluation (cohort, questionnaire, purpose, state, grace_minutes, scrubbed)"
        " VALUES ({}, {}, 'daily', 'open', 30, false) RETURNING id",
        cohort.id,
        form.id,
    )
    await saved(ClassLink(evaluation=evaluation["id"], course_class=lop.id, code="LOPA"))
    answer = {"evaluation": evaluation["id"], "course_class": lop.id, "sequence": 1, "document": "{}"}
    await Response.insert(Response(receipt="r" * 32, **answer))
    return evaluation["id"]


async def columns(table, engine):
    name = table._meta.tablename
    if engine.engine_type == "sqlite":
        return {row["name"] for row in await table.raw(f"PRAGMA table_info('{name}')")}
    query = "SELECT column_name FROM information_schema.columns WHERE table_name = {}"
    return {row["column_name"] for row in await table.raw(query, name)}


async def test_every_table_has_the_columns_that_its_class_names(database):
    for table in TABLES:
        assert await columns(table, database) == {column._meta.name for column in table._meta.columns}


async def test_migrating_again_changes_nothing_and_keeps_rows(database):
    school = await open_school()
    await migrate()
    assert await pending_migrations() == []
    assert (await Unit.select())[0]["id"] == school.unit.id


async def test_evaluations_of_the_first_release_ask_about_all_lessons_and_keep_what_hangs_on_them(first_release):
    evaluation = await an_open_evaluation_of_the_first_release()
    assert await pending_migrations() == ["2026-11-22T00:00:00:000002"]
    await migrate()
    assert await pending_migrations() == []
    (row,) = await Evaluation.select()
    assert (row["id"], row["purpose"], row["share"]) == (evaluation, "daily", None)
    assert [row["evaluation"] for row in await Response.select()] == [evaluation]
    assert [row["evaluation"] for row in await ClassLink.select()] == [evaluation]
    for table in TABLES:
        assert await columns(table, first_release) == {column._meta.name for column in table._meta.columns}


async def test_a_share_is_at_least_one_lesson(database):
    school = await open_school()
    one = Evaluation.id == school.evaluation.id
    await Evaluation.update({Evaluation.share: 1}).where(one)
    with pytest.raises(REFUSED):
        await Evaluation.update({Evaluation.share: 0}).where(one)


async def test_a_published_questionnaire_cannot_be_changed_or_deleted_by_anybody(database):
    school = await open_school()
    published = Questionnaire.id == school.evaluation.questionnaire
    with pytest.raises(REFUSED, match="next version"):
        await Questionnaire.update({Questionnaire.definition: "{}"}).where(published)
    with pytest.raises(REFUSED):
        await Questionnaire.delete().where(published)


async def test_a_ticket_cannot_exist_twice(database):
    school = await open_school()
    ticket = {"digest": "x" * 32, "evaluation": school.evaluation.id, "course_class": school.course_class.id}
    await saved(Ticket(**ticket, kind="blind"))
    with pytest.raises(REFUSED):
        await Ticket.insert(Ticket(**ticket, kind="blind"))


async def test_two_cohorts_cannot_have_one_place_in_the_order(database):
    school = await open_school()
    with pytest.raises(REFUSED):
        await saved(Cohort(programme=school.programme.id, unit=school.unit.id, key="k2", position=1, names={}))
