"""The form as one HTML document: rendered for a language, compressed once, served as bytes."""

from __future__ import annotations

import asyncio
import base64
import gzip
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import brotli
import jinja2
import msgspec
from litestar import Request

from survey.answering.promises import PROMISES
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


class Document(msgspec.Struct, frozen=True):
    """One page with its headers in three encodings. `html` tells whether it must be compressed anew."""

    html: str
    encodings: dict[str, tuple[list[Header], bytes]]

    def answer(self, request: Request[Any, Any, Any], *cookies: Header) -> Ready:
        accepted = header(request, b"accept-encoding")
        headers, body = self.encodings["br" if b"br" in accepted else "gzip" if b"gzip" in accepted else "identity"]
        return Ready(200, [*headers, *cookies], body)


async def form_documents(
    environment: jinja2.Environment, evaluation: OpenEvaluation, known: Mapping[str, Document]
) -> dict[str, Document]:
    """The empty form in every language of its questionnaire; what has not changed is not compressed again."""
    documents = {}
    for language in evaluation.form.languages:
        html = _packed(form_html(environment, evaluation, language))
        if language in known and known[language].html == html:
            documents[language] = known[language]
        else:
            documents[language] = await asyncio.to_thread(_document, html)
    return documents


def form_html(environment: jinja2.Environment, evaluation: OpenEvaluation, language: str, **filled: Any) -> str:
    """The form of an evaluation, empty or with what somebody has filled in."""
    context = {"ratings": {}, "picks": {}, "comments": {}, "slips": {}, "receipt": None, "hidden_receipt": None}
    return environment.get_template("form.html").render(
        wording(language)
        | context
        | {"style": STYLE, "evaluation": evaluation, "form": evaluation.form, "course": evaluation.course}
        | {"promises": PROMISES[evaluation.form.purpose], "cache": CACHE, "empty": False, "minutes_left": None}
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
    return Document(html, {encoding: (_headers(encoding, body), body) for encoding, body in bodies.items()})


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
