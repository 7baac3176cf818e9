"""Files that nobody shaped for us, read as text: CSV, Excel and Parquet; rows are numbered as a spreadsheet does."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import fastexcel
import polars as pl
import polars.selectors as cs

SLIPS: Final = pl.Schema({"kind": pl.String(), "row": pl.Int64(), "column": pl.String(), "value": pl.String()})
"""What did not parse: where it stands (the header is row 1) and what stands there. Kinds: "too many cells",
"too few cells", "double column", "double", "no item", "not a step"."""

ROW: Final = "\x1frow"
"""The column with the row's number; no header can be called so."""

EXCEL: Final = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
# In the order in which they win a draw: a Vietnamese Excel separates by semicolons because its decimals have commas.
SEPARATORS: Final = ("\t", ";", ",", "|")
SPACES: Final = "[\\s\u200b\ufeff]+"
"""Any run of spaces, non-breaking and invisible ones too."""


class RefusedFileError(ValueError):
    """A file, or what is asked of it, cannot be used at all. `reason` and `details` are worded for people elsewhere."""

    def __init__(self, reason: str, **details: str) -> None:
        super().__init__(reason, details)
        self.reason = reason
        self.details = details


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a file as text (null where empty), a column `ROW`, and what was wrong with its shape (`SLIPS`).

    Of several columns with one name the first is kept; `doubled` names them.
    """

    cells: pl.DataFrame
    slips: pl.DataFrame
    doubled: frozenset[str] = frozenset()

    @property
    def names(self) -> list[str]:
        return [name for name in self.cells.columns if name != ROW and name]


def read_table(path: Path) -> Table:
    """The table in a CSV, Excel (first sheet) or Parquet file. Raises `RefusedFileError`, never anything else."""
    if not path.is_file():
        raise RefusedFileError("no file", path=str(path))
    try:
        if path.suffix.lower() == ".parquet":
            return _from_parquet(path)
        rows = _excel_rows(path) if path.suffix.lower() in EXCEL else _csv_rows(path)
    except OSError as error:
        raise RefusedFileError("unreadable", path=str(path), cause=str(error)) from error
    return _from_rows(rows, path)


def tidied(text: pl.Expr) -> pl.Expr:
    """Text as it was meant: one form of each letter, single spaces, none at the ends; null where nothing is left."""
    tidy = text.str.normalize("NFC").str.replace_all(SPACES, " ").str.strip_chars(" ")
    return pl.when(tidy != "").then(tidy)


def _from_parquet(path: Path) -> Table:
    try:
        frame = pl.read_parquet(path)
        # Lists and structs are nobody's answers; a file may well hold some beside the answers.
        plain = frame.select(
            name for name, dtype in frame.schema.items() if not dtype.is_nested() and dtype != pl.Binary
        )
        text = plain.with_columns(cs.float().fill_nan(None)).select(pl.all().cast(pl.String))
    except pl.exceptions.PolarsError as error:
        raise RefusedFileError("broken", path=str(path), cause=_first_line(error)) from error
    if frame.is_empty():
        raise RefusedFileError("empty", path=str(path))
    names = [_tidy_name(name) for name in text.columns]
    firsts = text.select(pl.col(text.columns[names.index(name)]).alias(name) for name in dict.fromkeys(names))
    return Table(
        firsts.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW)), SLIPS.to_frame(), _doubled(names)
    )


def _excel_rows(path: Path) -> list[list[str]]:
    try:
        book = fastexcel.read_excel(path)
        # Rows above the table are skipped unless told otherwise, and then the numbers of all rows would be wrong.
        sheet = book.load_sheet(0, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise RefusedFileError("broken", path=str(path), cause=_first_line(error)) from error
    return [list(row) for row in sheet.fill_null("").iter_rows()]


def _csv_rows(path: Path) -> list[list[str]]:
    text = _decoded(path.read_bytes(), path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise RefusedFileError("quotes", path=str(path), line=str(reader.line_num), cause=str(error)) from error


def _decoded(data: bytes, path: Path) -> str:
    # "Unicode text" of Excel is UTF-16 with a mark; without one, Latin letters leave every second byte empty.
    wide = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    encoding = "utf-16" if wide else "utf-16-le" if data[1:64:2].count(0) > 16 else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RefusedFileError("encoding", path=str(path), position=str(error.start)) from error


def _separator(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside_quotes = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=outside_quotes.count) if any(s in outside_quotes for s in SEPARATORS) else ","


def _from_rows(rows: Sequence[list[str]], path: Path) -> Table:
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    if len(numbered) < 2:
        raise RefusedFileError("empty", path=str(path))
    (_, header), *body = numbered
    names = [_tidy_name(name) for name in header]
    whole = [(number, row) for number, row in body if len(row) == len(names)]
    columns = zip(*(row for _, row in whole), strict=True)
    values = dict(zip(reversed(names), reversed(list(columns) or [()] * len(names)), strict=True))
    cells = pl.DataFrame(values, schema=dict.fromkeys(dict.fromkeys(names), pl.String))
    return Table(
        cells.with_columns(pl.Series(ROW, [number for number, _ in whole], dtype=pl.Int64)),
        _ragged([(number, row) for number, row in body if len(row) != len(names)], width=len(names)),
        _doubled(names),
    )


def _ragged(rows: Sequence[tuple[int, list[str]]], *, width: int) -> pl.DataFrame:
    kinds = ["too many cells" if len(row) > width else "too few cells" for _, row in rows]
    return pl.DataFrame(
        {
            "kind": kinds,
            "row": [number for number, _ in rows],
            "column": [None] * len(rows),
            "value": [f"{len(row)} / {width}" for _, row in rows],
        },
        schema=SLIPS,
    )


def _doubled(names: Sequence[str]) -> frozenset[str]:
    return frozenset(name for name, times in Counter(names).items() if name and times > 1)


def _tidy_name(name: str) -> str:
    return pl.select(tidied(pl.lit(name))).item() or ""


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
