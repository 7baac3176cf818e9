"""The poster of a class and the projector's view: public, written in the reader's language, and counting live."""

import asyncio

import pypdfium2
import pytest
import zxingcpp

from survey.planning import live
from survey.planning.slips import blind_slips
from survey.tables import Evaluation, State
from tests.answering.sheets import send
from tests.answering.test_answering import rows
from tests.cast import NOW, open_school

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
def quick_reads(monkeypatch):
    monkeypatch.setattr(live, "SECONDS_BETWEEN_READS", 0.02)


def read_code(document):
    (code,) = zxingcpp.read_barcodes(document[0].render(scale=2).to_numpy())
    return code.text


async def test_poster_and_screen_say_where_to_go_and_write_nothing(client):
    school = await open_school()
    before = await rows()
    poster = (await client.get(f"/c/{school.code}/poster")).text
    screen = (await client.get(f"/c/{school.code.lower()}/screen?lang=en")).text
    for page in (poster, screen):
        assert f"127.0.0.1:8000/c/{school.code}" in page
        assert "<svg" in page
    assert "Ẩn danh, 5 phút" in poster
    assert "Mở đến" in poster
    assert 'http-equiv="refresh"' in screen
    assert (await client.head(f"/c/{school.code}/poster")).status_code == 405
    assert await rows() == before


async def test_the_pdf_is_small_and_its_vietnamese_can_be_selected(client):
    school = await open_school()
    answer = await client.get(f"/c/{school.code}/poster.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    assert len(answer.content) < 200_000
    document = pypdfium2.PdfDocument(answer.content)
    assert len(document) == 1
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    text = document[0].get_textpage().get_text_range()
    assert "Ẩn danh, 5 phút" in text
    assert "Chương trình thử" in text
    assert f"127.0.0.1:8000/c/{school.code}" in text
    assert read_code(document) == f"http://127.0.0.1:8000/c/{school.code}"


async def test_the_count_comes_as_events_and_ends_when_the_evaluation_closes(client):
    school = await open_school()
    slips = await blind_slips(school.evaluation.id, "a", 1, who=None)
    watching = asyncio.create_task(client.get(f"/c/{school.code}/count"))
    await asyncio.sleep(0.2)
    await send(client, f"/c/{school.code}", ("01.useful", "5"), ("one_change", "Bí mật"))
    await asyncio.sleep(0.2)
    await send(client, f"/t/{slips.secrets[0]}", ("01.useful", "5"), cookies={"gopy_phone": "another"})
    await asyncio.sleep(0.2)
    await Evaluation.update({Evaluation.state: State.closed, Evaluation.closes_at: NOW}).where(
        Evaluation.id == school.evaluation.id
    )
    heard = await asyncio.wait_for(watching, 5)
    assert heard.headers["content-type"].startswith("text/event-stream")
    assert heard.text == "data: 0\n\ndata: 1\n\ndata: 2\n\nevent: over\ndata:\n\n"
    client.app.state.evaluations._known.clear()
    assert (await client.get(f"/c/{school.code}/count")).status_code == 410


async def test_many_viewers_share_one_reader_and_the_last_one_ends_it(client, monkeypatch):
    school = await open_school()
    reads = []
    count = live._count

    async def counted(*link):
        reads.append(link)
        return await count(*link)

    monkeypatch.setattr(live, "_count", counted)
    monkeypatch.setattr(live, "SECONDS_BETWEEN_READS", 0.2)
    counts = client.app.state.live_counts
    viewers = [counts.watch(school.evaluation.id, school.course_class.id) for _ in range(50)]
    assert set(await asyncio.gather(*(anext(viewer) for viewer in viewers))) == {"data: 0\n\n"}
    await send(client, f"/c/{school.code}", ("01.useful", "5"))
    assert set(await asyncio.gather(*(anext(viewer) for viewer in viewers))) == {"data: 1\n\n"}
    assert len(reads) < 20
    for viewer in viewers:
        await viewer.aclose()
    assert counts._watched == {}


async def test_who_only_waits_hears_a_heartbeat_and_a_stopping_service_ends_the_stream(client, monkeypatch):
    monkeypatch.setattr(live, "SECONDS_BETWEEN_HEARTBEATS", 0.05)
    school = await open_school()
    counts = client.app.state.live_counts
    viewer = counts.watch(school.evaluation.id, school.course_class.id)
    while (said := await anext(viewer)) == live.HEARTBEAT:
        pass  # on a busy machine it waits for the first count already
    assert said == "data: 0\n\n"
    assert await anext(viewer) == live.HEARTBEAT
    counts.stop()
    assert [said async for said in viewer if said != live.HEARTBEAT] == []


async def test_a_service_that_stops_waits_for_a_count_that_is_being_read(client, monkeypatch):
    school = await open_school()
    begun, ended = asyncio.Event(), asyncio.Event()

    async def slow_count(*_link):
        begun.set()
        await asyncio.sleep(0.2)
        ended.set()
        return 0, False

    monkeypatch.setattr(live, "_count", slow_count)
    counts = client.app.state.live_counts
    viewer = counts.watch(school.evaluation.id, school.course_class.id)
    waiting = asyncio.create_task(anext(viewer, None))
    await begun.wait()
    await counts.close()
    assert ended.is_set()
    await waiting


async def test_an_unknown_class_has_no_poster(client):
    for page in ("poster", "poster.pdf", "screen", "count"):
        assert (await client.get(f"/c/NOBODY/{page}")).status_code == 404
