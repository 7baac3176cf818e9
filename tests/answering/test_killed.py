"""The server is killed under load again and again: every acknowledged response is there, once, with its ticket."""

import asyncio
import random

import aiohttp
import pytest

from survey.answering.codes import receipt_from
from survey.answering.keeping import receipt_digest
from survey.answering.tickets import class_ticket_digest, ticket_digest
from survey.database.engines import connected
from survey.tables import Response, Role, Ticket, TicketKind
from tests.answering.sheets import FORM, body
from tests.cast import make_tickets, open_school, staff
from tests.server import start_gopy

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(300)]

ROUNDS = 4
# So many saves are acknowledged in every round before the server is killed at a random moment.
ENOUGH = 50
SENDERS = 12


async def test_nothing_acknowledged_is_lost_and_no_ticket_is_spent_without_its_response(database_url, tmp_path):
    tmp_path.chmod(0o700)
    chance = random.Random(20261122)
    async with connected(database_url):
        school = await open_school(modules=32, enrolled=10_000)
        await staff("quantri", Role.administrator)
        tickets = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 2000)
    doors = _doors(school.code, tickets)
    tried: list[tuple[str, str]] = []
    acknowledged: set[tuple[str, str]] = set()
    for _ in range(ROUNDS):
        server = await asyncio.to_thread(start_gopy, database_url, tmp_path)
        try:
            sending = asyncio.create_task(_send_until_it_dies(server.address, doors, tried, acknowledged))
            await _while_fewer_than(len(acknowledged) + ENOUGH, acknowledged)
            await asyncio.sleep(chance.uniform(0, 0.5))
        finally:
            server.kill()
        await sending
    async with connected(database_url):
        responses = [row["receipt"] for row in await Response.select(Response.receipt)]
        spent = {row["digest"] for row in await Ticket.select(Ticket.digest).where(Ticket.spent.eq(True))}
    assert len(responses) == len(set(responses))
    for path, phone in tried:
        key = path.rsplit("/", 1)[1]
        kept = receipt_digest(receipt_from(phone, key)) in responses
        ticket = class_ticket_digest(phone, key) if path.startswith("/c/") else ticket_digest(key)
        assert kept == (ticket in spent), "ticket and response stand or fall together"
        assert kept or (path, phone) not in acknowledged, "an acknowledged response is lost"
    assert len(responses) == len(spent)


async def _while_fewer_than(number, acknowledged):
    async with asyncio.timeout(60):
        while len(acknowledged) < number:
            await asyncio.sleep(0.02)


def _doors(code, tickets):
    """A way in for every trainee: in turn the class link and a printed ticket."""
    for number, ticket in enumerate(tickets):
        yield f"/c/{code}", f"phone {number}"
        yield f"/t/{ticket}", f"other phone {number}"


async def _send_until_it_dies(address, doors, tried, acknowledged):
    answers = [(f"{n:02}.useful", "4") for n in range(1, 33)] + [("one_change", "Thêm thảo luận")]

    async def sender(session):
        while True:
            path, phone = next(doors)
            tried.append((path, phone))
            headers = {**FORM, "cookie": f"gopy_phone={phone}"}
            try:
                async with session.post(
                    address + path, data=body(*answers), headers=headers, allow_redirects=False
                ) as answer:
                    assert answer.status == 303, await answer.text()
                    acknowledged.add((path, phone))
            except (aiohttp.ClientError, ConnectionError):
                return

    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await asyncio.gather(*(sender(session) for _ in range(SENDERS)))
