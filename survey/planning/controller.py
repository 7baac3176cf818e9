"""A1 for administrators: the evaluations, their classes, links, slips and limits. Works without JavaScript."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect, Template

from survey.people.forgery import typed
from survey.people.guards import needs, unforged
from survey.planning import deeds, poster_pages
from survey.planning.overview import Planned, PlannedClass, planned_evaluation, planned_evaluations
from survey.planning.papers import Slips, slips_pdf
from survey.planning.personal import CSV, XLSX, as_csv, as_xlsx, personal_links
from survey.planning.poster_pages import pdf
from survey.planning.rosters import kept_roster, read_roster
from survey.planning.slips import MOST_SLIPS, TOO_MANY, blind_slips, reprint_lot, revoke_lot
from survey.problems import Problem, Refusal
from survey.refusals import Refused
from survey.results.access import possible_id
from survey.results.speaking import language_for, results_page
from survey.tables import Role
from survey.web.languages import translator

PURPOSES = {
    "needs": "training needs",
    "daily": "daily",
    "end_of_course": "end of course",
    "follow_up": "follow-up",
    "test": "test",
}
KINDS = {"blind": "slips", "personal": "personal links", "class_link": "class link"}
NO_MOMENT = "This is no date and time. Write it like 2026-11-20 17:00."
NO_NUMBER = "This is no number: “{typed}”."
NO_FILE = "Choose a file, or paste the roster."

Typed = NamedDependency[dict[str, str]]


async def one_evaluation(evaluation_id: FromPath[int]) -> Planned:
    """The evaluation of the address."""
    found = await planned_evaluation(possible_id(evaluation_id))
    if found is None:
        raise Problem(Refusal.unknown_page)
    return found


async def one_class(evaluation: NamedDependency[Planned], class_key: FromPath[str]) -> PlannedClass:
    """The class of the address."""
    for one in evaluation.classes:
        if one.key == class_key:
            return one
    raise Problem(Refusal.unknown_page)


@get("/")
async def list_evaluations(request: Request[Any, Any, Any]) -> Template:
    """Every evaluation with its state and how many have answered."""
    return planning_page(request, "evaluations.html", evaluations=await planned_evaluations())


@get("/{evaluation_id:int}")
async def show_evaluation(request: Request[Any, Any, Any], evaluation: NamedDependency[Planned]) -> Template:
    """One evaluation: its deeds, and what each class needs."""
    now = datetime.datetime.now().astimezone()
    base = request.app.state.settings.base_address
    return planning_page(request, "evaluation.html", evaluation=evaluation, now=now, base=base, most_slips=MOST_SLIPS)


@post("/{evaluation_id:int}/open")
async def open_it(request: Request[Any, Any, Any], evaluation: NamedDependency[Planned]) -> Redirect:
    await deeds.open_evaluation(evaluation.id, who=request.user)
    return back_to(evaluation)


@post("/{evaluation_id:int}/close")
async def close_it(request: Request[Any, Any, Any], evaluation: NamedDependency[Planned]) -> Redirect:
    await deeds.close_evaluation(evaluation.id, who=request.user)
    return back_to(evaluation)


@post("/{evaluation_id:int}/extend")
async def extend_it(request: Request[Any, Any, Any], evaluation: NamedDependency[Planned], typed: Typed) -> Redirect:
    await deeds.extend_evaluation(evaluation.id, closes_at=_moment(typed.get("closes_at", "")), who=request.user)
    return back_to(evaluation)


@post("/{evaluation_id:int}/classes/{class_key:str}/limit")
async def set_limit(
    request: Request[Any, Any, Any],
    evaluation: NamedDependency[Planned],
    course_class: NamedDependency[PlannedClass],
    typed: Typed,
) -> Redirect:
    await deeds.raise_limit(evaluation.id, course_class.key, to=_number(typed.get("most", "")), who=request.user)
    return back_to(evaluation, course_class)


@post("/{evaluation_id:int}/classes/{class_key:str}/slips", status_code=200)
async def make_slips(
    request: Request[Any, Any, Any],
    evaluation: NamedDependency[Planned],
    course_class: NamedDependency[PlannedClass],
    typed: Typed,
) -> Response[bytes]:
    """New slips as sheets to print. They are shown now and never again."""
    number = _number(typed.get("number", ""))
    if not 0 < number <= MOST_SLIPS:
        raise Refused(TOO_MANY, most=MOST_SLIPS)
    return await sheets(request, await blind_slips(evaluation.id, course_class.key, number, who=request.user))


@post("/{evaluation_id:int}/lots/{lot:int}/revoke")
async def revoke(request: Request[Any, Any, Any], evaluation: NamedDependency[Planned], lot: FromPath[int]) -> Redirect:
    await revoke_lot(evaluation.id, possible_id(lot), who=request.user)
    return back_to(evaluation)


@post("/{evaluation_id:int}/lots/{lot:int}/reprint", status_code=200)
async def reprint(
    request: Request[Any, Any, Any], evaluation: NamedDependency[Planned], lot: FromPath[int]
) -> Response[bytes]:
    """New slips instead of what is left of a lot."""
    return await sheets(request, await reprint_lot(evaluation.id, possible_id(lot), who=request.user))


@post("/{evaluation_id:int}/classes/{class_key:str}/links", status_code=200)
async def make_links(
    request: Request[Any, Any, Any],
    evaluation: NamedDependency[Planned],
    course_class: NamedDependency[PlannedClass],
) -> Response[bytes]:
    """Number, name and link of everybody on a roster, to download once."""
    form = await request.form()
    roster = await _roster(form, course_class)
    base_address = request.app.state.settings.base_address
    made = await personal_links(evaluation.id, course_class.key, roster, base_address=base_address, who=request.user)
    translate = translator(language_for(request))
    write, kind, suffix = (as_csv, CSV, "csv") if form.get("format") == "csv" else (as_xlsx, XLSX, "xlsx")
    headers = {"content-disposition": f'attachment; filename="gopy-{evaluation.id}-links.{suffix}"'}
    return Response(await asyncio.to_thread(write, made, translate), media_type=kind, headers=headers)


async def _roster(form: Any, course_class: PlannedClass) -> Any:
    if form.get("source") == "kept":
        return await kept_roster(course_class.id)
    file, pasted = form.get("file"), str(form.get("pasted", ""))
    content = await file.read() if hasattr(file, "read") else b""
    if content:
        return await asyncio.to_thread(read_roster, content, file_name=file.filename)
    if not pasted.strip():
        raise Refused(NO_FILE)
    return await asyncio.to_thread(read_roster, pasted.encode(), file_name="…")


async def sheets(request: Request[Any, Any, Any], slips: Slips) -> Response[bytes]:
    base_address, language = request.app.state.settings.base_address, language_for(request)
    document = await asyncio.to_thread(slips_pdf, slips, base_address=base_address, language=language)
    return pdf(document, f"gopy-slips-{slips.lot}.pdf")


def planning_page(request: Request[Any, Any, Any], name: str, **context: Any) -> Template:
    _ = translator(language_for(request))
    purposes = {key: _(said) for key, said in PURPOSES.items()}
    return results_page(
        request, name, purposes=purposes, kinds={key: _(said) for key, said in KINDS.items()}, **context
    )


def back_to(evaluation: Planned, course_class: PlannedClass | None = None) -> Redirect:
    place = f"#class-{course_class.id}" if course_class else ""
    return Redirect(f"/evaluations/{evaluation.id}{place}", status_code=303)


def answer_refused(request: Request[Any, Any, Any], refused: Refused) -> Template:
    """Says in the reader's language what is wrong and what to do; nothing was changed."""
    _ = translator(language_for(request))
    sentence = _(refused.sentence).format(**refused.words)
    back = request.path_params.get("evaluation_id", "")
    return results_page(request, "planning_refused.html", status_code=422, sentence=sentence, back=back)


def _number(typed: str) -> int:
    if not typed.strip().isdecimal() or len(typed) > 9:
        raise Refused(NO_NUMBER, typed=typed[:40])
    return int(typed)


def _moment(typed: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(typed.strip()).astimezone()
    except (ValueError, OverflowError) as error:
        raise Refused(NO_MOMENT) from error


evaluations = Router(
    "/evaluations",
    route_handlers=[
        list_evaluations,
        show_evaluation,
        open_it,
        close_it,
        extend_it,
        set_limit,
        make_slips,
        revoke,
        reprint,
        make_links,
    ],
    guards=[needs(Role.administrator), unforged],
    dependencies={
        "evaluation": Provide(one_evaluation),
        "course_class": Provide(one_class),
        "typed": Provide(typed),
    },
    exception_handlers={Refused: answer_refused},
)

planning = Router(
    "/",
    route_handlers=[
        poster_pages.show_poster,
        poster_pages.print_poster,
        poster_pages.show_screen,
        poster_pages.count_live,
        evaluations,
    ],
)
