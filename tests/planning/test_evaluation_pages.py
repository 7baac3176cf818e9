"""What administrators do on the planning pages works, is written down, and is refused to everybody else."""

import io

import fastexcel
import msgspec
import pypdfium2
import pytest

from survey.tables import AuditEntry, ClassLink, Evaluation, Role, State, Ticket
from tests.answering.sheets import send
from tests.cast import open_school, staff
from tests.people.doors import csrf, sign_in_by_link
from tests.results.pages import words

pytestmark = pytest.mark.anyio


@pytest.fixture
async def chi(client):
    """Chi administrates. Gives a function that presses a button of a page of hers."""
    account = await staff("chi", Role.administrator)
    await sign_in_by_link(client, account)
    await AuditEntry.delete(force=True)

    async def press(path, files=None, **fields):
        word = csrf(await client.get("/evaluations"))
        return await client.post(path, data={"csrf": word, **fields}, files=files)

    press.account = account.id
    return press


async def deeds():
    rows = await AuditEntry.select().order_by(AuditEntry.id)
    return [(row["deed"], row["subject"], msgspec.json.decode(row["details"]), row["account"]) for row in rows]


async def evaluation_row(school):
    return await Evaluation.select().where(Evaluation.id == school.evaluation.id).first()


async def test_the_list_and_the_page_show_state_and_counts(client, chi):
    school = await open_school()
    session = dict(client.cookies)
    await send(client, f"/c/{school.code}", ("01.useful", "5"))
    client.cookies.clear()
    client.cookies.update(session)
    listed = words((await client.get("/evaluations")).text)
    assert "Khóa 1 Chương trình thử cuối khóa đang mở" in listed
    assert "1/30 Lớp A: 1/30" in listed
    shown = words((await client.get(f"/evaluations/{school.evaluation.id}")).text)
    assert f"http://127.0.0.1:8000/c/{school.code}" in shown
    assert "Đã nhận 1; sĩ số lớp là 30." in shown
    assert 'href="/evaluations"' in (await client.get("/")).text


async def test_opening_closing_and_extending_are_done_and_written_down(client, chi):
    school = await open_school()
    await Evaluation.update({Evaluation.state: State.draft}).where(Evaluation.id == school.evaluation.id)
    at = f"/evaluations/{school.evaluation.id}"
    assert (await chi(f"{at}/open")).headers["location"] == at
    assert (await evaluation_row(school))["state"] == State.open
    await chi(f"{at}/close")
    assert (await evaluation_row(school))["state"] == State.closed
    await chi(f"{at}/extend", closes_at="2099-11-20T17:00")
    row = await evaluation_row(school)
    assert (row["state"], row["closes_at"].year) == (State.open, 2099)
    written = await deeds()
    assert [deed for deed, *_ in written] == ["evaluation opened", "evaluation closed", "evaluation extended"]
    assert {(subject, account) for _, subject, _, account in written} == {("p-k1 k1 end_of_course", chi.account)}


async def test_a_refusal_is_said_and_changes_and_writes_nothing(client, chi):
    school = await open_school()
    at = f"/evaluations/{school.evaluation.id}"
    for path, fields in [
        ("open", {}),
        ("extend", {"closes_at": "2001-01-01T10:00"}),
        ("extend", {"closes_at": "mai"}),
        ("classes/a/limit", {"most": "0"}),
        ("classes/a/limit", {"most": "nhiều"}),
        ("classes/a/slips", {"number": "501"}),
        ("classes/a/links", {"pasted": ""}),
        ("lots/77/revoke", {}),
        ("lots/77/reprint", {}),
    ]:
        files = {"file": ("", b"")} if path.endswith("links") else None
        answer = await chi(f"{at}/{path}", files=files, **fields)
        assert answer.status_code == 422, path
        assert 'role="alert"' in answer.text
    assert await deeds() == []
    assert await Ticket.count() == 0


async def test_why_there_are_no_slips_is_said_wholly_in_the_reader_s_language(client, chi):
    school = await open_school()
    at = f"/evaluations/{school.evaluation.id}"
    await chi(f"{at}/close")
    answer = await chi(f"{at}/classes/a/slips", number="3")
    assert answer.status_code == 422
    assert "Đợt góp ý này đã đóng." in answer.text
    assert await Ticket.count() == 0


async def test_a_raised_limit_lets_the_next_trainee_in_and_is_written_down(client, chi):
    school = await open_school(enrolled=1)
    at = f"/evaluations/{school.evaluation.id}"
    session = dict(client.cookies)
    assert (await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={"gopy_phone": "1"})).status_code == 303
    assert (await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={"gopy_phone": "2"})).status_code == 409
    client.cookies.clear()
    client.cookies.update(session)
    assert (await chi(f"{at}/classes/a/limit", most="2")).status_code == 303
    assert await deeds() == [("class limit set", "p-k1 k1 end_of_course / a", {"to": 2}, chi.account)]
    client.app.state.throttle._buckets.clear()  # as if ten minutes had gone by
    assert (await send(client, f"/c/{school.code}", ("01.useful", "5"), cookies={"gopy_phone": "2"})).status_code == 303
    client.cookies.clear()
    client.cookies.update(session)
    assert (await chi(f"{at}/classes/a/limit", most="1")).status_code == 422
    assert (await ClassLink.select(ClassLink.most).first())["most"] == 2


async def test_slips_are_made_revoked_and_printed_anew(client, chi):
    school = await open_school()
    at = f"/evaluations/{school.evaluation.id}"
    made = await chi(f"{at}/classes/a/slips", number="30")
    assert made.headers["content-type"] == "application/pdf"
    assert made.headers["cache-control"] == "no-store"
    assert len(pypdfium2.PdfDocument(made.content)) == 2
    assert (await chi(f"{at}/lots/1/reprint")).status_code == 200
    assert (await chi(f"{at}/lots/2/revoke")).status_code == 303
    assert [deed for deed, *_ in await deeds()] == ["slips made", "lot revoked", "slips made", "lot revoked"]
    page = (await client.get(at)).text
    assert page.count("đã thu hồi") == 2


async def test_the_use_of_a_small_lot_cannot_be_found_by_subtraction(client, chi):
    school = await open_school()
    at = f"/evaluations/{school.evaluation.id}"
    await chi(f"{at}/classes/a/slips", number="5")
    assert "Đã nhận 0" in (await client.get(at)).text
    await chi(f"{at}/classes/a/slips", number="1")
    shown = (await client.get(at)).text
    assert "Đã nhận" not in shown
    assert 'name="most" type="number" inputmode="numeric" min="1"' in shown


async def test_links_are_made_from_a_pasted_roster_and_from_a_file(client, chi):
    school = await open_school()
    path = f"/evaluations/{school.evaluation.id}/classes/a/links"
    nothing = {"file": ("", b"")}
    pasted = await chi(path, files=nothing, pasted="Số hiệu;Họ và tên\n1;An\n2;Bình", format="xlsx")
    table = fastexcel.read_excel(pasted.content).load_sheet(0).to_polars()
    assert table["Họ và tên"].to_list() == ["An", "Bình"]
    file = {"file": ("lớp.csv", io.BytesIO("Number,Name\n7,Dũng\n".encode()))}
    given = await chi(path, files=file, format="csv")
    assert given.content.decode("utf-8-sig").splitlines()[1].startswith("7,Dũng,http://127.0.0.1:8000/t/")
    bad = await chi(path, files=nothing, pasted="Số hiệu;Họ và tên\n1;An\n1;Bình")
    assert bad.status_code == 422
    assert "Dòng 3, cột “Số hiệu”" in bad.text
    assert await Ticket.count() == 3


@pytest.mark.parametrize("role", [Role.designer, Role.head])
async def test_designers_and_heads_have_no_business_here(client, role):
    school = await open_school()
    await sign_in_by_link(client, await staff("lan", role, school.unit))
    for path in ("/evaluations", f"/evaluations/{school.evaluation.id}"):
        assert (await client.get(path)).status_code == 403
    assert "/evaluations" not in (await client.get("/")).text


async def test_there_is_nothing_at_addresses_of_nothing(client, chi):
    for path in ("/evaluations/7", "/evaluations/99999999999999999999"):
        assert (await client.get(path)).status_code == 404
    school = await open_school()
    at = f"/evaluations/{school.evaluation.id}"
    for path in ("classes/z/slips", "lots/-99999999999/revoke", "lots/99999999999/reprint"):
        assert (await chi(f"{at}/{path}", number="1")).status_code == 404, path
