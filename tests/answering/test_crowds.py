"""A class link takes no more responses than the class has trainees, and nobody's answers are lost."""

import asyncio

import pytest

from survey.answering import crowds
from survey.database.recorder import Recorder
from survey.database.saving import Outcome
from survey.tables import ClassLink, CourseClass, Response, Ticket
from tests.answering.sheets import look, send
from tests.cast import open_school, saved
from tests.database.test_recorder import save

pytestmark = pytest.mark.anyio


def phone(number):
    return {"gopy_phone": f"phone {number}"}


async def raise_to(school, most):
    await ClassLink.update({ClassLink.most: most}).where(ClassLink.code == school.code)


async def taken(school):
    return (await ClassLink.select(ClassLink.taken).where(ClassLink.code == school.code))[0]["taken"]


async def test_of_many_phones_at_once_the_link_takes_as_many_as_are_enrolled(client):
    school = await open_school(enrolled=5)
    client.app.state.throttle.takes = always
    answers = await asyncio.gather(
        *(send(client, f"/c/{school.code}", ("01.useful", "5"), cookies=phone(number)) for number in range(12))
    )
    assert sorted(answer.status_code for answer in answers) == [303] * 5 + [409] * 7
    assert await Response.count() == await Ticket.count() == await taken(school) == 5


async def always(*_):
    return True


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_recorders_at_once_keep_the_limit_together(database):
    """As two processes on one server would; on SQLite one process writes."""
    school = await open_school(enrolled=20)
    async with Recorder(batch_limit=4) as one, Recorder(batch_limit=3) as other:
        outcomes = await asyncio.gather(*(recorder.save(save(school)) for _ in range(25) for recorder in (one, other)))
    assert outcomes.count(Outcome.started) == 20
    assert outcomes.count(Outcome.class_full) == 30
    assert await Response.count() == await taken(school) == 20


async def test_the_refused_are_told_whom_to_ask_and_their_answers_are_in_the_page(client):
    school = await open_school(enrolled=1)
    await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies=phone(1))
    refused = await send(
        client, f"/c/{school.code}", ("01.useful", "2"), ("one_change", "Ý <của> tôi"), cookies=phone(2)
    )
    assert refused.status_code == 409
    assert "bộ phận quản lý khóa học nâng số phiếu" in refused.text
    assert 'name="01.useful" value="2"' in refused.text
    assert 'name="one_change" value="Ý &lt;của&gt; tôi"' in refused.text
    await raise_to(school, 2)
    client.app.state.throttle = crowds.Throttle()
    assert (await send(client, f"/c/{school.code}", ("01.useful", "2"), cookies=phone(2))).status_code == 303


async def test_the_same_phone_sending_again_counts_once_and_may_always_save(client):
    school = await open_school(enrolled=1)
    for step in ("5", "4", "3"):
        sent = await send(client, f"/c/{school.code}", ("01.useful", step), cookies=phone(1))
        assert sent.status_code == 303
    changed = await send(client, sent.headers["location"], ("01.useful", "1"), cookies=phone(1), sequence=2)
    assert changed.status_code == 303
    assert await taken(school) == 1
    receipt = sent.headers["location"].removeprefix("/r/")
    led_back = await look(client, f"/c/{school.code}", phone(1) | {"gopy_started": receipt})
    assert led_back.headers["location"] == sent.headers["location"]


async def test_classes_do_not_share_their_limits(client):
    school = await open_school(enrolled=1)
    other = await saved(CourseClass(cohort=school.cohort.id, key="b", names={"vi": "Lớp B"}, enrolled=1))
    await saved(ClassLink(evaluation=school.evaluation.id, course_class=other.id, code="LOPB"))
    assert (await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies=phone(1))).status_code == 303
    assert (await send(client, "/c/LOPB", ("01.useful", "5"), cookies=phone(2))).status_code == 303
    assert (await send(client, "/c/LOPB", ("01.useful", "5"), cookies=phone(3))).status_code == 409


async def test_a_raised_link_starts_no_more_at_once_than_the_class_has_trainees(client):
    school = await open_school(enrolled=3)
    other = await saved(CourseClass(cohort=school.cohort.id, key="b", names={"vi": "Lớp B"}, enrolled=1))
    await saved(ClassLink(evaluation=school.evaluation.id, course_class=other.id, code="LOPB"))
    await raise_to(school, 9)
    now = [1000.0]
    client.app.state.throttle = crowds.Throttle(lambda: now[0])

    async def start(number, code=school.code):
        return await send(client, f"/c/{code}", ("01.useful", "4"), cookies=phone(number))

    assert [(await start(number)).status_code for number in (1, 1, 1, 2, 3, 4)] == [303, 303, 303, 303, 303, 503]
    busy = await start(4)
    assert busy.headers["retry-after"] == "5"
    assert 'name="01.useful" value="4"' in busy.text
    assert (await start(1)).status_code == 303, "who has started may always save"
    assert (await start(5, "LOPB")).status_code == 303, "another class is not held up"
    now[0] += crowds.REFILL_SECONDS / 3
    assert [(await start(number)).status_code for number in (4, 5)] == [303, 503]


async def test_a_database_that_fails_uses_up_nothing_of_what_a_class_may_start(client, monkeypatch):
    school = await open_school(enrolled=1)

    async def fail(_):
        raise OSError("the database is gone")

    with monkeypatch.context() as patch:
        patch.setattr(client.app.state.recorder, "save", fail)
        for _ in range(3):
            assert (await send(client, f"/c/{school.code}", ("01.useful", "5"))).status_code == 500
    assert (await send(client, f"/c/{school.code}", ("01.useful", "5"))).status_code == 303
