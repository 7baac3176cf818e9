"""Requests that arrive together begin by twos, and whatever else waits for the loop comes between them."""

import asyncio

import pytest

from survey.web.turns import AT_ONCE, TakingTurns

pytestmark = pytest.mark.anyio


async def test_between_two_pairs_of_requests_others_are_heard():
    begun = []

    async def app(scope, receive, send):
        begun.append(scope["path"])

    turns = TakingTurns(app)
    together = [asyncio.create_task(turns({"path": number}, None, None)) for number in range(6 * AT_ONCE)]
    heard = []
    while len(begun) < len(together):
        before = len(begun)
        await asyncio.sleep(0)
        heard.append(len(begun) - before)
    assert max(heard) <= AT_ONCE
    assert begun == list(range(len(together)))  # in the order of their coming


async def test_a_request_that_waits_for_the_database_keeps_nobody_waiting():
    written = asyncio.Event()
    begun = []

    async def app(scope, receive, send):
        begun.append(scope)
        await written.wait()

    turns = TakingTurns(app)
    waiting = [asyncio.create_task(turns(number, None, None)) for number in range(20)]
    while len(begun) < len(waiting):
        await asyncio.sleep(0)
    written.set()
    await asyncio.gather(*waiting)


async def test_whoever_hangs_up_while_waiting_takes_no_turn():
    begun = []

    async def app(scope, receive, send):
        begun.append(scope)

    turns = TakingTurns(app)
    waiting = [asyncio.create_task(turns(number, None, None)) for number in range(10)]
    await asyncio.sleep(0)
    for one in waiting[AT_ONCE:-1]:
        one.cancel()
    await waiting[-1]
    assert begun == [0, 1, 9]
