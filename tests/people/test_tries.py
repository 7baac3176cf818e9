"""Guessing is slowed down, whoever guesses, however fast."""

from __future__ import annotations

import asyncio
import datetime

import pytest

from survey.people.tries import count_try, minutes_to_wait
from survey.problems import Problem
from survey.tables import Role, SignInTry
from tests.cast import staff
from tests.people.doors import PASSWORD, csrf, sign_in, with_password

pytestmark = pytest.mark.anyio


async def pass_time(**length):
    """Moves every wait into the past by as much."""
    moved = datetime.timedelta(**length)
    for row in await SignInTry.objects():
        row.blocked_until -= moved
        await row.save()


@pytest.fixture
async def lan(client):
    return await with_password(await staff("lan", Role.designer))


def test_waits_grow_to_an_hour():
    assert [minutes_to_wait(failures) for failures in range(1, 14)] == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


async def test_the_sixth_try_waits_even_with_the_right_password(client, lan):
    for _ in range(5):
        assert (await sign_in(client, "lan", "wrong")).status_code == 401
    answer = await sign_in(client, "lan", PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert "Xin chờ 1 phút" in answer.text


async def test_after_the_wait_the_right_password_works_again(client, lan):
    for _ in range(5):
        await sign_in(client, "lan", "wrong")
    await pass_time(minutes=1)
    assert (await sign_in(client, "lan")).status_code == 303
    assert await SignInTry.count() == 0


async def test_waits_grow_with_every_failure_after_a_wait(client, lan):
    for _ in range(5):
        await sign_in(client, "lan", "wrong")
    await pass_time(minutes=1)
    assert (await sign_in(client, "lan", "wrong")).status_code == 401
    assert 60 < int((await sign_in(client, "lan", "wrong")).headers["retry-after"]) <= 120


async def test_tries_while_waiting_do_not_lengthen_the_wait(client, lan):
    for _ in range(5):
        await sign_in(client, "lan", "wrong")
    answers = [await sign_in(client, "lan", "wrong") for _ in range(5)]
    assert all(int(answer.headers["retry-after"]) <= 60 for answer in answers)


async def test_unknown_logins_are_slowed_down_alike(client, lan):
    for login in ("lan", "dung"):
        answers = [await sign_in(client, login, "wrong") for _ in range(6)]
        assert [answer.status_code for answer in answers] == 5 * [401] + [429]
    assert await SignInTry.count() == 2


async def test_one_login_s_failures_do_not_slow_another(client, lan):
    for _ in range(6):
        await sign_in(client, "dung", "wrong")
    assert (await sign_in(client, "lan")).status_code == 303


async def test_guesses_sent_all_at_once_count_each(client, lan):
    fields = {"csrf": csrf(await client.get("/sign-in")), "login": "lan", "password": "wrong"}
    answers = await asyncio.gather(*[client.post("/sign-in", data=fields) for _ in range(20)])
    assert sorted(answer.status_code for answer in answers) == 5 * [401] + 15 * [429]


async def test_the_count_holds_in_parallel_for_a_new_and_for_a_known_row(database):
    async def outcome():
        try:
            await count_try("lan")
        except Problem:
            return "refused"
        return "counted"

    outcomes = await asyncio.gather(*[outcome() for _ in range(20)])
    assert outcomes.count("counted") == 5
    assert (await SignInTry.select(SignInTry.failures).first())["failures"] == 5


async def test_failures_are_forgotten_after_a_day(client, lan):
    for _ in range(4):
        await sign_in(client, "lan", "wrong")
    await pass_time(days=1, minutes=1)
    await sign_in(client, "lan", "wrong")
    assert (await SignInTry.select(SignInTry.failures).first())["failures"] == 1


async def test_a_login_is_not_kept_in_clear(client, lan):
    """People type their password into the wrong field."""
    await sign_in(client, PASSWORD, "x")
    kept = str(await SignInTry.select())
    assert "login" in kept
    assert PASSWORD.lower() not in kept.lower()
