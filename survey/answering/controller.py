"""The trainee's side: class link, ticket, form, save, receipt. Opening an address never writes or spends anything."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ASGIApp

from survey.answering import autosave
from survey.answering.autosave import by_script
from survey.answering.codes import RECEIPT_LENGTH, TICKET_LENGTH, new_receipt, read_code
from survey.answering.crowds import Throttle, busy, crowded, full_page
from survey.answering.documents import WORKER
from survey.answering.doors import (
    PHONE,
    STARTED,
    Door,
    class_door,
    own_cookie,
    phone_cookie,
    refuse_if_shut,
    started_before,
    ticket_door,
)
from survey.answering.evaluations import OpenEvaluation, OpenEvaluations
from survey.answering.keeping import Kept, kept_response, sheet_save
from survey.answering.parts import forget_other_days, offered_part, part_cookie, sent_part
from survey.answering.reading import Sent, read_sent
from survey.answering.sheets import empty_form, filled_form, receipt_page
from survey.database.recorder import QueueFull, Recorder
from survey.database.saving import Outcome, Save
from survey.forms.checking import Sheet
from survey.problems import Problem, Refusal
from survey.web.pages import page
from survey.web.ready import Header, cookies_of, see_other

NO_COOKIES = "This browser keeps no cookies. Nothing is saved yet: please press the button at the end once more."

EMPTY = Sheet({}, {}, {}, [])

REFUSED = {
    Outcome.ticket_spent: Refusal.already_used,
    Outcome.ticket_revoked: Refusal.slip_revoked,
    Outcome.class_full: Refusal.class_full,
    Outcome.unknown_receipt: Refusal.unknown_receipt,
    Outcome.not_open_yet: Refusal.not_open_yet,
    Outcome.closed: Refusal.closed,
    # Sealed between the save and the look at what is kept.
    Outcome.older: Refusal.closed,
}


def _evaluations(request: Request[Any, Any, Any]) -> OpenEvaluations:
    evaluations: OpenEvaluations = request.app.state.evaluations
    return evaluations


@get("/c/{code:str}")
async def open_class_link(request: Request[Any, Any, Any]) -> ASGIApp:
    # On the two hot paths the code is taken from the path itself: Litestar's checking of a text costs more than ours.
    door = await class_door(_evaluations(request), request.path_params["code"])
    door = door.over(offered_part(request, door.evaluation, cookies_of(request)))
    return await own_response(request, door) or await first_look(request, door)


@post("/c/{code:str}")
async def answer_by_class_link(request: Request[Any, Any, Any]) -> ASGIApp:
    return await take_sheet(request, await class_door(_evaluations(request), request.path_params["code"]))


@get("/t/{ticket:str}")
async def open_ticket(request: Request[Any, Any, Any], ticket: FromPath[str]) -> ASGIApp:
    door = await ticket_door(_evaluations(request), ticket)
    if own := await own_response(request, door):
        return own
    if door.spent:
        receipt = door.receipt(cookies_of(request).get(PHONE, ""))
        if await kept_response(receipt) is None:
            raise Problem(Refusal.already_used)
        return see_other(f"/r/{receipt}")
    return await first_look(request, door.over(offered_part(request, door.evaluation, cookies_of(request))))


@post("/t/{ticket:str}")
async def answer_by_ticket(request: Request[Any, Any, Any], ticket: FromPath[str]) -> ASGIApp:
    return await take_sheet(request, await ticket_door(_evaluations(request), ticket))


async def own_response(request: Request[Any, Any, Any], door: Door) -> ASGIApp | None:
    """Leads a phone that has started back to its own response (of a daily evaluation: to the day's)."""
    receipt = door.started_before(cookies_of(request))
    return see_other(f"/r/{receipt}") if receipt and await kept_response(receipt) else None


async def first_look(request: Request[Any, Any, Any], door: Door) -> ASGIApp:
    refuse_if_shut(door.evaluation)
    cookies = phone_cookie(request) + part_cookie(request, door, cookies_of(request))
    return await empty_form(request, door.evaluation, cookies)


async def take_sheet(request: Request[Any, Any, Any], door: Door) -> ASGIApp:
    """The first save of a response (or the same again)."""
    refuse_if_shut(door.evaluation, started=True)
    sent = await read_sent(request, door.evaluation.usual)
    door = door.over(sent_part(door.evaluation, sent.part))
    evaluation = door.evaluation
    sheet = sent.sheet(evaluation.places)
    if sent.language or (sheet.slips and not by_script(request)):
        return filled_form(request, evaluation, sheet, sent)
    await forget_other_days(evaluation, sent)
    phone = cookies_of(request).get(PHONE) or sent.receipt
    if phone is None and by_script(request):
        phone = sent.receipt = new_receipt()
    if phone is None:
        # Neither cookie nor receipt: a second press of the button could not be told from a second person.
        return filled_form(request, evaluation, sheet, sent, receipt=new_receipt(), notice=NO_COOKIES)
    receipt = sent.receipt or door.receipt(phone)
    if refused := await crowded(request, door, receipt, sent):
        return refused
    save = sheet_save(
        evaluation,
        door.course_class,
        sheet,
        receipt=receipt,
        sequence=sent.sequence,
        base=sent.base,
        ticket=door.ticket(phone),
        handed_out=door.handed_out,
    )
    started = own_cookie(request, STARTED, door.started(receipt), path=door.path)
    return await keep(request, evaluation, save, sent, receipt, sheet, started)


async def keep(
    request: Request[Any, Any, Any],
    evaluation: OpenEvaluation,
    save: Save,
    sent: Sent,
    receipt: str,
    sheet: Sheet,
    *cookies: Header,
) -> ASGIApp:
    """Waits until a save is on disk, and leads to what is kept."""
    recorder: Recorder = request.app.state.recorder
    throttle: Throttle = request.app.state.throttle
    outcome = None
    try:
        outcome = await recorder.save(save)
    except QueueFull:
        return busy(request, sent)
    finally:
        # Also where the database failed: phones that send again for ten minutes must not find their class crowded.
        throttle.settle(save, outcome)
    if by_script(request):
        return await _tell_script(request, evaluation, outcome, sent, receipt, sheet, *cookies)
    if outcome is Outcome.class_full:
        return full_page(request, sent)
    if not outcome.kept:
        raise Problem(REFUSED[outcome])
    late = "?older=1" if outcome is Outcome.older else ""
    return see_other(f"/r/{receipt}{late}", *cookies)


async def _tell_script(
    request: Request[Any, Any, Any],
    evaluation: OpenEvaluation,
    outcome: Outcome,
    sent: Sent,
    receipt: str,
    sheet: Sheet,
    *cookies: Header,
) -> ASGIApp:
    if outcome in (Outcome.started, Outcome.replaced):
        return autosave.saved(request, evaluation, receipt, sent.sequence, sheet.slips, *cookies)
    if outcome is Outcome.ticket_spent:
        # Perhaps by this phone itself, in another tab: then its cookie knows the receipt.
        receipt = started_before(cookies_of(request), evaluation) or receipt
    elif outcome is not Outcome.older:
        raise Problem(REFUSED[outcome])
    kept = await kept_response(receipt)
    if kept is None or kept.evaluation != evaluation.id:
        raise Problem(REFUSED[outcome])
    return await autosave.something_newer(evaluation, receipt, kept)


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
    sent = await read_sent(request, evaluation.usual)
    sheet = sent.sheet(evaluation.places)
    if sent.language or (sheet.slips and not by_script(request)):
        return filled_form(request, evaluation, sheet, sent, receipt=code)
    save = sheet_save(
        evaluation,
        kept.course_class,
        sheet,
        receipt=code,
        sequence=sent.sequence,
        base=sent.base,
        kept=kept,
    )
    return await keep(request, evaluation, save, sent, code, sheet)


@post("/r/{receipt:str}/withdraw")
async def withdraw_answers(request: Request[Any, Any, Any], receipt: FromPath[str]) -> ASGIApp:
    """Takes every answer away; the emptied sheet stays, so that its writer may answer again and nobody else."""
    code, kept, evaluation = await _kept(request, receipt)
    refuse_if_shut(evaluation, started=True)
    save = sheet_save(evaluation, kept.course_class, EMPTY, receipt=code, sequence=kept.sequence + 1)
    return await keep(request, evaluation, save, Sent("", [], []), code, EMPTY)


async def _kept(request: Request[Any, Any, Any], text: str) -> tuple[str, Kept, OpenEvaluation]:
    """Receipt, what is kept under it, and its evaluation: the part of it that was answered."""
    code = read_code(text, RECEIPT_LENGTH)
    kept = code and await kept_response(code)
    if not code or not kept:
        raise Problem(Refusal.unknown_receipt)
    evaluation = await _evaluations(request).by_id(kept.evaluation)
    return code, kept, evaluation.parts.get(kept.part, evaluation)


@get("/sw.js")
async def service_worker() -> ASGIApp:
    return WORKER


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
        withdraw_answers,
        service_worker,
        enter_code,
    ],
)
