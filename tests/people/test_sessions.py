"""The cookie and the middleware that knows whose it is."""

from __future__ import annotations

import msgspec
import pytest

from survey.people import sessions
from survey.people.sessions import OpenSession, Staff
from survey.tables import Role
from tests.cast import open_school, staff
from tests.people.doors import sign_in_by_link

pytestmark = pytest.mark.anyio


@pytest.fixture
def looked_up(monkeypatch):
    """The tokens that the middleware asked the database for."""
    asked = []

    async def session_of(token):
        asked.append(token)
        return None, None

    monkeypatch.setattr(sessions, "session_of", session_of)
    return asked


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, settings):
    answer = await sign_in_by_link(client, await staff("lan", Role.designer))
    cookie = session_cookie(answer)
    assert {"HttpOnly", "Path=/", "SameSite=lax", f"Max-Age={settings.session_hours * 3600}"} <= cookie
    assert "Secure" not in cookie


async def test_the_cookie_travels_by_tls_only_where_the_service_does(client, settings):
    client.app.state.settings = msgspec.structs.replace(settings, address="https://gopy.example.vn")
    client.base_url = "https://gopy.example.vn"
    answer = await sign_in_by_link(client, await staff("lan", Role.designer))
    assert "Secure" in session_cookie(answer)


def session_cookie(answer) -> set[str]:
    header = next(value for value in answer.headers.get_list("set-cookie") if value.startswith("gopy_session="))
    return {part.strip() for part in header.split(";")}


async def test_a_session_has_a_secret_of_256_bits(client):
    await sign_in_by_link(client, await staff("lan", Role.designer))
    assert len(client.cookies["gopy_session"]) == 43  # 32 bytes in base64


@pytest.mark.parametrize("path", ["/healthz", "/c/LOPK1", "/t/X", "/r/X", "/code", "/static/gopy.css"])
async def test_nobody_is_looked_up_on_a_trainees_path(client, looked_up, path):
    await open_school()
    client.cookies.set("gopy_session", "somebody's")
    await client.get(path)
    assert looked_up == []


async def test_nobody_is_looked_up_without_the_cookie(client, looked_up):
    client.cookies.set("another", "cookie")
    await client.get("/sign-in")
    assert looked_up == []


async def test_a_staff_page_looks_up_the_cookie(client, looked_up):
    client.cookies.set("gopy_session", "somebody's")
    await client.get("/sign-in")
    assert looked_up == ["somebody's"]


@pytest.mark.parametrize("token", ["nonsense", "", "é\x01", "x" * 5000])
async def test_a_cookie_that_we_did_not_give_is_nobody(client, token):
    assert (await client.get("/password", headers={"cookie": f"gopy_session={token}".encode()})).status_code == 401


async def test_the_session_says_who_it_is(client):
    school = await open_school()
    lan = await staff("lan", Role.designer, school.unit)
    await sign_in_by_link(client, lan)
    person, session = await sessions.session_of(client.cookies["gopy_session"])
    assert person == Staff(id=lan.id, login="lan", name="Lan", role=Role.designer, unit=school.unit.id)
    assert isinstance(session, OpenSession)
    assert len(session.csrf) == 43
