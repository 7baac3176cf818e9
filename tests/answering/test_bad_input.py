"""Whatever is sent, a worded 4xx answers it, nothing of it is kept, and what was right stands in the form again."""

import pytest

from survey.tables import Comment, Response
from tests.answering.sheets import FORM, body, look, send
from tests.cast import open_school

pytestmark = pytest.mark.anyio


async def refused(client, content, status, headers=FORM):
    school = await open_school()
    client.cookies.clear()
    client.cookies.update({"gopy_phone": "phone-of-an"})
    answer = await client.post(f"/c/{school.code}", content=content, headers=headers)
    assert answer.status_code == status
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    assert await Response.count() == 0
    return answer.text


async def test_a_body_that_was_cut_off(client):
    whole = body(("01.useful", "5"), ("one_change", "Thêm thời gian thảo luận"))
    await refused(client, whole[:-15], 400)


async def test_an_empty_body(client):
    await refused(client, "", 400)


async def test_an_oversized_body(client):
    await refused(client, body(("one_change", "x" * 1_000_001)), 413)


async def test_ten_thousand_fields(client):
    await refused(client, "&".join(f"f{n}=1" for n in range(10_000)) + "&complete=1", 413)


async def test_a_wrong_encoding(client):
    await refused(client, "sequence=1&one_change=%C0%AF%FF&complete=1", 400)
    await refused_again(client, "sequence=1&one_change=Việt&complete=1".encode("utf-16"))


async def refused_again(client, content):
    answer = await client.post("/c/LOPK1", content=content, headers=FORM)
    assert answer.status_code == 400


async def test_another_kind_of_body(client):
    await refused(client, '{"01.useful": 5}', 400, {"content-type": "application/json"})


@pytest.mark.parametrize("sequence", ["-1", "x", "99999999999999999999"])
async def test_a_sequence_that_is_no_number(client, sequence):
    await refused(client, body(sequence=sequence), 400)


async def test_a_receipt_that_is_none(client):
    await refused(client, body(receipt="x"), 400)


async def test_unknown_fields_and_steps_out_of_scale_are_worded_and_the_rest_kept_in_the_form(client):
    answers = body(
        ("01.useful", "9"), ("02.useful", "4"), ("99.useful", "1"), ("revise_first", "03"), ("one_change", "<b>Giữ</b>")
    )
    text = await refused(client, answers, 422)
    assert "“9” không phải là một lựa chọn" in text
    assert "không có câu hỏi “99.useful”" in text
    assert '<input type="radio" name="02.useful" value="4" checked>' in text
    assert '<input type="checkbox" name="revise_first" value="03" checked>' in text
    assert "&lt;b&gt;Giữ&lt;/b&gt;" in text


async def test_a_comment_beyond_the_limit_comes_back_whole(client):
    long = "ă" * 2001
    text = await refused(client, body(("one_change", long)), 422)
    assert long in text
    assert "chỉ được 2000" in text


async def test_a_slip_in_a_change_leaves_what_is_kept(client):
    school = await open_school()
    receipt = (await send(client, f"/c/{school.code}", ("01.useful", "5"))).headers["location"]
    answer = await send(client, receipt, ("01.useful", "77"), ("02.useful", "1"), sequence=2)
    assert answer.status_code == 422
    assert "5" in (await Response.select())[0]["document"]
    assert 'name="02.useful" value="1" checked' in answer.text


async def test_a_nul_character_and_lone_controls_are_taken_out(client):
    school = await open_school()
    sent = await send(client, f"/c/{school.code}", ("one_change", "a\x00b\x1bc"))
    assert sent.status_code == 303
    assert (await Comment.select())[0]["text"] == "abc"


async def test_wrong_methods_and_unknown_pages_are_worded(client):
    assert (await client.delete("/code")).status_code == 405
    unknown = await look(client, "/no/such/page")
    assert unknown.status_code == 404
    assert "<h1>" in unknown.text


async def test_too_many_at_once_is_a_503_that_carries_the_answers(client):
    school = await open_school()
    client.app.state.recorder._closing = True
    answer = await send(client, f"/c/{school.code}", ("01.useful", "5"), ("one_change", "Giữ lại"))
    client.app.state.recorder._closing = False
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert 'name="01.useful" value="5"' in answer.text
    assert 'value="Giữ lại"' in answer.text
    assert await Response.count() == 0


async def test_a_sender_who_hangs_up_in_the_middle_is_no_mistake_of_ours_and_nothing_is_kept(client, caplog):
    school = await open_school()

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "path": f"/c/{school.code}",
        "raw_path": f"/c/{school.code}".encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "headers": [(b"content-type", FORM["content-type"].encode()), (b"cookie", b"gopy_phone=x")],
        "client": None,
        "server": None,
    }
    events = iter(
        [{"type": "http.request", "body": b"sequence=1&01.use", "more_body": True}, {"type": "http.disconnect"}]
    )
    answers = []

    async def receive():
        return next(events)

    async def answer(message):
        answers.append(message)

    await client.app(scope, receive, answer)
    assert answers[0]["status"] == 400
    assert "a request failed" not in caplog.text
    assert await Response.count() == 0
