"""What tests are given: a migrated, empty database on each engine, a running application, and its client."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

import httpx
import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.settings import Settings
from tests.browser import browser  # noqa: F401 - a fixture
from tests.postgres import postgres_server

ENGINES = ["sqlite", "postgres"]


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """Address of a real PostgreSQL server, started for the tests from its wheel."""
    with postgres_server(tmp_path_factory.mktemp("postgres")) as address:
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
        return f"sqlite:///{tmp_path / 'gopy.sqlite'}"
    server = request.getfixturevalue("postgres")
    if "postgres" not in templates:
        await _run(server(), 'CREATE DATABASE "template_gopy"')
        async with connected(server("template_gopy")):
            await migrate()
        templates["postgres"] = "template_gopy"
    name = f"test_{uuid.uuid4().hex[:12]}"
    await _run(server(), f'CREATE DATABASE "{name}" TEMPLATE "template_gopy"')
    return server(name)


async def _run(address: str, statement: str) -> None:
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


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch):
    for name in list(os.environ):
        if name.startswith("GOPY_") and name != "GOPY_TEST_CHROMIUM":
            monkeypatch.delenv(name)
    monkeypatch.setenv("GOPY_DATA", str(Path("/nonexistent")))
