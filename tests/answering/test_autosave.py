"""What the form's script sends and is told: one response, whichever tab or browser it is saved from."""

from __future__ import annotations

import datetime

import pytest

from survey.answering import controller
from survey.answering.codes import new_receipt
from survey.answering.keeping import kept_response, receipt_digest
from survey.answering.sealing import seal_evaluation
from survey.tables import Comment, Evaluation, FrozenCount, Response
from tests.answering.sheets import FORM, body
from tests.cast import NOW, open_school

pytestmark = pytest.mark.anyio

SCRIPT = {**FORM, "accept": "application/json"}
RECEIPT = new_receipt()


async def save(client, path, *answers, base, receipt=RECEIPT, cookies=None):
    client.cookies.clear()
    client.cookies.update({"gopy_phone": "phone-of-an"} if cookies is None else cookies)
    fields = [("receipt", receipt), ("base", str(base))]
    return await client.post(path, content=body(*answers, *fields, sequence=base + 1), headers=SCRIPT)


async def kept(receipt=RECEIPT):
    response = await kept_response(receipt)
    return response.ratings | response.picks


async def test_a_save_is_acknowledged_with_its_receipt_and_number(client):
    school = await open_school()
    first = await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    assert first.status_code == 200
    assert first.json() == {"receipt": RECEIPT, "sequence": 1, "slips": {}}
    assert f"gopy_started={RECEIPT}" in first.headers["set-cookie"]
    second = await save(client, f"/r/{RECEIPT}", ("01.useful", "5"), base=1)
    assert second.json()["sequence"] == 2
    assert await kept() == {"01.useful": 5}
    assert await Response.count() == 1


async def test_a_save_that_comes_late_while_sealing_takes_what_is_kept_is_told_that_it_has_closed(client, monkeypatch):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)

    async def sealed(_):
        return None

    monkeypatch.setattr(controller, "kept_response", sealed)
    late = await save(client, f"/c/{school.code}", ("01.useful", "5"), base=0)
    assert (late.status_code, late.json()["problem"]) == (410, "closed")


async def test_a_save_on_top_of_something_older_is_not_kept_and_gets_what_is(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), ("one_change", "Thêm ví dụ"), base=0)
    await save(client, f"/r/{RECEIPT}", ("01.useful", "4"), ("revise_first", "02"), ("one_change", "Khác"), base=1)
    late = await save(client, f"/r/{RECEIPT}", ("03.useful", "1"), base=1)
    assert late.status_code == 409
    assert late.json() == {
        "receipt": RECEIPT,
        "sequence": 2,
        "part": "",
        "answers": {"01.useful": 4, "revise_first": ["02"], "one_change": "Khác"},
    }
    assert await kept() == {"01.useful": 4, "revise_first": ["02"]}


async def test_a_lost_answer_and_a_second_try_give_one_response(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    again = await save(client, f"/c/{school.code}", ("01.useful", "4"), ("02.useful", "3"), base=0)
    assert again.status_code == 409
    assert again.json()["sequence"] == 1
    assert await Response.count() == 1


async def test_a_second_tab_of_the_phone_is_led_to_the_response_that_the_first_began(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    cookies = {"gopy_phone": "phone-of-an", "gopy_started": RECEIPT}
    other = await save(client, f"/c/{school.code}", ("02.useful", "3"), base=0, receipt=new_receipt(), cookies=cookies)
    assert other.status_code == 409
    assert other.json()["receipt"] == RECEIPT
    assert await Response.count() == 1


async def test_without_that_cookie_the_phone_s_ticket_is_spent_and_the_script_is_told_why(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    other = await save(client, f"/c/{school.code}", ("02.useful", "3"), base=0, receipt=new_receipt())
    assert other.status_code == 409
    assert other.json()["problem"] == "already_used"
    assert other.json()["sentence"].startswith("Mỗi phiếu")


async def test_a_slip_is_left_out_and_worded_and_everything_else_is_kept(client):
    school = await open_school()
    picks = [("revise_first", key) for key in ("01", "02", "03", "04")]
    answer = await save(client, f"/c/{school.code}", ("01.useful", "4"), *picks, base=0)
    assert answer.status_code == 200
    assert answer.json()["slips"] == {"revise_first": "Ở đây chỉ chọn tối đa 3 chuyên đề; anh/chị đã chọn 4."}
    assert await kept() == {"01.useful": 4}


async def test_what_was_kept_of_a_place_stays_while_there_is_a_slip(client):
    school = await open_school()
    picks = [("revise_first", key) for key in ("01", "02", "03", "04")]
    await save(client, f"/c/{school.code}", ("01.useful", "4"), *picks[:3], ("one_change", "Thêm ví dụ"), base=0)
    wrong = [("01.useful", "9"), ("02.useful", "2"), *picks, ("one_change", "x" * 5000)]
    answer = await save(client, f"/r/{RECEIPT}", *wrong, base=1)
    assert set(answer.json()["slips"]) == {"01.useful", "revise_first", "one_change"}
    assert await kept() == {"01.useful": 4, "02.useful": 2, "revise_first": ["01", "02", "03"]}
    assert [row["text"] for row in await Comment.select()] == ["Thêm ví dụ"]
    await save(client, f"/r/{RECEIPT}", ("02.useful", "2"), *picks[:1], base=2)
    assert await kept() == {"02.useful": 2, "revise_first": ["01"]}
    assert await Comment.count() == 0


async def test_without_cookies_the_receipt_that_the_phone_made_is_enough(client):
    school = await open_school()
    for base in (0, 1):
        answer = await save(client, f"/c/{school.code}", ("01.useful", "4"), base=base, cookies={})
        assert answer.status_code == 200
    assert await Response.count() == 1


async def test_too_many_at_once_is_told_to_the_script_without_a_page(client, monkeypatch):
    from survey.database.recorder import QueueFull

    async def full(_):
        raise QueueFull

    school = await open_school()
    monkeypatch.setattr(client.app.state.recorder, "save", full)
    answer = await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"


async def test_after_closing_only_started_responses_are_saved_and_only_in_the_grace_period(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0)
    await Evaluation.update({Evaluation.closes_at: NOW, Evaluation.grace_minutes: 30}).where(
        Evaluation.id == school.evaluation.id
    )
    client.app.state.evaluations._known.clear()
    client.cookies.clear()
    assert (await client.get(f"/c/{school.code}")).status_code == 410
    late = await save(client, f"/c/{school.code}", ("01.useful", "1"), base=0, receipt=new_receipt(), cookies={})
    assert late.status_code == 410
    assert (await save(client, f"/r/{RECEIPT}", ("01.useful", "5"), base=1)).status_code == 200
    page = await client.get(f"/r/{RECEIPT}")
    assert "Phần anh/chị đã bắt đầu còn sửa được trong" in page.text
    await Evaluation.update({Evaluation.closes_at: NOW - datetime.timedelta(hours=1)}).where(
        Evaluation.id == school.evaluation.id
    )
    client.app.state.evaluations._known.clear()
    over = await save(client, f"/r/{RECEIPT}", ("01.useful", "2"), base=2)
    assert over.status_code == 410
    assert over.json()["sentence"].startswith("Hệ thống không nhận thêm câu trả lời")
    assert await kept() == {"01.useful": 5}


async def test_withdrawing_deletes_every_answer_and_comment_and_leaves_the_right_to_answer_anew(client):
    school = await open_school()
    await save(client, f"/c/{school.code}", ("01.useful", "4"), ("one_change", "Thêm ví dụ"), base=0)
    gone = await client.post(f"/r/{RECEIPT}/withdraw", headers=FORM)
    assert gone.status_code == 303
    assert await kept() == {}
    assert await Comment.count() == 0
    page = await client.get(f"/r/{RECEIPT}")
    assert "Không còn câu trả lời nào của anh/chị" in page.text
    assert "/withdraw" not in page.text
    assert (await save(client, f"/r/{RECEIPT}", ("02.useful", "3"), base=2)).status_code == 200
    row = await Response.select(Response.sequence).where(Response.receipt == receipt_digest(RECEIPT)).first()
    assert row["sequence"] == 3


async def test_what_was_withdrawn_is_not_counted_when_it_is_sealed(client):
    school = await open_school()
    for name in ("an", "binh"):
        cookies = {"gopy_phone": name}
        await save(client, f"/c/{school.code}", ("01.useful", "4"), base=0, receipt=new_receipt(), cookies=cookies)
    await save(client, f"/c/{school.code}", ("01.useful", "1"), base=0)
    await client.post(f"/r/{RECEIPT}/withdraw", headers=FORM)
    await Evaluation.update({Evaluation.closes_at: NOW, Evaluation.grace_minutes: 0}).where(
        Evaluation.id == school.evaluation.id
    )
    assert await seal_evaluation(school.evaluation.id) == 2
    steps = await FrozenCount.select(FrozenCount.step, FrozenCount.n).where(FrozenCount.module == "01")
    assert [row["n"] for row in steps if row["step"] == 4] == [2]
    assert [row["n"] for row in steps if row["step"] == 1] in ([], [0])


async def test_nobody_withdraws_without_the_receipt(client):
    await open_school()
    assert (await client.post(f"/r/{new_receipt()}/withdraw", headers=FORM)).status_code == 404


async def test_another_language_keeps_what_is_filled_in_and_saves_nothing(client):
    school = await open_school()
    fields = [("01.useful", "4"), ("one_change", "Thêm ví dụ"), ("language", "English")]
    answer = await client.post(f"/c/{school.code}", content=body(*fields), headers=FORM)
    assert answer.status_code == 200
    assert '<html lang="en">' in answer.text
    assert 'name="01.useful" value="4" checked' in answer.text
    assert "Thêm ví dụ</textarea>" in answer.text
    assert "gopy_language=en" in answer.headers["set-cookie"]
    assert await Response.count() == 0
