"""Blind slips come in lots: printed 21 a page, counted, revoked and printed anew, without telling who drew which."""

import asyncio

import pypdfium2
import pytest
import zxingcpp

from survey.answering.codes import grouped, new_code
from survey.answering.tickets import ticket_digest
from survey.database.recorder import Recorder
from survey.database.saving import Outcome
from survey.planning.papers import Slips, slips_pdf
from survey.planning.slips import NOTHING_LEFT, blind_slips, lots_of, reprint_lot, revoke_lot
from survey.refusals import Refused
from survey.tables import AuditEntry, Response, State, Ticket, TicketLot
from tests.answering.sheets import look, send
from tests.cast import open_school
from tests.database.test_recorder import save

pytestmark = pytest.mark.anyio

ADDRESS = "https://gopy.example.vn"


async def lot(school):
    return (await lots_of(school.evaluation.id))[-1]


def test_a_sheet_has_21_slips_a_page_each_with_its_code_twice():
    secrets = [new_code(12) for _ in range(22)]
    document = pypdfium2.PdfDocument(slips_pdf(Slips(3, secrets), base_address=ADDRESS, language="vi"))
    assert len(document) == 2
    found = zxingcpp.read_barcodes(document[0].render(scale=3).to_numpy())
    assert {code.text for code in found} == {f"{ADDRESS}/t/{secret}" for secret in secrets[:21]}
    text = document[0].get_textpage().get_text_range()
    assert all(grouped(secret) in text for secret in secrets[:21])
    assert "gopy.example.vn/code" in text
    assert "Phiếu góp ý ẩn danh" in text
    assert "3-21" in text


async def test_a_code_from_a_slip_leads_to_the_form(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 1, who=None)
    found = await look(client, f"/code?code={grouped(slips.secrets[0]).lower()}")
    assert (await look(client, found.headers["location"])).status_code == 200


async def test_a_lot_tells_what_was_made_used_and_left(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 6, who=None)
    await send(client, f"/t/{slips.secrets[2]}", ("01.useful", "4"))
    found = await lot(school)
    assert (found.made, found.used, found.left, found.revoked) == (6, 1, 5, False)


async def test_of_a_small_lot_nobody_is_told_how_many_were_used_not_even_by_printing_it_anew(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 4, who=None)
    await send(client, f"/t/{slips.secrets[0]}", ("01.useful", "4"))
    found = await lot(school)
    assert (found.made, found.used, found.left) == (4, None, None)
    assert len((await reprint_lot(school.evaluation.id, found.id, who=None)).secrets) == 4
    assert "1" not in [entry["details"] for entry in await AuditEntry.select()]


async def test_a_revoked_slip_is_refused_kindly_and_what_was_spent_stays(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 6, who=None)
    receipt = (await send(client, f"/t/{slips.secrets[0]}", ("01.useful", "4"))).headers["location"]
    assert await revoke_lot(school.evaluation.id, slips.lot, who=None) == 5
    for answer in (await look(client, f"/t/{slips.secrets[1]}"), await send(client, f"/t/{slips.secrets[1]}")):
        assert answer.status_code == 410
        assert "Phiếu này đã bị thu hồi" in answer.text
    assert (await send(client, receipt, ("01.useful", "1"), sequence=2)).status_code == 303
    found = await lot(school)
    assert (found.used, found.left, found.revoked) == (1, 0, True)
    with pytest.raises(Refused, match=NOTHING_LEFT):
        await revoke_lot(school.evaluation.id, slips.lot, who=None)


async def test_a_slip_that_is_revoked_and_sent_at_once_is_either_spent_or_revoked(database):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 20, who=None)
    async with Recorder() as recorder:
        sent = (recorder.save(save(school, ticket=ticket_digest(secret), handed_out=False)) for secret in slips.secrets)
        *outcomes, _ = await asyncio.gather(
            *sent, revoke_lot(school.evaluation.id, slips.lot, who=None), return_exceptions=True
        )
    assert set(outcomes) <= {Outcome.started, Outcome.ticket_revoked}
    assert (
        outcomes.count(Outcome.started) == await Ticket.count().where(Ticket.spent.eq(True)) == await Response.count()
    )
    assert not await Ticket.exists().where(Ticket.spent.eq(True), Ticket.revoked.eq(True))


async def test_a_revoked_slip_in_a_batch_refuses_that_save_alone(database):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 5, who=None)
    await revoke_lot(school.evaluation.id, slips.lot, who=None)
    async with Recorder() as recorder:
        revoked = save(school, ticket=ticket_digest(slips.secrets[0]), handed_out=False)
        outcomes = await asyncio.gather(recorder.save(revoked), recorder.save(save(school)))
    assert outcomes == [Outcome.ticket_revoked, Outcome.started]


async def test_printing_anew_makes_as_many_as_were_left(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 8, who=None)
    await send(client, f"/t/{slips.secrets[0]}", ("01.useful", "4"))
    again = await reprint_lot(school.evaluation.id, slips.lot, who=None)
    assert len(again.secrets) == 7
    assert not set(again.secrets) & set(slips.secrets)
    assert [(one.made, one.revoked) for one in await lots_of(school.evaluation.id)] == [(8, True), (7, False)]


async def test_no_slips_for_an_evaluation_that_takes_no_answers(database):
    school = await open_school()
    school.evaluation.state = State.closed
    await school.evaluation.save()
    with pytest.raises(Refused):
        await blind_slips(school.evaluation.id, "a", 5, who=None)
    assert await TicketLot.count() == 0
