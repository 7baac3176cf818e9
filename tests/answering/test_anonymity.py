"""Attacks on the promise: nobody, the operator included, can tell from a sealed evaluation who gave an answer.

What an attack on an open evaluation can still find is written in docs/anonymity.md.
"""

import logging
from pathlib import Path

import pytest
from piccolo.columns import Date, Timestamp, Timestamptz

from survey.answering.codes import digest
from survey.answering.keeping import receipt_digest
from survey.answering.sealing import seal_evaluation
from survey.answering.tickets import ticket_digest
from survey.tables import AuditEntry, Comment, Evaluation, Response, Ticket, TicketKind
from tests.answering.sheets import look, send
from tests.answering.test_sealing import close
from tests.cast import make_tickets, open_school

pytestmark = pytest.mark.anyio

WORDS = "Giảng viên nói quá nhanh ở buổi chiều"


async def an_answers(client, school):
    """An answers with a slip; gives ticket and receipt."""
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.personal, 1)
    sent = await send(client, f"/t/{ticket}", ("01.useful", "2"), ("02.useful", "5"), ("one_change", WORDS))
    return ticket, sent.headers["location"].removeprefix("/r/")


def test_no_column_holds_a_person_a_time_or_an_address():
    expected = {
        Ticket: {"digest", "evaluation", "course_class", "kind", "spent", "lot", "revoked"},
        Response: {"receipt", "evaluation", "course_class", "sequence", "document"},
        Comment: {"key", "evaluation", "place", "text"},
    }
    for table, names in expected.items():
        assert {column._meta.name for column in table._meta.columns} == names
        assert not [column for column in table._meta.columns if isinstance(column, Date | Timestamp | Timestamptz)]


async def test_tables_of_an_open_evaluation_share_no_value_that_joins_ticket_response_and_comment(client):
    school = await open_school()
    ticket, receipt = await an_answers(client, school)
    values = [
        {value for row in await table.select() for value in row.values() if isinstance(value, str) and len(value) == 32}
        for table in (Ticket, Response, Comment)
    ]
    assert values[0].isdisjoint(values[1])
    assert values[1].isdisjoint(values[2])
    stored = str([await table.select() for table in (Ticket, Response, Comment)])
    assert ticket not in stored
    assert receipt not in stored


async def test_who_printed_the_ticket_cannot_make_its_receipt(client):
    """The receipt is made from the phone's own mark; the ticket alone gives none that is kept."""
    school = await open_school()
    ticket, receipt = await an_answers(client, school)
    kept = {row["receipt"] for row in await Response.select()}
    assert kept == {receipt_digest(receipt)}
    guesses = {digest(purpose, ticket) for purpose in ("response", "ticket", "comment", "")}
    assert not guesses & kept


async def test_who_knows_the_ticket_does_not_know_which_modules_it_was_asked_about(client):
    """Else the operator, who knows to whom a personal ticket was sent, would look for that person in fewer sheets."""
    school = await open_school(modules=12)
    await Evaluation.update({Evaluation.share: 4}).where(Evaluation.id == school.evaluation.id)
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.personal, 1)
    dealt = {(await look(client, f"/t/{ticket}")).text for _ in range(3)}
    assert len(dealt) == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_sqlite_keeps_no_hidden_order_of_writing(database):
    """PostgreSQL has no such switch; docs/anonymity.md says what xmin and ctid tell while an evaluation is open."""
    for table in (Ticket, Response, Comment):
        with pytest.raises(Exception, match="no such column: rowid"):
            await table.raw(f"SELECT rowid FROM {table._meta.tablename}")


async def test_nothing_of_a_response_is_left_in_the_files_after_sealing(client, database_url):
    school = await open_school()
    for number in range(6):
        phone = {"gopy_phone": f"phone {number}"}
        await send(client, f"/c/{school.code}", ("01.useful", "2"), ("02.useful", "5"), cookies=phone)
    ticket, receipt = await an_answers(client, school)
    secrets = [receipt_digest(receipt), ticket_digest(ticket), *(row["key"] for row in await Comment.select())]
    needles = [b'{"01.useful":2,"02.useful":5}', *(secret.encode() for secret in secrets)]
    held = await files_of(database_url)
    assert all(needle in held for needle in needles), "the attack must be able to find what is there"
    await close(school)
    await seal_evaluation(school.evaluation.id)
    left = await files_of(database_url)
    for needle in needles:
        assert needle not in left
    assert WORDS.encode() in left, "the comment itself stays: it is a result"


async def files_of(database_url):
    """Every byte that the database holds of the tables of answers."""
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))
    await Ticket.raw("CHECKPOINT")
    folder = Path((await Ticket.raw("SHOW data_directory"))[0]["data_directory"])
    names = ["response", "ticket", "comment", "response_pkey", "ticket_pkey", "comment_pkey"]
    paths = [(await Ticket.raw("SELECT pg_relation_filepath({}::regclass) AS path", name))[0]["path"] for name in names]
    toast = await Ticket.raw(
        "SELECT pg_relation_filepath(reltoastrelid) AS path FROM pg_class WHERE relname IN ('response', 'comment')"
    )
    paths += [row["path"] for row in toast if row["path"]]
    return b"".join((folder / path).read_bytes() for path in paths)


async def test_secrets_of_trainees_never_reach_a_log(client, caplog):
    school = await open_school()
    with caplog.at_level(logging.DEBUG):
        ticket, receipt = await an_answers(client, school)
        await look(client, f"/r/{receipt}")
        await look(client, f"/t/{ticket}")
        client.app.state.evaluations = None  # our own mistake, to be logged in full
        assert (await look(client, f"/r/{receipt}")).status_code == 500
    # The test's own client (httpx) writes down what it asks for; only what the service says counts.
    said = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records if record.name != "httpx")
    assert "a request failed" in said
    for secret in (ticket, receipt, "phone-of-an", "testserver.local/", WORDS):
        assert secret not in said


async def test_nothing_that_a_trainee_does_is_written_to_the_audit(client):
    await an_answers(client, await open_school())
    assert await AuditEntry.count() == 0


async def test_pages_of_trainees_are_not_kept_by_browsers_and_send_no_address_onwards(client):
    school = await open_school()
    _, receipt = await an_answers(client, school)
    for path in (f"/r/{receipt}", f"/c/{school.code}"):
        headers = (await look(client, path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in headers["content-security-policy"]
