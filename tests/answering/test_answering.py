"""An answers a form: by the class link, by a slip, and again by the receipt."""

import asyncio
import datetime

import pytest

from survey.answering.codes import new_receipt
from survey.tables import ClassLink, Comment, Evaluation, Response, State, Ticket, TicketKind
from tests.answering.sheets import look, send
from tests.cast import NOW, make_tickets, open_school, saved

pytestmark = pytest.mark.anyio

EVERYTHING = [Response, Comment, Ticket, Evaluation, ClassLink]


async def rows():
    return {table._meta.tablename: await table.select() for table in EVERYTHING}


async def test_opening_addresses_writes_and_spends_nothing(client):
    school = await open_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    before = await rows()
    for _ in range(3):
        assert (await look(client, f"/c/{school.code}")).status_code == 200
        assert (await look(client, f"/t/{ticket}")).status_code == 200
        assert (await look(client, f"/code?code={ticket}")).status_code == 303
        assert (await look(client, f"/r/{new_receipt()}")).status_code == 404
    assert await rows() == before


async def test_the_form_says_before_the_first_question_what_is_kept_and_who_reads_it(client):
    school = await open_school()
    vietnamese = (await look(client, f"/c/{school.code}")).text
    english = (await look(client, f"/c/{school.code}?lang=en")).text
    assert '<html lang="vi">' in vietnamese
    assert vietnamese.index("Người đọc:") < vietnamese.index("<fieldset")
    assert english.index("Read by:") < english.index("<fieldset")
    assert "Rất hữu ích" in vietnamese
    assert "Very useful" in english


async def test_an_answer_by_the_class_link_leads_to_its_receipt(client):
    school = await open_school()
    sent = await send(
        client, f"/c/{school.code}", ("01.useful", "5"), ("02.useful", "0"), ("one_change", "Thêm thực hành")
    )
    assert sent.status_code == 303
    receipt = await look(client, sent.headers["location"])
    assert "Đã trả lời 2/4 chuyên đề" in receipt.text
    assert 'href="#m03"' in receipt.text
    assert "Thêm thực hành" in receipt.text
    (response,) = await Response.select()
    assert response["document"] == '{"01.useful":5,"02.useful":0}'


async def test_the_same_save_twice_is_one_response(client):
    school = await open_school()
    first = await send(client, f"/c/{school.code}", ("01.useful", "5"))
    second = await send(client, f"/c/{school.code}", ("01.useful", "5"))
    assert first.headers["location"] == second.headers["location"]
    assert await Response.count() == 1
    assert await Ticket.count() == 1


async def test_a_double_tap_is_one_response(client):
    school = await open_school()
    answers = await asyncio.gather(*(send(client, f"/c/{school.code}", ("01.useful", "5")) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert await Response.count() == 1


async def test_two_phones_are_two_responses(client):
    school = await open_school()
    for phone in ("a", "b"):
        await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={"gopy_phone": phone})
    assert await Response.count() == 2


async def test_a_phone_has_one_ticket_whatever_receipts_it_makes_up(client):
    school = await open_school()
    await send(client, f"/c/{school.code}", ("01.useful", "5"), receipt=new_receipt())
    again = await send(client, f"/c/{school.code}", ("01.useful", "1"), receipt=new_receipt())
    assert again.status_code == 409
    assert await Response.count() == 1


async def test_a_receipt_changes_nothing_at_the_door_of_another_evaluation(client):
    first, second = await open_school(), await open_school(key="k2")
    receipt = (await send(client, f"/c/{first.code}", ("01.useful", "5"))).headers["location"].removeprefix("/r/")
    await Evaluation.update({Evaluation.state: State.closed}).where(Evaluation.id == first.evaluation.id)
    elsewhere = await send(client, f"/c/{second.code}", ("01.useful", "1"), receipt=receipt, sequence=2)
    assert elsewhere.status_code == 404
    (response,) = await Response.select()
    assert (response["evaluation"], response["document"]) == (first.evaluation.id, '{"01.useful":5}')


async def test_a_phone_that_has_answered_is_led_back_to_its_response(client):
    school = await open_school()
    sent = await send(client, f"/c/{school.code}", ("01.useful", "5"))
    assert "gopy_started" in sent.headers["set-cookie"]
    receipt = sent.headers["location"].removeprefix("/r/")
    back = await look(client, f"/c/{school.code}", {"gopy_phone": "phone-of-an", "gopy_started": receipt})
    assert back.status_code == 303
    assert back.headers["location"] == sent.headers["location"]


async def test_without_cookies_the_form_comes_back_with_its_own_receipt_and_one_more_press_saves(client):
    school = await open_school()
    first = await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={})
    assert first.status_code == 422
    assert await Response.count() == 0
    receipt = first.text.split('name="receipt" value="')[1].split('"')[0]
    for _ in range(2):
        assert (
            await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={}, receipt=receipt)
        ).status_code == 303
    assert await Response.count() == 1


async def test_a_ticket_is_spent_once(client):
    school = await open_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    typed = "-".join([ticket[:4], ticket[4:8].lower(), ticket[8:]])
    assert (await send(client, f"/t/{typed}", ("01.useful", "5"))).status_code == 303
    again = await send(client, f"/t/{ticket}", ("01.useful", "1"), cookies={"gopy_phone": "somebody else"})
    assert again.status_code == 409
    assert "Phiếu này đã được sử dụng" in again.text
    assert await Response.count() == 1
    assert (await look(client, f"/t/{ticket}")).status_code == 409
    back = await look(client, f"/t/{ticket}", {"gopy_phone": "phone-of-an"})
    assert back.status_code == 303


async def test_one_ticket_sent_at_once_by_many_phones_gives_one_response(client):
    school = await open_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.personal, 1)
    codes = [
        (await send(client, f"/t/{ticket}", ("01.useful", "5"), cookies={"gopy_phone": str(phone)})).status_code
        for phone in range(6)
    ]
    assert sorted(codes) == [303, 409, 409, 409, 409, 409]
    assert await Response.count() == 1


async def test_answers_can_be_changed_by_the_receipt_and_comments_taken_back(client):
    school = await open_school()
    sent = await send(client, f"/c/{school.code}", ("01.useful", "5"), ("01.remark", "a"), ("one_change", "b"))
    receipt = sent.headers["location"]
    changed = await send(client, receipt, ("01.useful", "2"), ("one_change", "c"), sequence=2)
    assert changed.status_code == 303
    (response,) = await Response.select()
    assert response["document"] == '{"01.useful":2}'
    assert await Comment.select(Comment.place, Comment.text) == [{"place": "one_change", "text": "c"}]


async def test_the_newest_sequence_number_wins_and_the_reader_is_told(client):
    school = await open_school()
    receipt = (await send(client, f"/c/{school.code}", ("01.useful", "5"))).headers["location"]
    await send(client, receipt, ("01.useful", "3"), sequence=7)
    late = await send(client, receipt, ("01.useful", "1"), sequence=6)
    (response,) = await Response.select()
    assert response["document"] == '{"01.useful":3}'
    shown = await look(client, late.headers["location"])
    assert "Một bản mới hơn" in shown.text


async def test_a_code_that_somebody_types_leads_to_its_page(client):
    school = await open_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    receipt = (await send(client, f"/c/{school.code}", ("01.useful", "5"))).headers["location"].removeprefix("/r/")
    assert (await look(client, f"/code?code={school.code.lower()}")).headers["location"] == f"/c/{school.code}"
    assert (await look(client, f"/code?code={ticket.lower()}")).headers["location"] == f"/t/{ticket}"
    grouped = "+".join(receipt[i : i + 4] for i in range(0, 16, 4))
    assert (await look(client, f"/code?code={grouped}")).headers["location"] == f"/r/{receipt}"
    unknown = await look(client, "/code?code=<b>nobody")
    assert unknown.status_code == 404
    assert "&lt;b&gt;nobody" in unknown.text
    assert (await look(client, "/code?code=%00")).status_code == 404
    assert (await look(client, "/code")).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/c/NOBODY", "/c/%00", "/c/%FF", "/t/NOBODY", "/t/000000000000", "/t/%00", "/r/NOBODY", "/r/%00"],
)
async def test_unknown_links_are_said_kindly(client, path):
    for answer in (await look(client, path), await send(client, path, ("01.useful", "1"))):
        assert answer.status_code == 404
        assert "<h1>" in answer.text


async def test_an_evaluation_that_is_not_open_says_which(client):
    draft = await open_school(key="d")
    await Evaluation.update({Evaluation.state: State.draft}).where(Evaluation.id == draft.evaluation.id)
    closed = await open_school(key="e", form="detailed")
    await Evaluation.update({Evaluation.closes_at: NOW}).where(Evaluation.id == closed.evaluation.id)
    assert (await look(client, f"/c/{draft.code}")).status_code == 403
    assert (await send(client, f"/c/{draft.code}", ("01.useful", "1"))).status_code == 403
    assert (await look(client, f"/c/{closed.code}")).status_code == 410
    assert (await send(client, f"/c/{closed.code}", ("01.useful", "1"))).status_code == 410
    assert await Response.count() == 0


async def test_what_was_closed_before_it_opened_says_that_it_has_closed(client):
    school = await open_school()
    tomorrow = NOW + datetime.timedelta(days=1)
    await Evaluation.update(
        {Evaluation.state: State.closed, Evaluation.opens_at: tomorrow, Evaluation.closes_at: NOW}
    ).where(Evaluation.id == school.evaluation.id)
    assert (await look(client, f"/c/{school.code}")).status_code == 410


async def test_started_responses_are_taken_in_the_grace_period_and_new_ones_are_not(client):
    school = await open_school()
    receipt = (await send(client, f"/c/{school.code}", ("01.useful", "5"))).headers["location"]
    await Evaluation.update({Evaluation.closes_at: NOW}).where(Evaluation.id == school.evaluation.id)
    client.app.state.evaluations._known.clear()
    assert (await send(client, receipt, ("01.useful", "2"), sequence=2)).status_code == 303
    assert (await send(client, f"/c/{school.code}", ("01.useful", "2"), cookies={"gopy_phone": "x"})).status_code == 410
    await Evaluation.update({Evaluation.grace_minutes: 0}).where(Evaluation.id == school.evaluation.id)
    client.app.state.evaluations._known.clear()
    late = await send(client, receipt, ("01.useful", "1"), sequence=3)
    assert late.status_code == 410
    (response,) = await Response.select()
    assert response["document"] == '{"01.useful":2}'


async def test_an_evaluation_closed_elsewhere_takes_nothing_although_this_process_still_knows_it_as_open(client):
    school = await open_school()
    await look(client, f"/c/{school.code}")
    await Evaluation.update({Evaluation.state: State.closed, Evaluation.closes_at: NOW}).where(
        Evaluation.id == school.evaluation.id
    )
    assert (await send(client, f"/c/{school.code}", ("01.useful", "2"))).status_code == 410
    assert await Response.count() == 0


async def test_two_classes_have_two_links_and_their_answers_are_told_apart(client):
    from survey.tables import CourseClass

    school = await open_school()
    other = await saved(CourseClass(cohort=school.cohort.id, key="b", names={"vi": "Lớp B"}, enrolled=20))
    await saved(ClassLink(evaluation=school.evaluation.id, course_class=other.id, code="LOPB"))
    await send(client, f"/c/{school.code}", ("01.useful", "5"))
    await send(client, "/c/LOPB", ("01.useful", "5"))
    assert {row["course_class"] for row in await Response.select()} == {school.course_class.id, other.id}


async def test_every_form_of_the_library_can_be_opened_and_answered(client):
    for number, (form, field) in enumerate(
        [("core", "01.useful"), ("detailed", "01.taught"), ("daily", "01.pace"), ("ten", "01.quality")]
    ):
        school = await open_school(form=form, key=f"f{number}")
        page = await look(client, f"/c/{school.code}")
        assert f'name="{field}"' in page.text
        assert (await send(client, f"/c/{school.code}", (field, "4"))).status_code == 303
