"""Every refusal: its name, status and sentence. They are raised anywhere and put on the wire here, once."""

from __future__ import annotations

import logging
from enum import Enum
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from survey.web.languages import language_of, translator
from survey.web.pages import page
from survey.web.security import HEADERS

log = logging.getLogger("gopy")


class Refusal(Enum):
    """name = status, heading, sentence; {words} in a sentence are given when it is raised."""

    unknown_page = 404, "There is no such page", "Check the address: it may be mistyped or out of date."
    unknown_link = (
        404,
        "This link is not known",
        "Check the address or the code letter by letter. If it still fails, ask the course office for a new slip.",
    )
    not_open_yet = 403, "Not open yet", "This evaluation has not opened yet. Please come back later."
    no_lessons_today = (
        404,
        "No lessons to give feedback on today",
        "Feedback is asked on the days of the lessons. The next one is on {day}: please open this link again then.",
    )
    no_lessons_left = (
        410,
        "The lessons of this course are over",
        "Feedback on the last day of lessons is no longer taken. If you have something to add, tell the course office.",
    )
    closed = (
        410,
        "This evaluation has closed",
        "Answers are no longer taken. If you have something to add, tell the course office.",
    )
    already_used = (
        409,
        "This slip has already been used",
        "Each slip takes one set of answers. If they were yours, use the code you were given to change them. "
        "If not, ask the course office for a new slip.",
    )
    slip_revoked = (
        410,
        "This slip has been revoked",
        "It was replaced before anybody used it. Ask the course office for a new one.",
    )
    class_full = (
        409,
        "This class link has taken all its answers",
        "It takes as many answers as the class has trainees, and all have come in; yours are not saved, but they are "
        "still here. Ask the course office to raise the number for your class, then press the button.",
    )
    unknown_receipt = (
        404,
        "No answers are kept under this code",
        "Check the code letter by letter. After the evaluation has closed the codes are deleted, so that nobody can "
        "look anybody's answers up.",
    )
    unreadable = 400, "The answers arrived damaged", "Nothing was saved. Go back and send them again."
    too_large = 413, "This is too much at once", "Nothing was saved. Shorten your texts and send them again."
    too_many_fields = 413, "This has too many fields", "Nothing was saved. Go back and send the form of this page."
    wrong_method = 405, "This page cannot be used like that", "Go back and use the buttons of the page."
    sign_in = 401, "Please sign in", "This page is for staff."
    not_allowed = 403, "Not for your role", "Your account does not have access to this page. Ask an administrator."
    forged = 403, "Please try again", "The page was open for too long. Nothing was changed; go back, reload, repeat."
    link_spent = (
        410,
        "This sign-in link no longer works",
        "Such links work once and for a short time. Ask an administrator for a new one, or sign in with your password.",
    )
    slow_down = 429, "Too many tries", "Wait {minutes} minutes, then try again."
    not_sealed = (
        409,
        "No results yet",
        "Results are shown once the evaluation is sealed; until then only how many have answered.",
    )
    wrong_request = 400, "The request cannot be read", "Go back and try again."

    def __init__(self, status: int, heading: str, sentence: str) -> None:
        self.status, self.heading, self.sentence = status, heading, sentence


class Problem(Exception):
    """A refusal with the words that stand in its sentence, and headers where the protocol wants some."""

    def __init__(self, refusal: Refusal, *, headers: dict[str, str] | None = None, **words: Any) -> None:
        super().__init__(refusal.name)
        self.refusal, self.headers, self.words = refusal, headers or {}, words


# Litestar leaves the application's own headers off what its exception handlers answer.
SECURITY = {header.name: str(header.value) for header in HEADERS}

# How Litestar says that a sender broke off in the middle: nobody's mistake, and nobody is left to read the answer.
HUNG_UP = "client disconnected prematurely"

_BY_STATUS = {
    401: Refusal.sign_in,
    403: Refusal.not_allowed,
    404: Refusal.unknown_page,
    405: Refusal.wrong_method,
    413: Refusal.too_large,
    429: Refusal.slow_down,
}


def answer_problem(request: Request, problem: Problem) -> Response:
    """A refusal as a page in the reader's language, or as JSON where that is asked for."""
    refusal, headers = problem.refusal, SECURITY | problem.headers
    if "json" in request.headers.get("accept", ""):
        sentence = translator(language_of(request, request.app.state.settings.language))(refusal.sentence)
        content = {"problem": refusal.name, "sentence": sentence.format(**problem.words)}
        return Response(content, status_code=refusal.status, headers=headers, media_type=MediaType.JSON)
    return page(
        request, "problem.html", status_code=refusal.status, headers=headers, refusal=refusal, words=problem.words
    )


def answer_framework(request: Request, error: HTTPException) -> Response:
    """Litestar's own refusals (unknown path, wrong method, body too large) in our words."""
    if error.status_code >= 500 and error.detail != HUNG_UP:
        return answer_mistake(request, error)
    return answer_problem(request, Problem(_BY_STATUS.get(error.status_code, Refusal.wrong_request)))


def answer_mistake(request: Request, error: Exception) -> Response:
    """Our own mistake: told to the operator in full, to the reader as one sentence."""
    # Secrets stand in addresses (/t/, /r/, /in/), so the log names the handler, never the path.
    handler = getattr(request.scope.get("route_handler"), "handler_name", "?")
    log.error("a request failed in %s", handler, exc_info=error)
    return page(request, "mistake.html", status_code=500, headers=SECURITY)


HANDLERS: dict[Any, Any] = {Problem: answer_problem, HTTPException: answer_framework, Exception: answer_mistake}
