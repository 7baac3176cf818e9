"""Whatever happens to a phone, a tab or the network: what a page called saved is kept, once, and nothing else."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import msgspec
import pytest

from survey.answering.keeping import comment_key, receipt_digest
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import ClassLink, CourseClass, Role
from tests.answering.bad_network import network_to
from tests.answering.mishaps import TEXT, Phones, Trainee
from tests.browser import run
from tests.cast import open_school, saved, staff
from tests.server import running_gopy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

RUNS = int(os.environ.get("RUNS", "100"))
START = int(os.environ.get("START", "0"))
DEEDS = 14


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The running service with a course of four modules and many classes: its port and database file."""
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o700)
    path = folder / "gopy.sqlite"

    async def prepare():
        async with connected(f"sqlite:///{path}"):
            await migrate()
            await staff("quantri", Role.administrator)
            school = await open_school(enrolled=1000)
            await ClassLink.delete(force=True)
            for number in range(RUNS):
                course_class = await saved(
                    CourseClass(
                        cohort=school.cohort.id, key=f"{number}", names={"vi": "Lớp", "en": "Class"}, enrolled=30
                    )
                )
                await saved(
                    ClassLink(evaluation=school.evaluation.id, course_class=course_class.id, code=f"LOP{number}")
                )

    run(prepare())
    with running_gopy(f"sqlite:///{path}", folder) as server:
        yield server.port, path


def test_nothing_that_was_called_saved_is_lost_doubled_or_invented(service, browser):
    port, path = service
    with network_to(port) as network, closing(Phones(browser)) as phones:
        for seed in range(START, RUNS):
            suffer(Trainee(phones, network, f"LOP{seed}", seed), path)


def suffer(trainee, path):
    """One trainee's story, and what is kept of it."""
    before = responses(path)
    try:
        for _ in range(DEEDS):
            trainee.happen()
        receipt = trainee.come_to_rest()
        assert responses(path) - before <= 1, "doubled"
        trainee.judge(kept_answers(path, receipt) if receipt else None)
    except AssertionError as error:
        raise AssertionError(f"{trainee.code}: {error}\n" + "\n".join(trainee.story)) from error
    finally:
        trainee.close()


def responses(path):
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT count(*) FROM response").fetchone()[0]


def kept_answers(path, receipt):
    with sqlite3.connect(path) as connection:
        row = connection.execute(
            "SELECT document FROM response WHERE receipt = ?", [receipt_digest(receipt)]
        ).fetchone()
        text = connection.execute("SELECT text FROM comment WHERE key = ?", [comment_key(receipt, TEXT)]).fetchone()
    return msgspec.json.decode(row[0]) | ({TEXT: text[0]} if text else {})
