"""The migrations make exactly the schema that the tables speak of, on both engines, and hold what must never happen."""

import sqlite3
import uuid

import asyncpg
import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate, pending_migrations
from survey.tables import TABLES, ClassLink, Cohort, Questionnaire, Ticket, Unit
from tests.cast import open_school, saved
from tests.conftest import ENGINES, run_on_server

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


ROWS_OF_THE_FIRST_RELEASE = [
    "INSERT INTO unit (id, key, names) VALUES (1, 'u', '{{}}')",
    "INSERT INTO programme (id, key, names, unit) VALUES (1, 'p', '{{}}', 1)",
    "INSERT INTO cohort (id, programme, unit, key, position, names) VALUES (1, 1, 1, 'k1', 1, '{{}}')",
    """INSERT INTO "class" (id, cohort, key, names, enrolled)
    VALUES (1, 1, 'a', '{{}}', 30), (2, 1, 'b', '{{}}', 30)""",
    "INSERT INTO questionnaire (id, key, version, published, definition) VALUES (1, 'core', 1, true, '{{}}')",
    "INSERT INTO evaluation (id, cohort, questionnaire, purpose, state) VALUES (1, 1, 1, 'end_of_course', 'open')",
    "INSERT INTO class_link (id, evaluation, course_class, code) VALUES (1, 1, 1, 'LOPA'), (2, 1, 2, 'LOPB')",
    """INSERT INTO ticket (digest, evaluation, course_class, kind, spent) VALUES ('1', 1, 1, 'class_link', true),
    ('2', 1, 1, 'class_link', true), ('3', 1, 1, 'blind', false), ('4', 1, 2, 'blind', true)""",
]
FIRST_RELEASE = "2026-11-22T00:00:00:000001"


@pytest.mark.parametrize("first_release", ENGINES, indirect=True)
async def test_a_database_of_the_first_release_with_its_rows_learns_limits_and_lots(first_release):
    """Made with the statements of then: the tables of now have columns that it lacks."""
    for statement in ROWS_OF_THE_FIRST_RELEASE:
        await Unit.raw(statement)
    await migrate()
    links = await ClassLink.select(ClassLink.code, ClassLink.taken, ClassLink.most).order_by(ClassLink.code)
    assert links == [{"code": "LOPA", "taken": 2, "most": None}, {"code": "LOPB", "taken": 0, "most": None}]
    tickets = await Ticket.select(Ticket.digest, Ticket.spent, Ticket.lot, Ticket.revoked).order_by(Ticket.digest)
    assert [tuple(map(bool, row.values())) for row in tickets] == [
        (True, True, False, False),
        (True, True, False, False),
        (True, False, False, False),
        (True, True, False, False),
    ]
    assert await columns(Ticket, first_release) == {column._meta.name for column in Ticket._meta.columns}


async def test_what_is_spent_cannot_be_revoked_nor_what_is_revoked_be_spent(database):
    school = await open_school()
    ticket = {"evaluation": school.evaluation.id, "course_class": school.course_class.id, "kind": "blind"}
    await Ticket.insert(Ticket(digest="a", spent=True, **ticket), Ticket(digest="b", revoked=True, **ticket))
    with pytest.raises(REFUSED):
        await Ticket.update({Ticket.revoked: True}).where(Ticket.digest == "a")
    with pytest.raises(REFUSED):
        await Ticket.update({Ticket.spent: True}).where(Ticket.digest == "b")


@pytest.fixture
async def first_release(anyio_backend, request, tmp_path):
    """An empty database as the first release left it, on each engine."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
    else:
        server = request.getfixturevalue("postgres")
        name = f"old_{uuid.uuid4().hex[:12]}"
        await run_on_server(server(), f'CREATE DATABASE "{name}"')
        url = server(name)
    async with connected(url) as engine:
        await migrate(upto=FIRST_RELEASE)
        yield engine
