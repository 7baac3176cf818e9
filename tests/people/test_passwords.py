"""Choosing and changing one's password."""

from __future__ import annotations

import datetime

import pytest

from survey.people import passwords
from survey.people.passwords import weaknesses
from survey.tables import Account, AuditEntry, Role, Session, SignInLink
from tests.cast import staff
from tests.people.doors import PASSWORD, csrf, sign_in, sign_in_by_link, with_password

pytestmark = pytest.mark.anyio

TOMORROW = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
NEW = "núi Tản Viên mờ sương"


async def choose(client, password=NEW, again=None, present=""):
    fields = {"csrf": csrf(await client.get("/password")), "password": password, "present": present}
    return await client.post("/password", data=fields | {"again": password if again is None else again})


async def kept_hash(account) -> str | None:
    return (await Account.select(Account.password).where(Account.id == account.id).first())["password"]


@pytest.fixture
async def lan(client):
    return await staff("lan.nguyen", Role.designer)


@pytest.mark.parametrize(
    ("password", "again", "slip"),
    [
        ("short", "short", "at least 12"),
        ("", "", "at least 12"),
        ("121212121212", "121212121212", "more different"),
        ("xin lan.nguyen vào", "xin lan.nguyen vào", "must not contain"),
        ("xin LAN.Nguyen vào", "xin LAN.Nguyen vào", "must not contain"),
        (NEW, PASSWORD, "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_told_why(password, again, slip):
    said = weaknesses(password, again, login="lan.nguyen", _=str)
    assert len(said) == 1
    assert slip in said[0]


def test_a_good_password_is_taken_without_a_word():
    assert weaknesses(NEW, NEW, login="an", _=str) == []


async def test_a_new_account_chooses_its_password_and_signs_in_with_it(client, lan):
    await sign_in_by_link(client, lan)
    answer = await choose(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    client.cookies.clear()
    assert (await sign_in(client, "lan.nguyen", NEW)).status_code == 303


async def test_passwords_are_kept_as_argon2id(client, lan):
    await sign_in_by_link(client, lan)
    await choose(client)
    assert (await kept_hash(lan)).startswith("$argon2id$")


async def test_a_weak_password_changes_nothing(client, lan):
    await sign_in_by_link(client, lan)
    answer = await choose(client, "ngắn")
    assert answer.status_code == 422
    assert "ít nhất 12" in answer.text
    assert await kept_hash(lan) is None


async def test_changing_needs_the_present_password(client, lan):
    before = await kept_hash(await with_password(lan))
    await sign_in(client, "lan.nguyen")
    assert (await choose(client, present="a guess of Dung's")).status_code == 422
    assert await kept_hash(lan) == before
    assert (await choose(client, present=PASSWORD)).status_code == 303
    assert await kept_hash(lan) != before


async def test_the_present_password_cannot_be_guessed_here_either(client, lan):
    await with_password(lan)
    await sign_in(client, "lan.nguyen")
    answers = [await choose(client, present=f"guess {number}") for number in range(6)]
    assert [answer.status_code for answer in answers] == 5 * [422] + [429]


async def test_a_new_password_ends_every_other_session(client, lan):
    for _ in range(3):
        client.cookies.clear()
        await sign_in_by_link(client, lan)
    minh = await staff("minh", Role.head)
    await Session.insert(Session(digest=b"minh", account=minh.id, csrf="", expires_at=TOMORROW))
    await choose(client)
    assert (await client.get("/password")).status_code == 200
    assert await Session.count().where(Session.account == lan.id) == 1
    assert await Session.count().where(Session.account == minh.id) == 1


async def test_a_new_password_ends_links_that_still_lie_about(client, lan, settings):
    from survey.people.links import sign_in_link

    await sign_in_by_link(client, lan)
    await sign_in_link(lan, settings)
    await choose(client)
    assert await SignInLink.count() == 0


async def test_the_register_knows_that_a_password_changed(client, lan):
    await sign_in_by_link(client, lan)
    await choose(client)
    last = await AuditEntry.select().order_by(AuditEntry.id, ascending=False).first()
    assert (last["account"], last["deed"], last["subject"]) == (lan.id, "password changed", "lan.nguyen")
    assert NEW not in str(last)


async def test_passwords_are_hashed_with_the_work_that_the_standard_asks_for(real_passwords):
    kept = await passwords.hash_of("một câu đủ dài để nhớ")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$"), "RFC 9106, second recommended option"
