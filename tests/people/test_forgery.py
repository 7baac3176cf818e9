"""Another site cannot make somebody's browser act here."""

from __future__ import annotations

import pytest

from survey.people.links import sign_in_link
from survey.tables import Role, Session, SignInLink
from tests.cast import staff
from tests.people.doors import csrf, path_of, sign_in, sign_in_by_link, with_password

pytestmark = pytest.mark.anyio


@pytest.fixture
async def lan(client):
    return await with_password(await staff("lan", Role.designer))


@pytest.fixture
async def word(client, lan):
    """Lan is signed in; this stands in her forms."""
    await sign_in(client, "lan")
    return csrf(await client.get("/password"))


@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "guessed"}, {"csrf": "é\0"}])
async def test_a_form_without_the_word_is_refused(client, word, given):
    answer = await client.post("/sign-out", data=given)
    assert answer.status_code == 403
    assert await Session.count() == 1


async def test_another_session_s_word_does_not_do(client, word):
    client.cookies.clear()
    await sign_in_by_link(client, await staff("minh", Role.head))
    assert (await client.post("/sign-out", data={"csrf": word})).status_code == 403


async def test_the_word_may_come_in_a_header(client, word):
    assert (await client.post("/sign-out", headers={"x-csrf": word})).status_code == 303


async def test_the_word_may_come_with_a_file(client, word):
    answer = await client.post("/sign-out", data={"csrf": word}, files={"file": ("rows.csv", b"a,b")})
    assert answer.status_code == 303


async def test_the_word_does_not_come_in_the_address(client, word):
    assert (await client.post(f"/sign-out?csrf={word}")).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://dung.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://testserver.local.dung.example"},
    ],
)
async def test_a_form_of_another_site_is_refused_even_with_the_word(client, word, headers):
    assert (await client.post("/sign-out", data={"csrf": word}, headers=headers)).status_code == 403
    assert await Session.count() == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://testserver.local"},
        {"origin": "http://127.0.0.1:8000"},  # the address of the settings, behind a proxy
        {"origin": "null", "sec-fetch-site": "same-origin"},  # what browsers send under our Referrer-Policy
        {"origin": "null"},
    ],
)
async def test_our_own_forms_pass(client, word, headers):
    assert (await client.post("/sign-out", data={"csrf": word}, headers=headers)).status_code == 303


async def test_nobody_is_signed_in_by_a_form_of_another_site(client, lan):
    """Login CSRF: Dung signs Lan's browser in to an account of his own and reads what she writes there."""
    fields = {"login": "lan", "password": "x", "csrf": csrf(await client.get("/sign-in"))}
    for headers in ({"origin": "https://dung.example"}, {"sec-fetch-site": "cross-site"}):
        assert (await client.post("/sign-in", data=fields, headers=headers)).status_code == 403
    client.cookies.clear()  # other sites' forms do not bring our cookie along (SameSite)
    assert (await client.post("/sign-in", data=fields)).status_code == 403


async def test_the_word_of_one_browser_does_not_do_in_another(client, lan):
    fields = {"login": "lan", "password": "x", "csrf": csrf(await client.get("/sign-in"))}
    client.cookies.clear()
    await client.get("/sign-in")
    assert (await client.post("/sign-in", data=fields)).status_code == 403


async def test_two_open_sign_in_pages_both_work(client, lan):
    assert csrf(await client.get("/sign-in")) == csrf(await client.get("/sign-in"))


async def test_a_one_time_link_is_not_spent_by_a_form_of_another_site(client, lan, settings):
    path = path_of(await sign_in_link(lan, settings))
    assert (await client.post(path)).status_code == 403
    assert await SignInLink.count() == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe%ff%zz&&&=", "application/x-www-form-urlencoded"),
        (b"a=1&" * 20_000, "application/x-www-form-urlencoded"),
        (b"{", "application/json"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"x", "multipart/form-data"),
        (b"", ""),
    ],
)
async def test_a_damaged_form_is_refused_in_words(client, word, body, kind):
    answer = await client.post("/sign-out", content=body, headers={"content-type": kind})
    assert 400 <= answer.status_code < 500
    assert await Session.count() == 1
