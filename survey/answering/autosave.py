"""What the form's script is told: that a save is on disk, or that something newer is kept and what it says."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request

from survey.answering.evaluations import OpenEvaluation
from survey.answering.keeping import Kept, kept_comments
from survey.answering.sheets import RETRY_SECONDS, slip_sentences
from survey.forms.checking import Slip
from survey.web.ready import Header, Ready, encoded, header

_JSON = encoded({"content-type": "application/json"})
CONFLICT = 409


def by_script(request: Request[Any, Any, Any]) -> bool:
    """Whether the form's script saves in the background, or a person pressed a button."""
    return b"json" in header(request, b"accept")


def saved(
    request: Request[Any, Any, Any],
    evaluation: OpenEvaluation,
    receipt: str,
    sequence: int,
    slips: list[Slip],
    *cookies: Header,
) -> Ready:
    """Acknowledges a save; places with a slip were left out of it, and their sentences say why."""
    said = {place: " ".join(of) for place, of in slip_sentences(request, evaluation, slips).items()}
    return _json(200, {"receipt": receipt, "sequence": sequence, "slips": said}, *cookies)


async def something_newer(evaluation: OpenEvaluation, receipt: str, kept: Kept) -> Ready:
    """Another tab or browser saved meanwhile: what is kept, so that the script lays its own changes over it."""
    comments = await kept_comments(receipt, evaluation)
    answers = {**kept.ratings, **kept.picks, **comments}
    return _json(CONFLICT, {"receipt": receipt, "sequence": kept.sequence, "part": kept.part, "answers": answers})


def busy() -> Ready:
    return _json(503, {}, (b"retry-after", str(RETRY_SECONDS).encode()))


def _json(status: int, content: dict[str, Any], *more: Header) -> Ready:
    body = msgspec.json.encode(content)
    return Ready(status, [*_JSON, (b"content-length", str(len(body)).encode()), *more], body)
