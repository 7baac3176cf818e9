"""The migrations make exactly the schema that the tables speak of, on both engines, and hold what must never happen."""

import sqlite3

import asyncpg
import pytest

from survey.database.migrating import migrate, pending_migrations
from survey.tables import TABLES, Cohort, Questionnaire, Ticket, Unit
from tests.cast import open_school, saved

pytestmark = pytest.mark.anyio

REFUSED = (sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)


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
