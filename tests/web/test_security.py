"""Every answer carries the security headers, and every page that is not public refuses strangers."""

from __future__ import annotations

import re

import pytest

from survey.web.security import HEADERS
from tests.cast import open_school

pytestmark = pytest.mark.anyio

# Nothing else is open to people who are not signed in. Who adds to this list says why, here.
# The service worker of the trainees' form belongs to everybody who opens one.
# The charts' script comes out of the installed Plotly package: anybody may fetch it there.
PUBLIC = re.compile(r"/|/(c|t|r|in|static)/.*|/(code|sign-in|healthz|readyz|sw\.js)|/plotly-[0-9.]+\.min\.js")
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


def staff_routes(app) -> list[tuple[str, str]]:
    """Method and an example address of each route that is not public."""
    return [
        (method, re.sub(r"\{\w+:(\w+)\}", lambda kind: "1" if kind[1] == "int" else "x", route.path))
        for route in app.routes
        if not PUBLIC.fullmatch(route.path)
        for method in sorted(route.methods - {"OPTIONS"})
    ]


async def test_every_page_of_staff_refuses_a_stranger(client):
    routes = staff_routes(client.app)
    assert ("GET", "/password") in routes
    answers = {(method, path): (await client.request(method, path)).status_code for method, path in routes}
    assert {route: status for route, status in answers.items() if status != 401} == {}


async def test_every_page_of_staff_refuses_a_stranger_s_invented_session(client):
    client.cookies.set("gopy_session", "invented")
    answers = {route: (await client.request(*route)).status_code for route in staff_routes(client.app)}
    assert {route: status for route, status in answers.items() if status != 401} == {}


async def test_every_change_by_staff_needs_the_word_of_the_session(client):
    from survey.tables import Role
    from tests.cast import staff
    from tests.people.doors import sign_in_by_link

    await sign_in_by_link(client, await staff("chi", Role.administrator))
    changes = [route for route in staff_routes(client.app) if route[0] in CHANGING]
    assert ("POST", "/sign-out") in changes
    answers = {route: (await client.request(*route)).status_code for route in changes}
    assert {route: status for route, status in answers.items() if status != 403} == {}


ANSWERS = [
    ("GET", "/healthz", 200),
    ("GET", "/sign-in", 200),
    ("GET", "/c/LOPK1", 200),
    ("GET", "/c/LOPK1/poster", 200),
    ("GET", "/c/LOPK1/poster.pdf", 200),
    ("GET", "/c/LOPK1/screen", 200),
    ("GET", "/evaluations", 401),
    ("GET", "/c/NOBODY/count", 404),
    ("GET", "/static/icon.svg", 200),
    ("GET", "/password", 401),
    ("POST", "/sign-in", 403),
    ("GET", "/no/such/page", 404),
    ("GET", "/static/no-such-file", 404),
    ("GET", "/t/unknown", 404),
    ("DELETE", "/sign-in", 405),
    ("GET", "/in/unknown", 410),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
async def test_every_answer_carries_the_security_headers(client, method, path, status):
    await open_school()
    answer = await client.request(method, path)
    assert answer.status_code == status
    # The trainee's form carries the hashes of its own styles and script; static files may be kept by the browser.
    own = {"/c/LOPK1": "content-security-policy", "/static/icon.svg": "cache-control"}
    wanted = {header.name: header.value for header in HEADERS if header.name != own.get(path)}
    assert {name: answer.headers.get(name) for name in wanted} == wanted
    assert answer.headers.get("content-security-policy", "").startswith("default-src 'none'")


async def test_our_own_mistakes_carry_the_security_headers(client, monkeypatch):
    async def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("survey.people.controller.owner_of", broken)
    answer = await client.get("/in/unknown")
    assert answer.status_code == 500
    assert {name: answer.headers.get(name) for name in wanted_names()} == wanted_names()


def wanted_names() -> dict[str, str]:
    return {header.name: header.value for header in HEADERS}
