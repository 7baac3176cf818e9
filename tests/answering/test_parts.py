"""An gets a part of the form: the lessons of the day, or a share of all lessons."""

import asyncio
import datetime
import io
import re
from collections import Counter

import msgspec
import polars as pl
import pytest

from analytics import NOT_OFFERED
from survey.answering import documents as documents_of_forms
from survey.answering import parts
from survey.answering.codes import new_receipt
from survey.answering.documents import form_html
from survey.answering.sealing import seal_evaluation
from survey.answering.tickets import make_tickets
from survey.tables import (
    Comment,
    Evaluation,
    FrozenCount,
    Lesson,
    ModuleVersion,
    Response,
    SealedRatings,
    Ticket,
    TicketKind,
)
from tests.answering.sheets import look, send
from tests.answering.test_sealing import close, counts
from tests.cast import open_school

pytestmark = pytest.mark.anyio

FRIDAY = datetime.date(2026, 11, 20)
DAY = datetime.timedelta(1)


def on(day, monkeypatch):
    monkeypatch.setattr(parts, "today", lambda: day)


async def daily_school(days=("2026-11-19", "2026-11-20", "2026-11-23", "2026-11-23"), **more):
    """Lessons 01 on Thursday, 02 on Friday, 03 and 04 on the Monday after."""
    school = await open_school(form="daily", **more)
    for number, day in enumerate(days, 1):
        await Lesson.update({Lesson.taught_on: datetime.date.fromisoformat(day)}).where(
            Lesson.cohort == school.cohort.id, Lesson.key == f"{number:02}"
        )
    return school


async def shared_school(share=2, **more):
    school = await open_school(**more)
    await Evaluation.update({Evaluation.share: share}).where(Evaluation.id == school.evaluation.id)
    return school


def asked(page):
    """Keys of the lessons that a page asks about."""
    return re.findall(r'class="step module" id="m(\d+)"', page.text)


def part_of(page):
    return re.search(r'name="part" value="([\w-]+)"', page.text)[1]


def documents(rows):
    return sorted(row["document"] for row in rows)


# Daily


async def test_each_day_the_link_offers_the_lessons_of_the_day(client, monkeypatch):
    school = await daily_school()
    for day, lessons in ((FRIDAY - DAY, ["01"]), (FRIDAY, ["02"]), (FRIDAY + 3 * DAY, ["03", "04"])):
        on(day, monkeypatch)
        page = await look(client, f"/c/{school.code}")
        assert (asked(page), part_of(page)) == (lessons, day.isoformat())
        assert f"các buổi học ngày {day:%d/%m/%Y}" in page.text


async def test_a_friday_is_answered_over_the_weekend_until_lessons_are_taught_again(client, monkeypatch):
    school = await daily_school()
    on(FRIDAY + 2 * DAY, monkeypatch)
    assert asked(await look(client, f"/c/{school.code}")) == ["02"]


async def test_on_a_day_without_lessons_the_page_says_when_they_come(client, monkeypatch):
    school = await daily_school()
    on(FRIDAY - 10 * DAY, monkeypatch)
    page = await look(client, f"/c/{school.code}")
    assert page.status_code == 404
    assert "19/11/2026" in page.text
    assert "19 Nov 2026" in (await look(client, f"/c/{school.code}?lang=en")).text
    on(FRIDAY + 7 * DAY, monkeypatch)
    over = await look(client, f"/c/{school.code}?lang=en")
    assert (over.status_code, "The lessons of this course are over" in over.text) == (410, True)
    await Evaluation.update({Evaluation.state: "closed"}).where(Evaluation.id == school.evaluation.id)
    client.app.state.evaluations._known.clear()
    assert "This evaluation has closed" in (await look(client, f"/c/{school.code}?lang=en")).text


async def test_yesterdays_answer_does_not_swallow_todays(client, monkeypatch):
    school = await daily_school()
    phone = {"gopy_phone": "phone-of-an"}
    receipts = []
    for day, lesson in ((FRIDAY - DAY, "01"), (FRIDAY, "02")):
        on(day, monkeypatch)
        opened = await look(client, f"/c/{school.code}", phone)
        assert opened.status_code == 200
        sent = await send(
            client, f"/c/{school.code}", ("part", part_of(opened)), (f"{lesson}.useful", "5"), cookies=phone
        )
        phone["gopy_started"] = f"{sent.headers['location'].removeprefix('/r/')}.{day}"
        assert f"gopy_started={phone['gopy_started']}" in sent.headers["set-cookie"]
        back = await look(client, f"/c/{school.code}", phone)
        assert back.headers["location"] == sent.headers["location"]
        receipts.append(sent.headers["location"])
    assert len(set(receipts)) == 2
    for receipt, lesson in zip(receipts, ("01", "02"), strict=True):
        assert asked(await look(client, receipt)) == [lesson]
    assert documents(await Response.select()) == [
        '{"part":"2026-11-19","01.useful":5}',
        '{"part":"2026-11-20","02.useful":5}',
    ]


async def test_nothing_stored_joins_the_days_of_a_phone(client, monkeypatch):
    school = await daily_school()
    for day, lesson in ((FRIDAY - DAY, "01"), (FRIDAY, "02")):
        on(day, monkeypatch)
        await send(client, f"/c/{school.code}", ("part", day.isoformat()), (f"{lesson}.remark", "Hay"))
    for table, key in ((Ticket, "digest"), (Response, "receipt"), (Comment, "key")):
        rows = await table.select()
        assert len({row[key] for row in rows}) == len(rows) == 2


async def test_a_phone_answers_a_day_once(client, monkeypatch):
    school = await daily_school()
    on(FRIDAY, monkeypatch)
    answer = [("part", "2026-11-20"), ("02.useful", "5")]
    assert (await send(client, f"/c/{school.code}", *answer)).status_code == 303
    assert (await send(client, f"/c/{school.code}", *answer)).status_code == 303
    assert await Response.count() == 1


async def test_a_phone_that_still_holds_the_receipt_of_yesterday_does_not_overwrite_it(client, monkeypatch):
    school = await daily_school()
    receipt = new_receipt()
    for day, lesson in ((FRIDAY - DAY, "01"), (FRIDAY, "02")):
        on(day, monkeypatch)
        sheet = [("part", day.isoformat()), (f"{lesson}.useful", "5")]
        sent = await send(client, f"/c/{school.code}", *sheet, receipt=receipt)
        assert (sent.headers["location"] == f"/r/{receipt}") == (lesson == "01")
    assert len(await Response.select()) == 2


async def test_a_sheet_begun_before_midnight_is_kept_and_one_of_tomorrow_is_not(client, monkeypatch):
    school = await daily_school()
    on(FRIDAY + 3 * DAY, monkeypatch)
    late = await send(client, f"/c/{school.code}", ("part", "2026-11-20"), ("02.useful", "4"))
    assert late.status_code == 303
    on(FRIDAY, monkeypatch)
    early = await send(client, f"/c/{school.code}", ("part", "2026-11-23"), ("03.useful", "4"))
    assert early.status_code == 403
    assert documents(await Response.select()) == ['{"part":"2026-11-20","02.useful":4}']


async def test_a_day_asks_nothing_about_another_day(client, monkeypatch):
    school = await daily_school()
    on(FRIDAY, monkeypatch)
    sent = await send(client, f"/c/{school.code}", ("part", "2026-11-20"), ("02.useful", "4"), ("03.useful", "4"))
    assert sent.status_code == 422
    assert part_of(sent) == "2026-11-20"


async def test_the_days_together_are_one_picture_and_each_module_has_the_sheets_of_its_day(client, monkeypatch):
    school = await daily_school()
    for day, lesson, phones in ((FRIDAY - DAY, "01", 6), (FRIDAY, "02", 4), (FRIDAY + 3 * DAY, "03", 5)):
        on(day, monkeypatch)
        for phone in range(phones):
            sheet = [("part", day.isoformat()), (f"{lesson}.useful", "4" if phone else "0")]
            await send(client, f"/c/{school.code}", *sheet, cookies={"gopy_phone": f"phone {phone}"})
    await close(school)
    assert await seal_evaluation(school.evaluation.id) == 15
    frozen = await counts(school)
    assert {key: frozen.get(key) for key in [("01", "useful", 4), ("01", "useful", 0), ("01", "useful", -1)]} == {
        ("01", "useful", 4): 5,
        ("01", "useful", 0): 1,
        ("01", "useful", -1): None,
    }
    assert frozen["02", "useful", 4] == 3
    assert frozen["04", "useful", -1] == 5, "offered on the Monday, and left blank"
    assert frozen["03", "pace", -1] == 5
    assert sum(n for (module, item, _), n in frozen.items() if (module, item) == ("02", "useful")) == 4


async def test_lessons_without_dates_are_asked_all_at_once(client):
    school = await open_school(form="daily")
    page = await look(client, f"/c/{school.code}")
    assert asked(page) == ["01", "02", "03", "04"]
    assert 'name="part"' not in page.text


# A share of the lessons


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
    frame = pl.read_parquet(io.BytesIO(sealed["document"]))
    assert "part" not in frame.columns
    frozen = await counts(school)
    for key in ("01", "02", "03", "04"):
        column = frame[f"{key}.useful"]
        assert (column == NOT_OFFERED).sum() == 3, "offered to half of them"
        assert sum(n for (module, item, _), n in frozen.items() if (module, item) == (key, "useful")) == 3
        assert frozen.get((key, "useful", -1), 0) == column.null_count()
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
