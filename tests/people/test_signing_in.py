"""Signing in and out by password: right, wrong, forged and stale."""

from __future__ import annotations

import datetime

import pytest

from survey.people import passwords
from survey.people.tokens import token_digest
from survey.tables import Account, AuditEntry, Role, Session
from tests.cast import staff
from tests.people.doors import PASSWORD, csrf, sign_in, sign_in_by_link, with_password

pytestmark = pytest.mark.anyio

PAST = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)


@pytest.fixture
async def lan(client):
    return await with_password(await staff("lan", Role.designer))


async def test_lan_signs_in_with_her_password(client, lan):
    answer = await sign_in(client, "lan")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await client.get("/password")).status_code == 200


async def test_a_login_is_found_however_it_is_typed(client, lan):
    assert (await sign_in(client, "  LAN ")).status_code == 303


async def test_a_password_is_the_same_in_composed_and_decomposed_letters(client, lan):
    import unicodedata

    assert (await sign_in(client, "lan", unicodedata.normalize("NFD", PASSWORD))).status_code == 303


async def test_an_unknown_login_and_a_wrong_password_get_the_same_answer(client, lan):
    wrong = await sign_in(client, "lan", "not her password")
    unknown = await sign_in(client, "dung", "not her password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text.replace('value="dung"', 'value="lan"')


async def test_an_unknown_login_takes_the_same_work(client, lan, monkeypatch):
    verified = []

    class Counting:
        def verify(self, kept, password):
            verified.append(kept)
            return HASHER.verify(kept, password)

        def __getattr__(self, name):
            return getattr(HASHER, name)

    HASHER = passwords.HASHER  # noqa: N806
    monkeypatch.setattr(passwords, "HASHER", Counting())
    for login in ("lan", "dung"):
        await sign_in(client, login, "not her password")
    assert len(verified) == 2
    assert verified[0].split("$")[:4] == verified[1].split("$")[:4]  # same kind, same parameters


@pytest.mark.parametrize("login", ["", "\0", "lan\0x", "\ufffd", "'; drop table account; --", "x" * 5000])
async def test_a_strange_login_is_only_wrong(client, lan, login):
    assert (await sign_in(client, login, "x")).status_code == 401


async def test_an_account_without_a_password_cannot_be_signed_in_to_with_one(client):
    await staff("minh", Role.head)
    assert [(await sign_in(client, "minh", word)).status_code for word in ("", "None")] == [401, 401]


async def test_an_account_that_is_off_is_not_signed_in(client, lan):
    lan.active = False
    await lan.save()
    assert (await sign_in(client, "lan")).status_code == 401


async def test_switching_an_account_off_ends_its_session_at_once(client, lan):
    await sign_in(client, "lan")
    await Account.update({Account.active: False}).where(Account.id == lan.id)
    assert (await client.get("/password")).status_code == 401


async def test_signing_in_begins_a_session_of_its_own(client, lan):
    """An attacker who planted a cookie knows nothing afterwards (session fixation)."""
    client.cookies.set("gopy_session", "planted")
    await sign_in(client, "lan")
    cookies = {cookie.value for cookie in client.cookies.jar if cookie.name == "gopy_session"}
    assert await Session.count() == 1
    assert not await Session.exists().where(Session.digest == token_digest("planted"))
    assert len(cookies - {"planted"}) == 1


async def test_signing_in_again_ends_the_session_before(client, lan):
    await sign_in(client, "lan")
    first = client.cookies["gopy_session"]
    await sign_in_by_link(client, await staff("minh", Role.head))
    assert client.cookies["gopy_session"] != first
    assert [row["account"] for row in await Session.select(Session.account)] != [lan.id]
    assert await Session.count() == 1


async def test_signing_out_ends_the_session_in_the_database(client, lan):
    await sign_in(client, "lan")
    stolen = client.cookies["gopy_session"]
    answer = await client.post("/sign-out", data={"csrf": csrf(await client.get("/password"))})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert await Session.count() == 0
    client.cookies.set("gopy_session", stolen)
    assert (await client.get("/password")).status_code == 401


async def test_an_expired_session_is_none(client, lan):
    await sign_in(client, "lan")
    await Session.update({Session.expires_at: PAST}, force=True)
    assert (await client.get("/password")).status_code == 401


async def test_a_session_lasts_as_long_as_the_settings_say(client, lan, settings):
    await sign_in(client, "lan")
    ends = (await Session.select(Session.expires_at).first())["expires_at"]
    hours = (ends - datetime.datetime.now(datetime.UTC)).total_seconds() / 3600
    assert settings.session_hours - 0.1 < hours <= settings.session_hours


async def test_expired_sessions_are_swept_out_by_the_next_sign_in(client, lan):
    await Session.insert(Session(digest=b"old", account=lan.id, csrf="old", expires_at=PAST))
    await sign_in(client, "lan")
    assert not await Session.exists().where(Session.digest == b"old")


async def test_weak_hashes_are_made_anew_at_sign_in(client, lan):
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    await Account.update({Account.password: weak}).where(Account.id == lan.id)
    assert (await sign_in(client, "lan")).status_code == 303
    kept = (await Account.select(Account.password).where(Account.id == lan.id).first())["password"]
    assert not passwords.is_outdated(kept)
    assert (await sign_in_again(client)).status_code == 303


async def sign_in_again(client):
    client.cookies.clear()
    return await sign_in(client, "lan")


async def test_who_is_signed_in_is_not_asked_again(client, lan):
    await sign_in(client, "lan")
    assert (await client.get("/sign-in")).headers["location"] == "/"


async def test_the_register_knows_sign_ins_and_keeps_no_invented_login(client, lan):
    await sign_in(client, "lan", "not her password")
    await sign_in(client, "a password typed into the wrong field", "x")
    await sign_in(client, "lan")
    await client.post("/sign-out", data={"csrf": csrf(await client.get("/password"))})
    entries = await AuditEntry.select().order_by(AuditEntry.id)
    assert [(entry["account"], entry["deed"], entry["subject"]) for entry in entries] == [
        (lan.id, "sign-in failed", "lan"),
        (None, "sign-in failed", "unknown login"),
        (lan.id, "sign-in", "lan"),
        (lan.id, "sign-out", "lan"),
    ]


async def test_the_pages_speak_both_languages(client):
    assert "Tên đăng nhập" in (await client.get("/sign-in")).text
    assert "Password" in (await client.get("/sign-in?lang=en")).text
