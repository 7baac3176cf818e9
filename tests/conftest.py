"""What tests are given: a migrated, empty database on each engine, a running application, and its client."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from pathlib import Path

import httpx
import pytest
from argon2 import PasswordHasher

from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.people import passwords
from survey.settings import Settings
from tests.browser import browser, chromium  # noqa: F401 - fixtures
from tests.postgres import postgres_server

ENGINES = ["sqlite", "postgres"]
# A folder in memory: a thousand small databases wait for no disk. What is written to them is the same.
IN_MEMORY = Path("/dev/shm")
ENOUGH_BYTES = 4 << 30
REAL_HASHER = passwords.HASHER


def pytest_configure(config):
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ENOUGH_BYTES:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def postgres():
    """Address of a real PostgreSQL server, started for the tests from its wheel.

    Its folder is not one of pytest's: run by root, the server has a user of its own, whom another pytest that begins
    meanwhile would lock out of them.
    """
    room = os.environ.get("PYTEST_DEBUG_TEMPROOT")
    with (
        tempfile.TemporaryDirectory(prefix="gopy-postgres-", dir=room, ignore_cleanup_errors=True) as folder,
        postgres_server(Path(folder)) as address,
    ):
        yield address


@pytest.fixture(scope="session")
def templates():
    """Migrated databases to copy from, by engine; each is made when it is first asked for."""
    return {}


@pytest.fixture(params=ENGINES)
async def database_url(request, anyio_backend, templates, tmp_path, tmp_path_factory):
    """Address of a migrated, empty database of its own."""
    if request.param == "sqlite":
        if "sqlite" not in templates:
            path = tmp_path_factory.mktemp("template") / "gopy.sqlite"
            async with connected(f"sqlite:///{path}"):
                await migrate()
            templates["sqlite"] = path
        shutil.copy(templates["sqlite"], tmp_path / "gopy.sqlite")
        yield f"sqlite:///{tmp_path / 'gopy.sqlite'}"
        return
    server = request.getfixturevalue("postgres")
    if "postgres" not in templates:
        await run_on_server(server(), 'CREATE DATABASE "template_gopy"')
        async with connected(server("template_gopy")):
            await migrate()
        templates["postgres"] = "template_gopy"
    name = f"test_{uuid.uuid4().hex[:12]}"
    await run_on_server(server(), f'CREATE DATABASE "{name}" TEMPLATE "template_gopy"')
    yield server(name)
    await run_on_server(server(), f'DROP DATABASE "{name}" WITH (FORCE)')


async def run_on_server(address: str, statement: str) -> None:
    import asyncpg

    connection = await asyncpg.connect(address)
    await connection.execute(statement)
    await connection.close()


@pytest.fixture
async def database(database_url):
    """The tables connected to an empty database, without an application."""
    async with connected(database_url) as engine:
        yield engine


@pytest.fixture
def settings(database_url, tmp_path):
    return Settings(data=str(tmp_path), database_url=database_url)


@pytest.fixture
async def client(settings):
    """A client of the running application, in the test's own event loop: the tables may be used beside it."""
    from survey.app import create_app  # here, because it imports everything: tests of one part start sooner without

    app = create_app(settings)
    async with app.lifespan():
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver.local") as client:
            client.app = app
            yield client


@pytest.fixture(scope="session", autouse=True)
def quick_passwords():
    """argon2id with little work; tests of its strength ask for the product's own (`real_passwords`)."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def real_passwords(monkeypatch):
    monkeypatch.setattr(passwords, "HASHER", REAL_HASHER)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    for name in list(os.environ):
        if name.startswith("GOPY_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("GOPY_DATA", str(Path("/nonexistent")))
