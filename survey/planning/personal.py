"""Personal links: one ticket a trainee of a roster, handed to the clerk once, for their own mail or chat program.

Nothing that is kept joins a trainee and a ticket: the pairs exist in the file that is downloaded, and nowhere else.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import msgspec

from survey.answering.tickets import make_lot
from survey.database.json_rows import is_postgres
from survey.database.tallies import class_tallies
from survey.people.audit import note
from survey.people.sessions import Staff
from survey.planning.naming import class_of, subject_of
from survey.planning.rosters import Enrolled
from survey.planning.slips import refuse_if_over
from survey.refusals import Refused
from survey.tables import ClassLink, Ticket, TicketKind
from survey.web.languages import Translate

TOO_MANY_LINKS = (
    "{number} new links, and {there} that are used or may still be: more than the {most} answers set for this class. "
    "Revoke the earlier links first, or raise the number."
)
# A cell that begins with one of these is taken for a formula by Excel and its kin; an apostrophe makes it a text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


class PersonalLink(msgspec.Struct, frozen=True):
    number: str
    name: str
    address: str


async def personal_links(
    evaluation: int, course_class: str, roster: Sequence[Enrolled], *, base_address: str, who: Staff | None
) -> list[PersonalLink]:
    """A link for everybody on a roster, in its order: all, or none.

    Raises:
        Refused: no such evaluation or class, it takes no more answers, or more links than answers set for the class.
    """
    await refuse_if_over(evaluation)
    async with Ticket._meta.db.transaction():
        class_id = await class_of(evaluation, course_class)
        await _refuse_too_many(evaluation, class_id, len(roster))
        lot, secrets = await make_lot(evaluation, class_id, TicketKind.personal, len(roster))
        await note(who, "links made", await subject_of(evaluation, course_class), lot=lot, number=len(roster))
    return [
        PersonalLink(one.number, one.name, f"{base_address}/t/{secret}")
        for one, secret in zip(roster, secrets, strict=True)
    ]


async def _refuse_too_many(evaluation: int, class_id: int, number: int) -> None:
    if is_postgres(ClassLink):
        # Of two presses of the button, the second waits here, then counts what the first has made. SQLite has one
        # writer anyway.
        link = (ClassLink.evaluation == evaluation) & (ClassLink.course_class == class_id)
        await ClassLink.select(ClassLink.id).where(link).lock_rows("UPDATE")
    there = await Ticket.count().where(
        Ticket.evaluation == evaluation,
        Ticket.course_class == class_id,
        Ticket.kind == TicketKind.personal,
        Ticket.revoked.eq(False),
    )
    most = (await class_tallies(evaluation))[class_id].most
    if there + number > most:
        raise Refused(TOO_MANY_LINKS, number=number, there=there, most=most)


def as_csv(links: Sequence[PersonalLink], translate: Translate) -> bytes:
    """A text that Excel opens by a double click: with the mark of UTF-8, without formulas."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(links, translate))
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(links: Sequence[PersonalLink], translate: Translate) -> bytes:
    """A workbook whose cells are texts, whatever they begin with."""
    import xlsxwriter  # a quarter of a second, for a file that few ask for

    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(_rows(links, translate)):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 2, 44)
    return written.getvalue()


def _rows(links: Sequence[PersonalLink], _: Translate) -> list[tuple[str, str, str]]:
    return [(_("Trainee number"), _("Name"), _("Link")), *((one.number, one.name, one.address) for one in links)]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
