"""Signing in and out, one-time links, and one's own password."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.response import Redirect, Template

from survey.people.accounts import account_with, as_login, change_password, has_password, is_own_password
from survey.people.audit import note
from survey.people.forgery import strangers_cookie, typed
from survey.people.guards import signed_in, unforged
from survey.people.links import owner_of, spend_link
from survey.people.passwords import SHORTEST, weaknesses
from survey.people.sessions import end_session, open_session, session_cookie
from survey.web.languages import language_of, translator
from survey.web.pages import page

Typed = NamedDependency[dict[str, str]]


@get("/sign-in")
async def ask_who(request: Request) -> Template | Redirect:
    """The sign-in form."""
    return Redirect("/", status_code=303) if request.user else strangers_page(request, "sign_in.html")


@post("/sign-in", guards=[unforged])
async def sign_in(request: Request, typed: Typed) -> Template | Redirect:
    """Takes login and password; which of the two was wrong is not said."""
    login = as_login(typed.get("login", ""))
    account = await account_with(login, typed.get("password", ""))
    if account is None:
        return strangers_page(request, "sign_in.html", status_code=401, login=login)
    cookie = await open_session(account.id, request.app.state.settings, instead_of=request.auth)
    await note(account, "sign-in", account.login, by="password")
    return Redirect("/", status_code=303, cookies=[cookie])


@post("/sign-out", guards=[signed_in, unforged])
async def sign_out(request: Request) -> Redirect:
    """Ends this session, here and in the database."""
    await end_session(request.auth)
    await note(request.user, "sign-out", request.user.login)
    forgotten = session_cookie("", request.app.state.settings, max_age=0)
    return Redirect("/sign-in", status_code=303, cookies=[forgotten])


@get("/in/{token:str}")
async def show_link(request: Request, token: FromPath[str]) -> Template:
    """Whom the link signs in, and a button: opening an address never spends it."""
    return strangers_page(request, "one_time_link.html", owner=await owner_of(token))


@post("/in/{token:str}", guards=[unforged])
async def use_link(request: Request, token: FromPath[str]) -> Redirect:
    """Signs in, and asks people without a password to choose one."""
    account, cookie = await spend_link(token, request.app.state.settings, instead_of=request.auth)
    return Redirect("/" if account.password else "/password", status_code=303, cookies=[cookie])


@get("/password", guards=[signed_in])
async def ask_password(request: Request) -> Template:
    """The form for a new password."""
    return await password_page(request)


@post("/password", guards=[signed_in, unforged])
async def take_password(request: Request, typed: Typed) -> Template | Redirect:
    """Takes a new password from whoever knows the present one, or has none yet."""
    _ = translator(language_of(request, request.app.state.settings.language))
    staff, password = request.user, typed.get("password", "")
    slips = {"password": weaknesses(password, typed.get("again", ""), login=staff.login, _=_)}
    if await has_password(staff.id) and not await is_own_password(staff, typed.get("present", "")):
        slips["present"] = [_("This is not your present password.")]
    if any(slips.values()):
        return await password_page(request, status_code=422, slips=slips)
    await change_password(staff, request.auth, password)
    return Redirect("/", status_code=303)


async def password_page(
    request: Request, *, status_code: int = 200, slips: dict[str, list[str]] | None = None
) -> Template:
    has_one = await has_password(request.user.id)
    return page(
        request, "password.html", status_code=status_code, has_one=has_one, slips=slips or {}, shortest=SHORTEST
    )


def strangers_page(request: Request, name: str, **context: Any) -> Template:
    """A page with a form for somebody who is not signed in, and the cookie that its answer must bring back."""
    if request.auth:
        return page(request, name, **context)
    cookie = strangers_cookie(request)
    answer = page(request, name, csrf=cookie.value, **context)
    answer.set_cookie(cookie)
    return answer


people = Router(
    path="/",
    route_handlers=[ask_who, sign_in, sign_out, show_link, use_link, ask_password, take_password],
    dependencies={"typed": Provide(typed)},
)
