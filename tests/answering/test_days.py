"""An gets the lessons of the day: a daily evaluation asks a part of the form each afternoon."""

import datetime

import pytest

from survey.answering import parts
from survey.answering.codes import new_receipt
from survey.answering.sealing import seal_evaluation
from survey.tables import (
    Comment,
    Evaluation,
    Lesson,
    Response,
    Ticket,
)
from tests.answering.sheets import asked, look, part_of, send
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


def documents(rows):
    return sorted(row["document"] for row in rows)


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
