"""A roster is read whole or refused with row and column; the file of links is safe to open; nothing joins the two."""

import asyncio
import csv
import io

import fastexcel
import pytest
import xlsxwriter

from survey.answering.tickets import ticket_digest
from survey.planning.personal import PersonalLink, as_csv, as_xlsx, personal_links
from survey.planning.rosters import Enrolled, kept_roster, read_roster
from survey.planning.slips import revoke_lot
from survey.refusals import Refused
from survey.tables import TABLES, AuditEntry, Ticket, Trainee
from survey.web.languages import translator
from tests.answering.sheets import send
from tests.cast import open_school, saved

pytestmark = pytest.mark.anyio

AN, BINH = Enrolled("HV-01", "Nguyễn Thị Ấn"), Enrolled("HV-02", "Trần Văn Bình")
BASE = "https://gopy.example.vn"
VI = translator("vi")


def workbook(*rows):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "Số hiệu;Họ và tên\nHV-01;Nguyễn Thị Ấn\nHV-02;Trần Văn Bình\n".encode(),
        "\ufeffNumber,Name,Unit\r\nHV-01, Nguyễn  Thị Ấn ,A\r\nHV-02,Trần Văn Bình,B\r\n".encode(),
        "Họ tên\tMã học viên\nNguyễn Thị Ấn\tHV-01\n\nTrần Văn Bình\tHV-02\n".encode(),
        workbook(["STT", "Số hiệu", "HỌ VÀ TÊN"], [1, "HV-01", "Nguyễn Thị Ấn"], [2, "HV-02", "Trần Văn Bình"]),
    ],
)
def test_rosters_of_offices_are_read(content):
    assert read_roster(content, file_name="lop.csv") == [AN, BINH]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "lop.csv has no rows"),
        (b"PK\x03\x04 no workbook", "lop.csv is damaged"),
        ("Số hiệu;Ghi chú\n1;a\n".encode(), "no column of names.*Số hiệu, Ghi chú"),
        ("Ghi chú;Họ tên\n1;a\n".encode(), "no column of numbers"),
        ("Số hiệu;Họ tên\n1;a\n;b\n".encode(), "Row 3, column “Số hiệu”: the cell is empty"),
        ("Số hiệu;Họ tên\n1;a\n2; \n".encode(), "Row 3, column “Họ tên”: the cell is empty"),
        ("Số hiệu;Họ tên\n1;a\n2;b\n1;c\n".encode(), "Row 4, column “Số hiệu”: “1” stands in row 2"),
        ("Số hiệu;Họ tên\n1;a\n2\n".encode(), r"Row 3: more or fewer cells"),
        (f"Số hiệu;Họ tên\n1;{'a' * 201}\n".encode(), "Row 2, column “Họ tên”: the text is too long"),
        ("Số hiệu;Họ tên\n1;Nguyễn\n".encode("windows-1258", "replace"), "neither UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content, said):
    with pytest.raises(Refused, match=said):
        read_roster(content, file_name="lop.csv")


async def test_everybody_on_the_kept_roster_gets_a_link_of_their_own(client):
    school = await open_school()
    for one in (BINH, AN):
        await saved(Trainee(course_class=school.course_class.id, number=one.number, name=one.name))
    roster = await kept_roster(school.course_class.id)
    links = await personal_links(school.evaluation.id, "a", roster, base_address=BASE, who=None)
    assert [(link.number, link.name) for link in links] == [(AN.number, AN.name), (BINH.number, BINH.name)]
    for link in links:
        path = link.address.removeprefix(BASE)
        phone = {"gopy_phone": link.number}
        assert (await send(client, path, ("01.useful", "5"), cookies=phone)).status_code == 303


async def test_a_class_gets_no_more_links_than_answers(database):
    school = await open_school(enrolled=3)
    three = [Enrolled(str(number), "x") for number in range(3)]
    await personal_links(school.evaluation.id, "a", three, base_address=BASE, who=None)
    with pytest.raises(Refused, match="Revoke the earlier links first"):
        await personal_links(school.evaluation.id, "a", three[:1], base_address=BASE, who=None)
    assert await Ticket.count() == 3
    await revoke_lot(school.evaluation.id, (await Ticket.select(Ticket.lot).first())["lot"], who=None)
    await personal_links(school.evaluation.id, "a", three, base_address=BASE, who=None)


async def test_a_button_that_is_pressed_twice_makes_links_once(database):
    school = await open_school(enrolled=2)
    presses = [personal_links(school.evaluation.id, "a", [AN, BINH], base_address=BASE, who=None) for _ in range(4)]
    outcomes = await asyncio.gather(*presses, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes].count(Refused) == 3
    assert await Ticket.count() == 2


async def test_nothing_stored_joins_a_trainee_and_a_ticket(database):
    """An attack with the whole database: no table holds a name, number or secret beside a ticket, and the order of the
    tickets is not the order of the roster."""
    school = await open_school(enrolled=40)
    roster = [Enrolled(f"HV-{number:02}", f"Học viên thứ {number:02}") for number in range(40)]
    links = await personal_links(school.evaluation.id, "a", roster, base_address=BASE, who=None)
    stored = str([await table.select() for table in TABLES])
    for link in links:
        assert link.name not in stored
        assert f"'{link.number}'" not in stored
        assert link.address.rpartition("/")[2] not in stored
    digests = [ticket_digest(link.address.rpartition("/")[2]) for link in links]
    kept = [row["digest"] for row in await Ticket.raw("SELECT digest FROM ticket")]
    assert kept == sorted(digests), "written in the order of the hashes, so that the order says nothing of the roster"
    assert kept != digests
    (entry,) = await AuditEntry.select(AuditEntry.deed, AuditEntry.account)
    assert entry == {"deed": "links made", "account": None}


LINKS = [
    PersonalLink("HV-01", "Nguyễn Thị Ấn", f"{BASE}/t/AAAA"),
    PersonalLink("-2+3", '=HYPERLINK("http://x","y")', f"{BASE}/t/BBBB"),
    PersonalLink("@sum", '+84 912; "Bé"', f"{BASE}/t/CCCC"),
]


def test_the_csv_opens_in_excel_and_holds_no_formula():
    written = as_csv(LINKS, VI)
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert rows[0] == ["Số hiệu", "Họ và tên", "Đường dẫn"]
    assert rows[1] == ["HV-01", "Nguyễn Thị Ấn", f"{BASE}/t/AAAA"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert rows[2][1] == """'=HYPERLINK("http://x","y")"""


def test_the_workbook_opens_again_and_its_cells_are_texts():
    sheet = fastexcel.read_excel(as_xlsx(LINKS, VI)).load_sheet(0)
    assert sheet.to_polars().rows() == [(one.number, one.name, one.address) for one in LINKS]
    assert sheet.to_polars().columns == ["Số hiệu", "Họ và tên", "Đường dẫn"]


def test_the_workbook_holds_no_formula():
    import zipfile

    with zipfile.ZipFile(io.BytesIO(as_xlsx(LINKS, VI))) as book:
        assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")
