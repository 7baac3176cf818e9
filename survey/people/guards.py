"""Who may pass. A guard lets a request through or raises the `Problem` that says why not."""

from __future__ import annotations

from collections import defaultdict

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from survey.people.forgery import comes_from_elsewhere, expected_word, given_word, same_word
from survey.people.sessions import Staff
from survey.problems import Problem, Refusal
from survey.tables import Role, Unit

READING = ("GET", "HEAD", "OPTIONS")


def signed_in(connection: ASGIConnection, _: BaseRouteHandler) -> None:
    if connection.scope.get("user") is None:
        raise Problem(Refusal.sign_in)


def needs(*roles: Role) -> Guard:
    """Lets in who is signed in with one of these roles. Administrators see all that designers and heads see."""

    def has_role(connection: ASGIConnection, handler: BaseRouteHandler) -> None:
        signed_in(connection, handler)
        if connection.user.role not in (Role.administrator, *roles):
            raise Problem(Refusal.not_allowed)

    return has_role


async def unforged(request: Request, _: BaseRouteHandler) -> None:
    """Every form of a staff page carries the session's `csrf`; stands beside `signed_in` on whole routers."""
    if request.method in READING:
        return
    if comes_from_elsewhere(request) or not same_word(await given_word(request), expected_word(request)):
        raise Problem(Refusal.forged)


async def visible_units(staff: Staff) -> set[int] | None:
    """Numbers of the units whose results this person sees: theirs and all beneath it. None stands for every unit."""
    if staff.role == Role.administrator:
        return None
    return set() if staff.unit is None else await _beneath(staff.unit)


async def may_see_unit(staff: Staff, unit_id: int) -> bool:
    visible = await visible_units(staff)
    return visible is None or unit_id in visible


async def _beneath(top: int) -> set[int]:
    children = defaultdict(list)
    for unit in await Unit.select(Unit.id, Unit.parent):
        children[unit["parent"]].append(unit["id"])
    found, waiting = set(), [top]
    while waiting:
        unit = waiting.pop()
        if unit not in found:  # a tree that somebody bent into a ring must not hang the page
            found.add(unit)
            waiting += children[unit]
    return found
