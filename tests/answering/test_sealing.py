"""Sealing turns an evaluation into shuffled ratings, frozen counts and loose comments, once and for all."""

import datetime

import polars as pl
import pytest

from analytics import BLANK, PLACES, RatingsFile, count_files
from survey.answering import sealing
from survey.answering.sealing import finish_sealing, seal_evaluation
from survey.refusals import Refused
from survey.tables import Comment, Evaluation, FrozenCount, Response, SealedRatings, State, Ticket
from tests.answering.sheets import look, send
from tests.cast import NOW, open_school

pytestmark = pytest.mark.anyio


async def answered(client, number=12, **school):
    """A school whose closed evaluation has some answers: An number n gives module 01 step n % 5 + 1."""
    school = await open_school(**school)
    for n in range(number):
        answers = [
            ("01.useful", str(n % 5 + 1)),
            ("02.useful", "0"),
            ("revise_first", "02"),
            ("one_change", f"Ý kiến {n}"),
        ]
        await send(client, f"/c/{school.code}", *answers, cookies={"gopy_phone": f"phone {n}"})
    await close(school)
    return school


async def close(school):
    await Evaluation.update(
        {Evaluation.state: State.closed, Evaluation.closes_at: NOW - datetime.timedelta(hours=1)}
    ).where(Evaluation.id == school.evaluation.id)


async def counts(school):
    rows = await FrozenCount.select().where(FrozenCount.evaluation == school.evaluation.id)
    return {(row["module"], row["item"], row["step"]): row["n"] for row in rows}


async def test_counts_are_frozen_with_not_attended_blank_and_picks(client):
    school = await answered(client)
    assert await seal_evaluation(school.evaluation.id) == 12
    frozen = await counts(school)
    assert [frozen.get(("01", "useful", step)) for step in range(1, 6)] == [3, 3, 2, 2, 2]
    assert frozen["02", "useful", 0] == 12
    assert frozen["03", "useful", -1] == 12
    assert frozen["02", "revise_first", 1] == 12
    assert frozen["01", "revise_first", -1] == 12
    assert frozen["", "objectives", -1] == 12


async def test_responses_tickets_and_receipts_are_gone_and_comments_have_new_keys(client):
    school = await answered(client)
    before = {row["key"] for row in await Comment.select()}
    receipt = (
        await send(client, f"/c/{school.code}", ("01.useful", "1"), cookies={"gopy_phone": "phone 3"})
    ).status_code
    assert receipt == 410
    await seal_evaluation(school.evaluation.id)
    assert await Response.count() == await Ticket.count() == 0
    comments = await Comment.select()
    assert {row["text"] for row in comments} == {f"Ý kiến {n}" for n in range(12)}
    assert not before & {row["key"] for row in comments}


async def test_the_columnar_document_holds_every_rating_once(client):
    school = await answered(client)
    await seal_evaluation(school.evaluation.id)
    (sealed,) = await SealedRatings.select()
    frame = pl.read_ipc_stream(sealed["document"])
    assert sorted(frame["01.useful"].to_list()) == sorted(n % 5 + 1 for n in range(12))
    assert frame["02.useful"].to_list() == [0] * 12
    assert frame["03.useful"].to_list() == [BLANK] * 12
    assert frame["revise_first:02"].to_list() == [1] * 12


async def test_the_sealed_document_counted_again_gives_the_frozen_counts(client):
    school = await answered(client)
    await seal_evaluation(school.evaluation.id)
    (sealed,) = await SealedRatings.select()
    places = pl.DataFrame([("01.useful", "useful", 5), ("02.useful", "useful", 5)], schema=PLACES, orient="row")
    again = count_files([RatingsFile(sealed["document"])], places.with_columns(module=pl.col("column").str.head(2)))
    frozen = await counts(school)
    assert {(row["module"], row["item"], row["step"]): row["n"] for row in again.rows(named=True)} == {
        key: n for key, n in frozen.items() if key[:2] in {("01", "useful"), ("02", "useful")}
    }


async def test_rows_and_comments_are_in_another_order_than_they_came(client):
    school = await answered(client, 40)
    written = [f"Ý kiến {n}" for n in range(40)]
    await seal_evaluation(school.evaluation.id)
    assert [row["text"] for row in await Comment.select()] != written
    (sealed,) = await SealedRatings.select()
    frame = pl.read_ipc_stream(sealed["document"])
    assert frame["01.useful"].to_list() != [n % 5 + 1 for n in range(40)]


async def test_sealing_twice_changes_nothing(client):
    school = await answered(client)
    await seal_evaluation(school.evaluation.id)
    before = [await SealedRatings.select(), await FrozenCount.select(), await Comment.select()]
    assert await seal_evaluation(school.evaluation.id) == 12
    assert [await SealedRatings.select(), await FrozenCount.select(), await Comment.select()] == before


async def test_sealing_that_breaks_off_half_way_leaves_everything_and_can_be_done_again(client, monkeypatch):
    school = await answered(client)

    async def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sealing, "_rewrite_comments", stop)
        with pytest.raises(KeyboardInterrupt):
            await seal_evaluation(school.evaluation.id)
    assert await Response.count() == 12
    assert await SealedRatings.count() == await FrozenCount.count() == 0
    assert await seal_evaluation(school.evaluation.id) == 12


async def test_cleaning_the_file_is_taken_up_again_when_it_was_interrupted(client, monkeypatch):
    school = await answered(client)

    async def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sealing, "scrub", stop)
        with pytest.raises(KeyboardInterrupt):
            await seal_evaluation(school.evaluation.id)
    unscrubbed = await Evaluation.select(Evaluation.state, Evaluation.scrubbed).where(
        Evaluation.id == school.evaluation.id
    )
    assert unscrubbed[0]["state"] == "sealed"
    assert not unscrubbed[0]["scrubbed"]
    await finish_sealing()
    scrubbed = await Evaluation.select(Evaluation.scrubbed).where(Evaluation.id == school.evaluation.id)
    assert scrubbed[0]["scrubbed"]


async def test_an_open_evaluation_and_one_in_its_grace_period_are_not_sealed(client):
    school = await open_school()
    with pytest.raises(Refused, match="still open"):
        await seal_evaluation(school.evaluation.id)
    await Evaluation.update({Evaluation.closes_at: NOW}).where(Evaluation.id == school.evaluation.id)
    with pytest.raises(Refused, match="may still be saved"):
        await seal_evaluation(school.evaluation.id)
    with pytest.raises(Refused, match="no evaluation"):
        await seal_evaluation(999)


async def test_an_evaluation_whose_opening_time_is_still_to_come_is_not_sealed(client):
    school = await open_school()
    tomorrow = NOW + datetime.timedelta(days=1)
    await Evaluation.update({Evaluation.opens_at: tomorrow}).where(Evaluation.id == school.evaluation.id)
    with pytest.raises(Refused, match="Close it first"):
        await seal_evaluation(school.evaluation.id)
    await close(school)
    assert await seal_evaluation(school.evaluation.id) == 0


async def test_an_evaluation_without_answers_is_sealed_too(client):
    school = await open_school()
    await close(school)
    assert await seal_evaluation(school.evaluation.id) == 0


async def test_forms_beyond_the_blank_limit_of_their_policy_are_set_apart_and_counted(client):
    school = await open_school(form="ten")
    whole = [(f"{n:02}.quality", "8") for n in range(1, 5)]
    course = [(key, "9") for key in ("objectives", "practice", "lecturers", "facilities", "organisation", "apply")]
    await send(client, f"/c/{school.code}", *whole, *course, cookies={"gopy_phone": "whole"})
    await send(client, f"/c/{school.code}", *whole, *course[1:], cookies={"gopy_phone": "one of ten blank"})
    await close(school)
    await seal_evaluation(school.evaluation.id)
    (sealed,) = await SealedRatings.select(SealedRatings.responses, SealedRatings.invalid)
    assert (sealed["responses"], sealed["invalid"]) == (2, 1)
    assert (await counts(school))["01", "quality", 8] == 1


async def test_after_sealing_the_links_say_that_it_is_over(client):
    school = await open_school()
    receipt = (await send(client, f"/c/{school.code}", ("01.useful", "5"))).headers["location"]
    await close(school)
    await seal_evaluation(school.evaluation.id)
    client.app.state.evaluations._known.clear()
    assert (await look(client, f"/c/{school.code}")).status_code == 410
    assert (await look(client, receipt)).status_code == 404
