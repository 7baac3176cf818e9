"""An gets a share of all lessons, dealt in a balanced rotation."""

import asyncio
import datetime
import re
from collections import Counter

import msgspec
import polars as pl
import pytest

from analytics import BLANK, NOT_OFFERED
from survey.answering import documents as documents_of_forms
from survey.answering.documents import form_html
from survey.answering.sealing import seal_evaluation
from survey.tables import (
    Comment,
    Evaluation,
    FrozenCount,
    ModuleVersion,
    Response,
    SealedRatings,
    Ticket,
    TicketKind,
)
from tests.answering.sheets import asked, look, part_of, send
from tests.answering.test_sealing import close, counts
from tests.cast import make_tickets, open_school

pytestmark = pytest.mark.anyio

FRIDAY = datetime.date(2026, 11, 20)
DAY = datetime.timedelta(1)


async def shared_school(share=2, **more):
    school = await open_school(**more)
    await Evaluation.update({Evaluation.share: share}).where(Evaluation.id == school.evaluation.id)
    return school


def documents(rows):
    return sorted(row["document"] for row in rows)


async def test_trainees_in_a_row_are_offered_every_lesson_equally_often(client):
    school = await shared_school(share=3)
    pages = [await look(client, f"/c/{school.code}") for _ in range(8)]
    assert all(len(asked(page)) == 3 for page in pages)
    assert Counter(key for page in pages for key in asked(page)) == dict.fromkeys(["01", "02", "03", "04"], 6)
    assert all(len(re.findall(r'name="revise_first"', page.text)) == 4 for page in pages), "every lesson can be picked"
    assert "3 trong số 4 chuyên đề" in pages[0].text


@pytest.mark.parametrize("door", ["c", "t"])
async def test_reloading_deals_no_other_part(client, door):
    school = await shared_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 1)
    path = f"/c/{school.code}" if door == "c" else f"/t/{ticket}"
    first = await look(client, path)
    kept = f"gopy_part={part_of(first)}; Path={path};"
    assert any(cookie.startswith(kept) for cookie in first.headers.get_list("set-cookie"))
    for _ in range(3):
        again = await look(client, path, {"gopy_part": part_of(first)})
        assert asked(again) == asked(first)
        assert "gopy_part" not in str(again.headers.get_list("set-cookie"))
    assert asked(await look(client, path, {"gopy_part": "made-up"}))


async def test_a_share_is_answered_and_found_again_without_cookies(client):
    school = await shared_school()
    page = await look(client, f"/c/{school.code}")
    own = asked(page)
    answers = [("part", part_of(page)), *((f"{key}.useful", "5") for key in own), ("revise_first", "01")]
    first = await send(client, f"/c/{school.code}", *answers, cookies={})
    assert (first.status_code, part_of(first), asked(first)) == (422, part_of(page), own)
    receipt = re.search(r'name="receipt" value="(\w+)"', first.text)[1]
    sent = await send(client, f"/c/{school.code}", *answers, cookies={}, receipt=receipt)
    kept = await look(client, sent.headers["location"])
    assert asked(kept) == own
    assert "Đã trả lời 2/2 chuyên đề" in kept.text
    changed = await send(client, sent.headers["location"], (f"{own[0]}.useful", "1"), cookies={}, sequence=2)
    assert changed.status_code == 303
    (response,) = await Response.select()
    assert response["document"] == f'{{"part":"{part_of(page)}","{own[0]}.useful":1}}'


async def test_a_sheet_that_names_no_known_part_is_read_as_the_whole_form(client):
    school = await shared_school()
    for number, named in enumerate([[], [("part", "made-up")], [("part", "<b>")]]):
        answers = [*named, *((f"{key:02}.useful", "5") for key in range(1, 5))]
        sent = await send(client, f"/c/{school.code}", *answers, cookies={"gopy_phone": str(number)})
        assert sent.status_code == 303
    assert {row["document"] for row in await Response.select()} == {
        '{"01.useful":5,"02.useful":5,"03.useful":5,"04.useful":5}'
    }


async def test_what_was_not_offered_is_neither_blank_nor_not_attended(client):
    school = await shared_school()
    for phone in range(6):
        page = await look(client, f"/c/{school.code}")
        answers = [("part", part_of(page)), (f"{asked(page)[0]}.useful", "4"), ("revise_first", "04")]
        await send(client, f"/c/{school.code}", *answers, cookies={"gopy_phone": str(phone)})
    await close(school)
    assert await seal_evaluation(school.evaluation.id) == 6
    (sealed,) = await SealedRatings.select()
    frame = pl.read_ipc_stream(sealed["document"])
    assert "part" not in frame.columns
    frozen = await counts(school)
    for key in ("01", "02", "03", "04"):
        column = frame[f"{key}.useful"]
        assert (column == NOT_OFFERED).sum() == 3, "offered to half of them"
        assert sum(n for (module, item, _), n in frozen.items() if (module, item) == (key, "useful")) == 3
        assert frozen.get((key, "useful", -1), 0) == (column == BLANK).sum()
    assert frozen["04", "revise_first", 1] == 6, "picks choose among all lessons"
    assert frozen["01", "revise_first", -1] == 6
    assert frozen["", "objectives", -1] == 6, "everybody is asked about the course"


async def test_the_blank_limit_counts_only_what_was_asked(client):
    school = await shared_school(form="ten")
    course = [(key, "9") for key in ("objectives", "practice", "lecturers", "facilities", "organisation", "apply")]
    for phone, left_out in (("whole", 0), ("one of eight blank", 1)):
        page = await look(client, f"/c/{school.code}")
        answers = [(f"{key}.quality", "8") for key in asked(page)] + course[left_out:]
        await send(client, f"/c/{school.code}", ("part", part_of(page)), *answers, cookies={"gopy_phone": phone})
    await close(school)
    await seal_evaluation(school.evaluation.id)
    (sealed,) = await SealedRatings.select(SealedRatings.responses, SealedRatings.invalid)
    assert (sealed["responses"], sealed["invalid"]) == (2, 1)


async def test_opening_a_shared_form_writes_nothing(client):
    school = await shared_school()
    (ticket,) = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.personal, 1)
    before = [await table.select() for table in (Response, Comment, Ticket, Evaluation, FrozenCount)]
    for path in (f"/c/{school.code}", f"/t/{ticket}"):
        assert (await look(client, path)).status_code == 200
    assert [await table.select() for table in (Response, Comment, Ticket, Evaluation, FrozenCount)] == before


async def test_a_rotation_goes_on_where_it_was_when_the_evaluation_is_read_anew(client):
    school = await shared_school()
    seen = []
    for _ in range(4):
        seen.append(part_of(await look(client, f"/c/{school.code}")))
        stale = msgspec.structs.replace(client.app.state.evaluations._known[school.evaluation.id], read_at=0)
        client.app.state.evaluations._known[school.evaluation.id] = stale
        await Evaluation.update({Evaluation.grace_minutes: Evaluation.grace_minutes + 1}).where(
            Evaluation.id == school.evaluation.id
        )
    assert Counter(seen) == dict.fromkeys(set(seen), 2)


async def test_forms_are_made_when_they_are_first_asked_for_and_only_then(client):
    school = await shared_school()
    await send(client, f"/c/{school.code}", ("01.useful", "5"))
    known = client.app.state.evaluations._known[school.evaluation.id]
    assert known.empty_forms._made == {}
    page = await look(client, f"/c/{school.code}")
    assert set(known.empty_forms._made) == {(part_of(page), "vi")}


async def test_a_class_that_opens_a_part_at_once_has_it_made_once(client, monkeypatch):
    school = await open_school()
    made = []

    def noted(*arguments, **filled):
        made.append(arguments[2])
        return form_html(*arguments, **filled)

    monkeypatch.setattr(documents_of_forms, "form_html", noted)
    pages = await asyncio.gather(*(look(client, f"/c/{school.code}") for _ in range(20)))
    assert len({page.text for page in pages}) == 1
    assert made == ["vi"]


async def test_the_forms_of_many_parts_take_bounded_room(client, monkeypatch):
    monkeypatch.setattr(documents_of_forms, "MOST_DOCUMENTS", 3)
    school = await shared_school(share=1)
    for _ in range(9):
        assert (await look(client, f"/c/{school.code}")).status_code == 200
        assert len(client.app.state.evaluations._known[school.evaluation.id].empty_forms._made) <= 3


async def test_what_changes_is_shown_anew(client):
    school = await open_school()
    assert "Lý luận" in (await look(client, f"/c/{school.code}")).text
    stale = msgspec.structs.replace(client.app.state.evaluations._known[school.evaluation.id], read_at=0)
    client.app.state.evaluations._known[school.evaluation.id] = stale
    await ModuleVersion.update({ModuleVersion.titles: {"vi": "Tên mới", "en": "New"}}).where(ModuleVersion.number == 1)
    assert "Tên mới" in (await look(client, f"/c/{school.code}")).text
