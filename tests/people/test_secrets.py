"""Whoever reads the database, its file or a log can neither sign in nor learn a password."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from litestar._parsers import parse_url_encoded_form_data

from survey.people.links import sign_in_link
from survey.tables import TABLES, Role
from tests.cast import staff
from tests.people.doors import csrf, path_of, sign_in

pytestmark = pytest.mark.anyio

CHOSEN = "hồ Gươm xanh biếc mùa thu"
WRONG = "hồ tây lộng gió chiều nay"


@pytest.fixture
async def secrets(client, settings):
    """What only Lan and her browser may know, after she has used every page."""
    parse_url_encoded_form_data.cache_clear()
    lan = await staff("lan", Role.designer)
    used, unused = [path_of(await sign_in_link(lan, settings)) for _ in range(2)]
    await client.post(used, data={"csrf": csrf(await client.get(used))})
    first = client.cookies["gopy_session"]
    form = {"csrf": csrf(await client.get("/password")), "password": CHOSEN, "again": CHOSEN}
    await client.post("/password", data=form)
    client.cookies.clear()
    await sign_in(client, WRONG, CHOSEN)
    await sign_in(client, "lan", WRONG)
    await sign_in(client, "lan", CHOSEN)
    tokens = [used.removeprefix("/in/"), unused.removeprefix("/in/"), first, client.cookies["gopy_session"]]
    return [CHOSEN, WRONG, *tokens]


async def test_no_table_holds_a_secret_in_clear(secrets):
    rows = "".join([str(await table.select()) for table in TABLES])
    assert "argon2id" in rows
    assert [secret for secret in secrets if secret.lower() in rows.lower()] == []


async def test_no_file_of_the_database_holds_a_secret_in_clear(secrets, settings):
    files = [path.read_bytes() for path in Path(settings.data).glob("gopy.sqlite*")]
    assert [secret for secret in secrets for content in files if secret.encode() in content] == []


async def test_nothing_of_it_is_logged(client, caplog, settings):
    caplog.set_level(logging.DEBUG)
    lan = await staff("lan", Role.designer)
    link = path_of(await sign_in_link(lan, settings))
    await client.post(link, data={"csrf": csrf(await client.get(link))})
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith(("httpx", "httpcore"))]
    assert [line for line in ours if link.removeprefix("/in/") in line] == []


async def test_the_web_framework_keeps_no_password_in_its_caches(secrets):
    """Litestar's parser of forms caches whole bodies; ours does not go through it."""
    assert parse_url_encoded_form_data.cache_info().currsize == 0
