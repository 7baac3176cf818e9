"""One-time links: shown as often as one likes, spent once."""

from __future__ import annotations

import asyncio
import datetime

import pytest

from survey.people.links import sign_in_link
from survey.tables import AuditEntry, Role, Session, SignInLink
from tests.cast import staff
from tests.people.doors import csrf, path_of, sign_in_by_link, with_password

pytestmark = pytest.mark.anyio

PAST = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=1)


@pytest.fixture
async def minh(client):
    return await staff("minh", Role.head)


@pytest.fixture
async def link(minh, settings):
    return path_of(await sign_in_link(minh, settings))


async def test_a_link_stands_under_the_service_s_own_address(minh, settings):
    assert (await sign_in_link(minh, settings)).startswith(f"{settings.base_address}/in/")


async def test_opening_a_link_spends_nothing(client, link):
    for _ in range(3):
        page = await client.get(link)
        assert page.status_code == 200
        assert "Minh" in page.text
    assert await SignInLink.count() == 1
    assert await Session.count() == 0


async def test_pressing_the_button_signs_in_and_asks_for_a_password(client, link):
    answer = await client.post(link, data={"csrf": csrf(await client.get(link))})
    assert (answer.status_code, answer.headers["location"]) == (303, "/password")
    assert (await client.get("/password")).status_code == 200


async def test_who_has_a_password_is_not_asked_for_one(client, minh):
    await with_password(minh)
    assert (await sign_in_by_link(client, minh)).headers["location"] == "/"


async def test_a_link_works_once(client, link):
    word = csrf(await client.get(link))
    await client.post(link, data={"csrf": word})
    client.cookies.delete("gopy_session")
    again = await client.post(link, data={"csrf": word})
    assert again.status_code == 410
    assert "set-cookie" not in again.headers
    assert (await client.get(link)).status_code == 410
    assert await Session.count() == 1


async def test_a_link_pressed_by_many_at_once_signs_in_one(client, link):
    word = csrf(await client.get(link))
    headers = {"cookie": f"gopy_stranger={client.cookies['gopy_stranger']}"}
    client.cookies.clear()
    presses = [client.post(link, data={"csrf": word}, headers=headers) for _ in range(12)]
    answers = await asyncio.gather(*presses)
    assert sorted(answer.status_code for answer in answers) == [303] + 11 * [410]
    assert await Session.count() == 1


async def test_a_link_ends_with_its_time(client, link):
    word = csrf(await client.get(link))
    await SignInLink.update({SignInLink.expires_at: PAST}, force=True)
    assert (await client.post(link, data={"csrf": word})).status_code == 410
    assert await Session.count() == 0


async def test_a_link_lasts_as_long_as_the_settings_say(link, settings):
    ends = (await SignInLink.select(SignInLink.expires_at).first())["expires_at"]
    minutes = (ends - datetime.datetime.now(datetime.UTC)).total_seconds() / 60
    assert settings.sign_in_minutes - 1 < minutes <= settings.sign_in_minutes


async def test_a_link_of_an_account_that_is_off_signs_nobody_in(client, link, minh):
    word = csrf(await client.get(link))
    minh.active = False
    await minh.save()
    assert (await client.post(link, data={"csrf": word})).status_code == 410
    assert await Session.count() == 0


@pytest.mark.parametrize("token", ["nonsense", "%00", "%FF", "x" * 3000])
async def test_an_invented_link_is_refused(client, token):
    assert (await client.get(f"/in/{token}")).status_code == 410


async def test_the_register_knows_who_made_and_used_a_link(client, minh, link):
    await client.post(link, data={"csrf": csrf(await client.get(link))})
    entries = await AuditEntry.select().order_by(AuditEntry.id)
    assert [(entry["account"], entry["deed"], entry["subject"]) for entry in entries] == [
        (None, "link made", "minh"),
        (minh.id, "sign-in", "minh"),
    ]
