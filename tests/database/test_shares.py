"""An evaluation of the first release asks about all lessons, and keeps what hangs on it."""

import sqlite3
import uuid

import asyncpg
import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate, pending_migrations
from survey.tables import Evaluation, Response
from tests.cast import open_school
from tests.conftest import ENGINES, run_on_server

pytestmark = pytest.mark.anyio

SHARES = "2026-11-22T00:00:00:000002"
# As that release wrote them: the tables of now have columns that its database lacks.
ROWS = [
    "INSERT INTO unit (id, key, names) VALUES (1, 'u', '{{}}')",
    "INSERT INTO programme (id, key, names, unit) VALUES (1, 'p', '{{}}', 1)",
    "INSERT INTO cohort (id, programme, unit, key, position, names) VALUES (1, 1, 1, 'k1', 1, '{{}}')",
    """INSERT INTO "class" (id, cohort, key, names, enrolled) VALUES (1, 1, 'a', '{{}}', 30)""",
    "INSERT INTO questionnaire (id, key, version, published, definition) VALUES (1, 'daily', 1, true, '{{}}')",
    """INSERT INTO evaluation (id, cohort, questionnaire, purpose, state, grace_minutes, scrubbed)
    VALUES (1, 1, 1, 'daily', 'open', 30, false), (2, 1, 1, 'end_of_course', 'sealed', 30, true)""",
    "INSERT INTO class_link (id, evaluation, course_class, code) VALUES (1, 1, 1, 'LOPA')",
    """INSERT INTO response (receipt, evaluation, course_class, sequence, document)
    VALUES ('r', 1, 1, 3, '{{"01.useful":5}}')""",
]


@pytest.fixture(params=ENGINES)
async def before_shares(request, anyio_backend, tmp_path):
    """A database of the first release with rows in it."""
    url = f"sqlite:///{tmp_path / 'first.sqlite'}"
    if request.param == "postgres":
        server, name = request.getfixturevalue("postgres"), f"first_{uuid.uuid4().hex[:12]}"
        await run_on_server(server(), f'CREATE DATABASE "{name}"')
        url = server(name)
    async with connected(url) as engine:
        await migrate("2026-11-22T00:00:00:000001")
        for row in ROWS:
            await Evaluation.raw(row)
        yield engine


async def test_evaluations_of_the_first_release_ask_about_all_lessons(before_shares):
    assert SHARES in await pending_migrations()
    await migrate()
    assert await pending_migrations() == []
    rows = await Evaluation.select(Evaluation.id, Evaluation.state, Evaluation.share).order_by(Evaluation.id)
    assert [tuple(row.values()) for row in rows] == [(1, "open", None), (2, "sealed", None)]
    (response,) = await Response.select()
    assert (response["evaluation"], response["sequence"], response["document"]) == (1, 3, '{"01.useful":5}')


async def test_a_share_is_at_least_one_lesson(database):
    one = Evaluation.id == (await open_school()).evaluation.id
    await Evaluation.update({Evaluation.share: 1}).where(one)
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        await Evaluation.update({Evaluation.share: 0}).where(one)
