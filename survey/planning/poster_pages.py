"""T0, for everybody who knows the code of a class: poster, its PDF, the projector's view and its live count.

The code is no secret, and opening any of these writes nothing.
"""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Stream, Template
from markupsafe import Markup

from survey.answering.evaluations import OpenEvaluation, OpenEvaluations
from survey.database.saving import Outcome
from survey.planning.live import LiveCounts
from survey.planning.papers import Poster, poster_pdf, qr_svg
from survey.problems import Problem, Refusal
from survey.tables import CourseClass
from survey.web.languages import date, in_language, language_of, moment, translator
from survey.web.pages import page

PDF = "application/pdf"


@get("/c/{code:str}/poster")
async def show_poster(request: Request[Any, Any, Any], code: FromPath[str]) -> Template:
    """The poster as a page that prints on A4."""
    return _poster_page(request, "poster.html", await _poster(request, code))


@get("/c/{code:str}/poster.pdf")
async def print_poster(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[bytes]:
    """The poster as PDF."""
    poster = await _poster(request, code)
    return pdf(await asyncio.to_thread(poster_pdf, poster), f"gopy-{code.upper()}.pdf", inline=True)


@get("/c/{code:str}/screen")
async def show_screen(request: Request[Any, Any, Any], code: FromPath[str]) -> Template:
    """For the projector: the QR code, the short address, and how many have answered."""
    evaluation, course_class = await _behind(request, code)
    counts: LiveCounts = request.app.state.live_counts
    answers = await counts.now(evaluation.id, course_class)
    return _poster_page(request, "screen.html", await _poster(request, code), code=code.upper(), answers=answers)


@get("/c/{code:str}/count")
async def count_live(request: Request[Any, Any, Any], code: FromPath[str]) -> Stream:
    """The count of answers as server-sent events, until the evaluation closes."""
    evaluation, course_class = await _behind(request, code)
    shut = evaluation.shut()
    if shut and shut[0] is Outcome.closed:
        raise Problem(Refusal.closed)
    counts: LiveCounts = request.app.state.live_counts
    # For web servers in front of us: events that are gathered up arrive late.
    headers = {"x-accel-buffering": "no"}
    return Stream(counts.watch(evaluation.id, course_class), media_type="text/event-stream", headers=headers)


async def _behind(request: Request[Any, Any, Any], code: str) -> tuple[OpenEvaluation, int]:
    evaluations: OpenEvaluations = request.app.state.evaluations
    found = await evaluations.by_code(code)
    if found is None:
        raise Problem(Refusal.unknown_link)
    return found


async def _poster(request: Request[Any, Any, Any], code: str) -> Poster:
    evaluation, course_class = await _behind(request, code)
    names = await CourseClass.select(CourseClass.names).where(CourseClass.id == course_class).output(load_json=True)
    settings, course = request.app.state.settings, evaluation.course
    language = language_of(request, settings.language)
    _ = translator(language)
    parts = [in_language(course.cohort, language), in_language(names[0]["names"], language)]
    if course.starts_on and course.ends_on:
        parts.append(f"{date(course.starts_on, language)} – {date(course.ends_on, language)}")
    closes = evaluation.closes_at
    return Poster(
        language=language,
        address=f"{settings.base_address}/c/{code.upper()}",
        programme=in_language(course.programme, language),
        course=" · ".join(parts),
        promise=_("Anonymous, {minutes} minutes").format(minutes=evaluation.form.minutes),
        closes=_("Open until {moment}.").format(moment=moment(closes, language)) if closes else "",
    )


def _poster_page(request: Request[Any, Any, Any], name: str, poster: Poster, **context: Any) -> Template:
    # The picture is made of the address alone, by a library that writes numbers only.
    return page(request, name, poster=poster, qr=Markup(qr_svg(poster.address)), **context)  # noqa: S704


def pdf(document: bytes, name: str, *, inline: bool = False) -> Response[bytes]:
    disposition = f'{"inline" if inline else "attachment"}; filename="{name}"'
    return Response(document, media_type=PDF, headers={"content-disposition": disposition})
