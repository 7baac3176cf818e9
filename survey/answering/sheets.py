"""The form as an answer to a request: empty, filled in with slips, or with what is kept."""

from __future__ import annotations

import datetime
import math
from typing import Any

from litestar import Request, Response

from survey.answering.codes import grouped
from survey.answering.documents import POLICY, form_html
from survey.answering.evaluations import OpenEvaluation
from survey.answering.keeping import Kept, kept_comments
from survey.answering.reading import Sent
from survey.forms.checking import Sheet, Slip
from survey.forms.shape import Offered, Rating
from survey.web.languages import language_of, translator
from survey.web.pages import language_cookie, page, remembered_language
from survey.web.ready import Header, Ready

HTML = "text/html"
RETRY_SECONDS = 5


def form_language(request: Request[Any, Any, Any], evaluation: OpenEvaluation) -> str:
    """The reader's language if the questionnaire has it, else the questionnaire's first."""
    wanted = language_of(request, request.app.state.settings.language)
    return wanted if wanted in evaluation.form.languages else evaluation.form.languages[0]


async def empty_form(request: Request[Any, Any, Any], evaluation: OpenEvaluation, cookies: list[Header]) -> Ready:
    cookie = language_cookie(request)
    remembered = [cookie.to_encoded_header()] if cookie else []
    document = await evaluation.empty_forms.document(evaluation, form_language(request, evaluation))
    return document.answer(request, *cookies, *remembered)


def filled_form(
    request: Request[Any, Any, Any],
    evaluation: OpenEvaluation,
    sheet: Sheet,
    sent: Sent,
    *,
    receipt: str | None = None,
    notice: str | None = None,
) -> Response[str]:
    """What somebody filled in, with a sentence at every slip; nothing of it is lost, and nothing is saved yet.

    Where another language was asked for it stands in that one, and slips wait until it is sent.
    """
    language = sent.language if sent.language in evaluation.form.languages else form_language(request, evaluation)
    assert language is not None
    html = form_html(
        request.app.state.templates,
        evaluation,
        language,
        ratings=sheet.ratings,
        picks=sheet.picks,
        comments=sheet.comments,
        slips={} if sent.language else slip_sentences(request, evaluation, sheet.slips),
        hidden_receipt=receipt or sent.receipt,
        sequence=sent.sequence,
        notice=translator(language)(notice) if notice else None,
        unsaved=True,
    )
    answer = Response(html, media_type=HTML, status_code=200 if sent.language else 422, headers=POLICY)
    if sent.language:
        answer.cookies.append(remembered_language(language))
    return answer


def slip_sentences(
    request: Request[Any, Any, Any], evaluation: OpenEvaluation, slips: list[Slip]
) -> dict[str, list[str]]:
    """Place -> what is wrong there, in the reader's language."""
    if not slips:
        return {}
    _ = translator(form_language(request, evaluation))
    said: dict[str, list[str]] = {}
    for slip in slips:
        said.setdefault(slip.place, []).append(_(slip.sentence).format(**slip.numbers))
    return said


async def receipt_page(
    request: Request[Any, Any, Any], evaluation: OpenEvaluation, receipt: str, kept: Kept, *, older: bool
) -> Response[str]:
    """T6: that it is saved, what is still open, the code to come back with, and the answers to change."""
    comments = await kept_comments(receipt, evaluation)
    html = form_html(
        request.app.state.templates,
        evaluation,
        form_language(request, evaluation),
        ratings=kept.ratings,
        picks=kept.picks,
        comments=comments,
        empty=not (kept.ratings or kept.picks or comments),
        minutes_left=minutes_left(evaluation),
        receipt=receipt,
        hidden_receipt=receipt,
        grouped=grouped(receipt),
        missing=missing_modules(evaluation, kept.ratings),
        sequence=kept.sequence + 1,
        notice_older=older,
    )
    answer = Response(html, media_type=HTML, headers=POLICY)
    if cookie := language_cookie(request):
        answer.cookies.append(cookie)
    return answer


def minutes_left(evaluation: OpenEvaluation) -> int | None:
    """Minutes of the grace period that are left, rounded up; none before it begins."""
    if evaluation.shut() is None or evaluation.last_moment is None:
        return None
    seconds = (evaluation.last_moment - datetime.datetime.now(datetime.UTC)).total_seconds()
    return max(0, math.ceil(seconds / 60))


def missing_modules(evaluation: OpenEvaluation, ratings: dict[str, int]) -> list[tuple[int, Offered]]:
    """Modules of which some rating is open, each with its number in the form."""
    asked: dict[str, list[str]] = {}
    for name, place in evaluation.places.items():
        if place.offered and isinstance(place.item, Rating):
            asked.setdefault(place.offered.key, []).append(name)
    return [
        (number, one)
        for number, one in enumerate(evaluation.offered, 1)
        if any(name not in ratings for name in asked.get(one.key, ()))
    ]


def busy_page(request: Request[Any, Any, Any], sent: Sent) -> Response[Any]:
    """Too many at once: says so, and carries the answers, so that one press sends them again."""
    headers = {"retry-after": str(RETRY_SECONDS)}
    return page(request, "busy.html", status_code=503, headers=headers, fields=sent.carried())
