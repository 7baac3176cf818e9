"""What is printed: the poster of a class, and sheets of blind slips. Typst sets them; nothing is fetched for it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import segno
import typst

from survey.answering.codes import grouped
from survey.web.languages import translator

FOLDER = Path(__file__).parent / "papers"
# Of the large address on the poster: as large as fits on one line of A4, between these.
LINE_POINTS, SMALLEST_POINTS, LARGEST_POINTS = 880, 16, 40
# And of the address on a slip.
SLIP_LINE_POINTS, SMALLEST_SLIP_POINTS, LARGEST_SLIP_POINTS = 290, 5, 9


class Poster(msgspec.Struct, frozen=True):
    """What stands on the poster of a class, in one language."""

    language: str
    address: str
    programme: str
    course: str
    promise: str
    closes: str

    @property
    def short_address(self) -> str:
        return short(self.address)


class Slips(msgspec.Struct, frozen=True):
    """Blind slips that were made together: their tickets, and the number by which the clerk knows the lot."""

    lot: int
    secrets: Sequence[str]


def short(address: str) -> str:
    """An address as people type it."""
    return address.partition("://")[2]


def qr_svg(address: str) -> str:
    """A QR code that is as large as what it stands in. Level M: a fold or a stain does not matter."""
    written = io.BytesIO()
    code = segno.make(address, error="m", micro=False)
    code.save(written, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2)
    return written.getvalue().decode()


@lru_cache(maxsize=64)
def poster_pdf(poster: Poster) -> bytes:
    """The poster as PDF. Kept for the next who asks: the address is public, and setting it takes a while."""
    _ = translator(poster.language)
    said = msgspec.structs.asdict(poster) | {
        "title": f"Góp Ý · {poster.programme}",
        "heading": _("Your feedback improves the next course"),
        "or_type": _("Scan the code, or type this address:"),
        "qr": qr_svg(poster.address),
        "qr_alt": poster.address,
        "address": poster.short_address,
        "address_size": min(LARGEST_POINTS, max(SMALLEST_POINTS, LINE_POINTS / len(poster.short_address))),
    }
    return _set("poster.typ", said)


def slips_pdf(slips: Slips, *, base_address: str, language: str) -> bytes:
    """Sheets of slips, numbered for the clerk. The numbers are printed and nowhere kept: nobody can tell from a number
    which ticket it was (tests/answering/test_anonymity.py)."""
    _ = translator(language)
    address = short(f"{base_address}/code")
    said = {
        "language": language,
        "title": _("Slips of lot {lot}").format(lot=slips.lot),
        "heading": _("Anonymous feedback"),
        "or_type": _("Scan, or type this code at the address below:"),
        "address": address,
        "address_size": min(LARGEST_SLIP_POINTS, max(SMALLEST_SLIP_POINTS, SLIP_LINE_POINTS / len(address))),
        "once": _("For one person, once."),
        "slips": [
            {"qr": qr_svg(f"{base_address}/t/{secret}"), "code": grouped(secret), "number": f"{slips.lot}-{number}"}
            for number, secret in enumerate(slips.secrets, 1)
        ],
    }
    return _set("slips.typ", said)


def _set(template: str, said: Mapping[str, Any]) -> bytes:
    # What people typed comes as data, never as Typst's own language. The fonts are Typst's own, the same everywhere.
    inputs = {"said": msgspec.json.encode(said).decode()}
    document = typst.compile(str(FOLDER / template), root=str(FOLDER), sys_inputs=inputs, ignore_system_fonts=True)
    assert isinstance(document, bytes)
    return document
