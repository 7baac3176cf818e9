"""The trainee's side: class link, ticket, form, save, receipt. Opening an address never writes or spends anything."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ASGIApp

from survey.answering.codes import RECEIPT_LENGTH, TICKET_LENGTH, new_receipt, read_code
from survey.answering.crowds import Throttle, crowded, full_page
from survey.answering.doors import (
    PHONE,
    STARTED,
    Door,
    class_door,
    own_cookie,
    phone_cookie,
    refuse_if_shut,
    ticket_door,
)
from survey.answering.evaluations import OpenEvaluations
from survey.answering.keeping import kept_response, sheet_save
from survey.answering.reading import Sent, read_sent
from survey.answering.sheets import busy_page, empty_form, filled_form, receipt_page
from survey.database.recorder import QueueFull, Recorder
from survey.database.saving import Outcome, Save
from survey.forms.checking import Sheet, check_sheet
from survey.problems import Problem, Refusal
from survey.web.pages import page
from survey.web.ready import Header, cookies_of, see_other

NO_COOKIES = "This browser keeps no cookies. Nothing is saved yet: please press the button at the end once more."

REFUSED = {
    Outcome.ticket_spent: Refusal.already_used,
    Outcome.ticket_revoked: Refusal.slip_revoked,
    Outcome.unknown_receipt: Refusal.unknown_receipt,
    Outcome.not_open_yet: Refusal.not_open_yet,
    Outcome.closed: Refusal.closed,
}


def _evaluations(request: Request[Any, Any, Any]) -> OpenEvaluations:
    evaluations: OpenEvaluations = request.app.state.evaluations
    return evaluations


@get("/c/{code:str}")
async def open_class_link(request: Request[Any, Any, Any]) -> ASGIApp:
    # On the two hot paths the code is taken from the path itself: Litestar's checking of a text costs more than ours.
    door = await class_door(_evaluations(request), request.path_params["code"])
    cookies = cookies_of(request)
    if STARTED in cookies and PHONE in cookies:
        return see_other(f"/r/{door.receipt(cookies[PHONE])}")
    refuse_if_shut(door.evaluation)
    return empty_form(request, door.evaluation, phone_cookie(request))


@post("/c/{code:str}")
async def answer_by_class_link(request: Request[Any, Any, Any]) -> ASGIApp:
    return await take_sheet(request, await class_door(_evaluations(request), request.path_params["code"]))


@get("/t/{ticket:str}")
async def open_ticket(request: Request[Any, Any, Any], ticket: FromPath[str]) -> ASGIApp:
    door = await ticket_door(_evaluations(request), ticket)
    if door.spent:
        receipt = door.receipt(request.cookies.get(PHONE, ""))
        if await kept_response(receipt) is None:
            raise Problem(Refusal.already_used)
        return see_other(f"/r/{receipt}")
    refuse_if_shut(door.evaluation)
    return empty_form(request, door.evaluation, phone_cookie(request))


@post("/t/{ticket:str}")
async def answer_by_ticket(request: Request[Any, Any, Any], ticket: FromPath[str]) -> ASGIApp:
    return await take_sheet(request, await ticket_door(_evaluations(request), ticket))


async def take_sheet(request: Request[Any, Any, Any], door: Door) -> ASGIApp:
    """The first save of a response (or the same again)."""
    refuse_if_shut(door.evaluation, started=True)
    sent = await read_sent(request)
    sheet = check_sheet(door.evaluation.places, sent.fields)
    phone = request.cookies.get(PHONE) or sent.receipt
    if sheet.slips:
        return filled_form(request, door.evaluation, sheet, receipt=sent.receipt, sequence=sent.sequence)
    if phone is None:
        # Neither cookie nor receipt: a second press of the button could not be told from a second person.
        return filled_form(request, door.evaluation, sheet, receipt=new_receipt(), notice=NO_COOKIES)
    receipt = sent.receipt or door.receipt(phone)
    if refused := await crowded(request, door, receipt, sent):
        return refused
    save = sheet_save(
        door.evaluation,
        door.course_class,
        sheet,
        receipt=receipt,
        sequence=sent.sequence,
        ticket=door.ticket(phone),
        handed_out=door.handed_out,
    )
    started = [own_cookie(request, STARTED, "1", path=f"/c/{door.key}")] if door.handed_out else []
    return await keep(request, save, sent, receipt, *started)


async def keep(request: Request[Any, Any, Any], save: Save, sent: Sent, receipt: str, *cookies: Header) -> ASGIApp:
    """Waits until a save is on disk, and leads to what is kept."""
    recorder: Recorder = request.app.state.recorder
    throttle: Throttle = request.app.state.throttle
    try:
        outcome = await recorder.save(save)
    except QueueFull:
        throttle.settle(save, None)
        return busy_page(request, sent)
    throttle.settle(save, outcome)
    if outcome is Outcome.class_full:
        return full_page(request, sent)
    if not outcome.kept:
        raise Problem(REFUSED[outcome])
    late = "?older=1" if outcome is Outcome.older else ""
    return see_other(f"/r/{receipt}{late}", *cookies)


@get("/r/{receipt:str}")
async def open_receipt(
    request: Request[Any, Any, Any], receipt: FromPath[str], older: FromQuery[str | None] = None
) -> ASGIApp:
    code, kept, evaluation = await _kept(request, receipt)
    refuse_if_shut(evaluation, started=True)
    return await receipt_page(request, evaluation, code, kept, older=older is not None)


@post("/r/{receipt:str}")
async def change_answers(request: Request[Any, Any, Any], receipt: FromPath[str]) -> ASGIApp:
    code, kept, evaluation = await _kept(request, receipt)
    refuse_if_shut(evaluation, started=True)
    sent = await read_sent(request)
    sheet: Sheet = check_sheet(evaluation.places, sent.fields)
    if sheet.slips:
        return filled_form(request, evaluation, sheet, receipt=code, sequence=sent.sequence)
    save = sheet_save(evaluation, kept.course_class, sheet, receipt=code, sequence=sent.sequence)
    return await keep(request, save, sent, code)


async def _kept(request: Request[Any, Any, Any], text: str) -> Any:
    """Receipt, what is kept under it, and its evaluation."""
    code = read_code(text, RECEIPT_LENGTH)
    kept = code and await kept_response(code)
    if not code or not kept:
        raise Problem(Refusal.unknown_receipt)
    return code, kept, await _evaluations(request).by_id(kept.evaluation)


@get("/code")
async def enter_code(request: Request[Any, Any, Any], code: FromQuery[str | None] = None) -> ASGIApp:
    """“I have a code”: leads to the class link, ticket or receipt that somebody types."""
    if code is None:
        return page(request, "code.html", typed="", unknown=False)
    for kind, length in (("r", RECEIPT_LENGTH), ("t", TICKET_LENGTH)):
        if plain := read_code(code, length):
            return see_other(f"/{kind}/{plain}")
    plain = "".join(code.split()).upper()
    if plain and await _evaluations(request).by_code(plain):
        return see_other(f"/c/{plain}")
    return page(request, "code.html", status_code=404, typed=code[:40], unknown=True)


answering = Router(
    "/",
    route_handlers=[
        open_class_link,
        answer_by_class_link,
        open_ticket,
        answer_by_ticket,
        open_receipt,
        change_answers,
        enter_code,
    ],
)
