"""The recorder keeps a save once, on disk, before it says so; one slip in a batch refuses that one alone."""

import asyncio
import secrets

import pytest

from survey.answering.tickets import ticket_digest
from survey.database.engines import OneFileEngine
from survey.database.recorder import QueueFull, Recorder
from survey.database.saving import Outcome, Save
from survey.tables import Comment, Response, Ticket, TicketKind
from tests.cast import make_tickets, open_school

pytestmark = pytest.mark.anyio


@pytest.fixture
async def school(database):
    return await open_school(enrolled=1000)


def save(school, **changes):
    fields = {
        "evaluation": school.evaluation.id,
        "course_class": school.course_class.id,
        "receipt": secrets.token_hex(16),
        "sequence": 1,
        "document": b'{"01.useful":4}',
        "ticket": secrets.token_hex(16),
        "handed_out": True,
    }
    return Save(**fields | changes)


async def test_many_saves_at_once_are_all_kept_in_few_transactions(school, monkeypatch):
    transactions = []
    async with Recorder() as recorder:
        commit = recorder._commit
        monkeypatch.setattr(recorder, "_commit", lambda saves: transactions.append(len(saves)) or commit(saves))
        outcomes = await asyncio.gather(*(recorder.save(save(school)) for _ in range(200)))
    assert outcomes == [Outcome.started] * 200
    assert await Response.count() == 200
    assert len(transactions) < 20


async def test_a_spent_ticket_in_a_batch_refuses_that_save_alone(school):
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    printed = {"ticket": ticket_digest(ticket), "handed_out": False}
    async with Recorder() as recorder:
        outcomes = await asyncio.gather(
            recorder.save(save(school)),
            recorder.save(save(school, **printed)),
            recorder.save(save(school, **printed)),
            recorder.save(save(school)),
        )
        assert outcomes == [Outcome.started, Outcome.started, Outcome.ticket_spent, Outcome.started]
        assert await recorder.save(save(school, **printed)) is Outcome.ticket_spent
    assert await Response.count() == 3


async def test_a_save_that_the_database_cannot_take_costs_the_others_nothing(school):
    async with Recorder() as recorder:
        bad = save(school, evaluation=school.evaluation.id, course_class=999_999)
        outcomes = await asyncio.gather(
            recorder.save(save(school)), recorder.save(bad), recorder.save(save(school)), return_exceptions=True
        )
    assert outcomes[0] is outcomes[2] is Outcome.started
    assert isinstance(outcomes[1], Exception)
    assert await Response.count() == 2
    assert await Ticket.count() == 2


async def test_a_ticket_is_not_spent_without_its_response(school):
    """The response cannot be written, so the ticket of the same save must not be spent either."""
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    bad = save(school, ticket=ticket_digest(ticket), handed_out=False, course_class=999_999)
    async with Recorder() as recorder:
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await recorder.save(bad)
    assert (await Ticket.select())[0]["spent"] in (False, 0)


async def test_the_newest_sequence_wins_within_one_batch_too(school):
    first = save(school)
    async with Recorder() as recorder:
        outcomes = await asyncio.gather(
            recorder.save(first),
            recorder.save(save(school, receipt=first.receipt, ticket=None, sequence=3, document=b'{"01.useful":3}')),
            recorder.save(save(school, receipt=first.receipt, ticket=None, sequence=2, document=b'{"01.useful":2}')),
        )
    assert outcomes == [Outcome.started, Outcome.replaced, Outcome.older]
    (row,) = await Response.select()
    assert (row["sequence"], row["document"]) == (3, '{"01.useful":3}')


async def test_a_later_save_without_its_response_is_refused(school):
    async with Recorder() as recorder:
        assert await recorder.save(save(school, ticket=None)) is Outcome.unknown_receipt
    assert await Response.count() == 0


async def test_comments_are_kept_beside_and_taken_away_when_they_are_gone(school):
    keys = [secrets.token_hex(16), secrets.token_hex(16)]
    first = save(school, comments={keys[0]: ("01.remark", "a"), keys[1]: ("one_change", "b")})
    later = save(
        school,
        receipt=first.receipt,
        sequence=2,
        comments={keys[0]: ("01.remark", "c")},
        absent_comments=lambda: [keys[1]],
    )
    async with Recorder() as recorder:
        await recorder.save(first)
        await recorder.save(later)
    assert await Comment.select(Comment.key, Comment.text) == [{"key": keys[0], "text": "c"}]


async def test_more_saves_than_the_queue_takes_are_refused_at_once(school):
    async with Recorder(queue_limit=4, batch_limit=2) as recorder:
        outcomes = await asyncio.gather(*(recorder.save(save(school)) for _ in range(50)), return_exceptions=True)
        refused = [outcome for outcome in outcomes if isinstance(outcome, QueueFull)]
        assert 0 < len(refused) < 50
        assert await recorder.save(save(school)) is Outcome.started
    assert await Response.count() == 51 - len(refused)


async def test_stopping_writes_what_is_queued_and_takes_nothing_more(school):
    recorder = Recorder(batch_limit=2)
    async with recorder:
        waiting = [asyncio.create_task(recorder.save(save(school))) for _ in range(20)]
        await asyncio.sleep(0)
    assert [await one for one in waiting] == [Outcome.started] * 20
    assert await Response.count() == 20
    with pytest.raises(QueueFull):
        await recorder.save(save(school))


async def test_a_sender_who_hangs_up_does_not_stop_the_others(school):
    async with Recorder() as recorder:
        waiting = [asyncio.create_task(recorder.save(save(school))) for _ in range(5)]
        await asyncio.sleep(0)
        waiting[2].cancel()
        outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is Outcome.started] == [Outcome.started] * 4


async def test_sqlite_commits_to_disk_and_overwrites_what_it_deletes(database):
    if not isinstance(database, OneFileEngine):
        (row,) = await Ticket.raw("SHOW fsync")
        assert row["fsync"] == "on"
        (row,) = await Ticket.raw("SHOW synchronous_commit")
        assert row["synchronous_commit"] == "on"
        return
    async with database.kept_transaction():
        assert await Ticket.raw("PRAGMA synchronous") == [{"synchronous": 2}]
        assert await Ticket.raw("PRAGMA secure_delete") == [{"secure_delete": 1}]
        assert await Ticket.raw("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert await Ticket.raw("PRAGMA synchronous") == [{"synchronous": 2}]
