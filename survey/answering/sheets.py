"""The form as an answer to a request: empty, filled in with slips, or with what is kept."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response

from survey.answering.codes import grouped
from survey.answering.documents import POLICY, form_html
from survey.answering.evaluations import OpenEvaluation
from survey.answering.keeping import Kept, kept_comments
from survey.answering.reading import Sent
from survey.forms.checking import Sheet
from survey.forms.shape import Offered, Rating
from survey.web.languages import language_of, translator
from survey.web.pages import language_cookie, page
from survey.web.ready import Header, Ready

HTML = "text/html"
RETRY_SECONDS = 5


def form_language(request: Request[Any, Any, Any], evaluation: OpenEvaluation) -> str:
    """The reader's language if the questionnaire has it, else the questionnaire's first."""
    wanted = language_of(request, request.app.state.settings.language)
    return wanted if wanted in evaluation.documents else evaluation.form.languages[0]


def empty_form(request: Request[Any, Any, Any], evaluation: OpenEvaluation, cookies: list[Header]) -> Ready:
    cookie = language_cookie(request)
    remembered = [cookie.to_encoded_header()] if cookie else []
    document = evaluation.documents[form_language(request, evaluation)]
    return document.answer(request, *cookies, *remembered)


def filled_form(
    request: Request[Any, Any, Any],
    evaluation: OpenEvaluation,
    sheet: Sheet,
    *,
    receipt: str | None,
    sequence: int = 1,
    notice: str | None = None,
) -> Response[str]:
    """What somebody filled in, with a sentence at every slip; nothing of it is lost, and nothing is saved yet."""
    language = form_language(request, evaluation)
    _ = translator(language)
    slips: dict[str, list[str]] = {}
    for slip in sheet.slips:
        slips.setdefault(slip.place, []).append(_(slip.sentence).format(**slip.numbers))
    html = form_html(
        request.app.state.templates,
        evaluation,
        language,
        ratings=sheet.ratings,
        picks=sheet.picks,
        comments=sheet.comments,
        slips=slips,
        hidden_receipt=receipt,
        sequence=sequence,
        notice=_(notice) if notice else None,
    )
    return Response(html, media_type=HTML, status_code=422, headers=POLICY)


async def receipt_page(
    request: Request[Any, Any, Any], evaluation: OpenEvaluation, receipt: str, kept: Kept, *, older: bool
) -> Response[str]:
    """T6: that it is saved, what is still open, the code to come back with, and the answers to change."""
    html = form_html(
        request.app.state.templates,
        evaluation,
        form_language(request, evaluation),
        ratings=kept.ratings,
        picks=kept.picks,
        comments=await kept_comments(receipt, evaluation),
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
