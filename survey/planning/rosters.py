"""Reads a roster: number and name of each trainee, from a spreadsheet or a text. Nothing of it is kept here."""

from __future__ import annotations

import tempfile
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import msgspec
import polars as pl

from analytics import ROW, RefusedFileError, read_table, tidied
from survey.refusals import Refused
from survey.report_words import REFUSALS
from survey.tables import Trainee

# Names of the two columns as offices write them, without accents and in small letters.
NUMBER_NAMES = (
    "so hieu", "ma so", "ma hoc vien", "ma hv", "ma", "so bao danh", "sbd", "stt", "so tt", "so thu tu",
    "number", "student number", "id", "code", "no", "no.",
)  # fmt: skip
NAME_NAMES = ("ho va ten", "ho ten", "ho va ten hoc vien", "ten hoc vien", "ten", "name", "full name", "trainee")
LONGEST = 200

NO_NUMBERS = "The roster has no column of numbers. Call it “Số hiệu”, “Mã học viên” or “Number”. The file has: {names}."
NO_NAMES = "The roster has no column of names. Call it “Họ và tên” or “Name”. The file has: {names}."
CELL_MISSING = "Row {row}, column “{column}”: the cell is empty. Nothing was made; correct the roster and try again."
CELL_TWICE = (
    "Row {row}, column “{column}”: “{value}” stands in row {first} already. "
    "Nothing was made; correct the roster and try again."
)
CELL_TOO_LONG = (
    "Row {row}, column “{column}”: the text is too long. Nothing was made; correct the roster and try again."
)
CELLS_ASTRAY = "Row {row}: more or fewer cells than the header has ({value}). Nothing was made; correct the roster."
NO_ROSTER = "This class has no roster yet. Upload or paste one."


class Enrolled(msgspec.Struct, frozen=True):
    number: str
    name: str


async def kept_roster(course_class: int) -> list[Enrolled]:
    """The roster that is kept of a class, in the order of its numbers."""
    rows = await Trainee.select(Trainee.number, Trainee.name).where(Trainee.course_class == course_class)
    if not rows:
        raise Refused(NO_ROSTER)
    return sorted((Enrolled(**row) for row in rows), key=lambda one: (len(one.number), one.number))


def read_roster(content: bytes, *, file_name: str) -> list[Enrolled]:
    """Everybody on a roster, in its order: all, or nobody.

    Raises:
        Refused: it is no table, lacks a column, or a cell is empty, doubled or too long; names row and column.
    """
    # An Excel file is told by how it begins, whatever its name says: mail programs and phones rename files.
    suffix = ".xlsx" if content.startswith(b"PK") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"roster{suffix}"
        path.write_bytes(content)
        try:
            table = read_table(path)
        except RefusedFileError as error:
            raise Refused(REFUSALS[error.reason], **error.details | {"path": file_name}) from error
    if table.slips.height:
        slip = table.slips.row(0, named=True)
        raise Refused(CELLS_ASTRAY, row=slip["row"], value=slip["value"])
    number, name = _column(table.names, NUMBER_NAMES, NO_NUMBERS), _column(table.names, NAME_NAMES, NO_NAMES)
    cells = table.cells.with_columns(tidied(pl.col(number)), tidied(pl.col(name)))
    _refuse_bad_cells(cells, number, name)
    return [Enrolled(row[number], row[name]) for row in cells.iter_rows(named=True)]


def _column(names: Iterable[str], wanted: Iterable[str], refusal: str) -> str:
    plain = {_plain(name): name for name in names}
    for one in wanted:
        if one in plain:
            return plain[one]
    raise Refused(refusal, names=", ".join(names))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).strip(" :")


def _refuse_bad_cells(cells: pl.DataFrame, number: str, name: str) -> None:
    seen: dict[str, int] = {}
    for row in cells.select(ROW, number, name).iter_rows(named=True):
        for column in (number, name):
            if row[column] is None:
                raise Refused(CELL_MISSING, row=row[ROW], column=column)
            if len(row[column]) > LONGEST:
                raise Refused(CELL_TOO_LONG, row=row[ROW], column=column)
        first = seen.setdefault(row[number], row[ROW])
        if first != row[ROW]:
            raise Refused(CELL_TWICE, row=row[ROW], column=number, value=row[number], first=first)
