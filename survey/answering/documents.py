"""The form as one HTML document: rendered for a language, compressed once, served as bytes."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import jinja2
import msgspec
from litestar import Request

from survey.answering.promises import PROMISES
from survey.tables import Purpose
from survey.web.languages import LANGUAGES
from survey.web.pages import wording
from survey.web.ready import Header, Ready, encoded, header
from survey.web.security import content_policy

if TYPE_CHECKING:
    from survey.answering.evaluations import OpenEvaluation

HERE = Path(__file__).parent


def _bare(script: str) -> str:
    """A script as it is sent: without indentation and the lines that are comments."""
    lines = map(str.strip, script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE = re.sub(r"\s+", " ", (HERE / "form.css").read_text("utf-8")).strip()
SCRIPT = _bare((HERE / "form.js").read_text("utf-8"))
# They stand in the page itself: the first view is one request, and a page that was kept is whole.
POLICY = {"content-security-policy": content_policy(styles=_hash(STYLE), scripts=_hash(SCRIPT)) + "; worker-src 'self'"}
# The service worker keeps forms under this name, and forgets those of other releases.
CACHE = "gopy-" + hashlib.sha256((STYLE + SCRIPT).encode()).hexdigest()[:8]
_WORKER = (
    _bare((HERE / "worker.js").read_text("utf-8"))
    .replace("NAME", CACHE)
    .replace("POLICY", POLICY["content-security-policy"])
    .encode()
)


# Of one evaluation: the parts of thirty-two modules in two languages. Beyond them the oldest is made anew when needed.
MOST_DOCUMENTS = 64


class Document(msgspec.Struct, frozen=True):
    """One page with its headers in three encodings."""

    encodings: dict[str, tuple[list[Header], bytes]]

    def answer(self, request: Request[Any, Any, Any], *cookies: Header) -> Ready:
        accepted = header(request, b"accept-encoding")
        headers, body = self.encodings["br" if b"br" in accepted else "gzip" if b"gzip" in accepted else "identity"]
        return Ready(200, [*headers, *cookies], body)


class EmptyForms:
    """The empty forms of an evaluation, a document per part and language, each made when it is first asked for.

    They are as lasting as what the evaluation says: where that changes, a new one of these takes their place.
    """

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        self._made: dict[tuple[str, str], Document] = {}
        self._lock = asyncio.Lock()

    async def document(self, evaluation: OpenEvaluation, language: str) -> Document:
        key = evaluation.part, language
        return self._made.get(key) or await self._make(key, evaluation)

    async def _make(self, key: tuple[str, str], evaluation: OpenEvaluation) -> Document:
        # Ninety phones may ask for it in the same second; one makes it.
        async with self._lock:
            if key not in self._made:
                while len(self._made) >= MOST_DOCUMENTS:
                    del self._made[next(iter(self._made))]
                html = _packed(form_html(self._environment, evaluation, key[1]))
                self._made[key] = await asyncio.to_thread(_document, html)
            return self._made[key]


def form_html(environment: jinja2.Environment, evaluation: OpenEvaluation, language: str, **filled: Any) -> str:
    """The form of an evaluation, empty or with what somebody has filled in."""
    context = {"ratings": {}, "picks": {}, "comments": {}, "slips": {}, "receipt": None, "hidden_receipt": None}
    return environment.get_template("form.html").render(
        wording(language)
        | context
        | {"style": STYLE, "evaluation": evaluation, "form": evaluation.form, "course": evaluation.course}
        | {
            "promises": PROMISES[Purpose(evaluation.row["purpose"])],
            "cache": CACHE,
            "empty": False,
            "minutes_left": None,
        }
        | {"missing": [], "sequence": 1, "notice": None, "notice_older": False, "unsaved": False, "script": SCRIPT}
        | {"languages": {code: LANGUAGES[code] for code in evaluation.form.languages}}
        | filled
    )


def _packed(html: str) -> str:
    """Without the template's indentation. Only for the empty form: in a filled one, a text's own lines count."""
    return "\n".join(filter(None, map(str.strip, html.splitlines())))


def _document(html: str) -> Document:
    plain = html.encode()
    bodies = {
        "identity": plain,
        "gzip": gzip.compress(plain, 9, mtime=0),
        "br": brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11),
    }
    return Document({encoding: (_headers(encoding, body), body) for encoding, body in bodies.items()})


def _headers(encoding: str, body: bytes) -> list[Header]:
    headers = POLICY | {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body)),
        "vary": "accept-encoding",
    }
    return encoded(headers if encoding == "identity" else headers | {"content-encoding": encoding})


WORKER = Ready(
    200,
    encoded(
        {
            "content-type": "text/javascript; charset=utf-8",
            "content-length": str(len(_WORKER)),
            "cache-control": "no-cache",
        }
    ),
    _WORKER,
)
