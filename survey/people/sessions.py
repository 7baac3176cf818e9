"""Sessions of staff: opened at sign-in, looked up for each of their requests, ended by them or by time."""

from __future__ import annotations

import datetime

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from survey.people.tokens import new_token, token_digest
from survey.settings import Settings
from survey.tables import Role, Session

COOKIE = "gopy_session"
# Nobody is signed in on these paths: a trainee's request must not even look as if it could be told whose it is.
TRAINEES_PATHS = ("/c/", "/t/", "/r/", "/code/", "/static/", "/healthz/")


class Staff(msgspec.Struct, frozen=True):
    """Who is signed in. A head or designer sees their unit and all beneath it; an administrator everything."""

    id: int
    login: str
    name: str
    role: Role
    unit: int | None


class OpenSession(msgspec.Struct, frozen=True):
    digest: bytes
    # Stands in every form of this session, against forged requests.
    csrf: str


class KnowTheAccount(ASGIMiddleware):
    """Puts `Staff` into scope["user"] and `OpenSession` into scope["auth"], or None into both."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        scope["user"] = scope["auth"] = None
        if _may_have_a_session(scope) and (token := ASGIConnection(scope).cookies.get(COOKIE)):
            scope["user"], scope["auth"] = await session_of(token)
        await next_app(scope, receive, send)


know_the_account = KnowTheAccount()


def _may_have_a_session(scope: Scope) -> bool:
    if f"{scope['path']}/".startswith(TRAINEES_PATHS):
        return False
    mark = f"{COOKIE}=".encode()
    return any(name == b"cookie" and mark in value for name, value in scope["headers"])


async def session_of(token: str) -> tuple[Staff, OpenSession] | tuple[None, None]:
    """Whose session this is, if it still runs and the account is still in use."""
    digest, account = token_digest(token), Session.account
    row = (
        await Session.select(Session.csrf, account.id, account.login, account.name, account.role, account.unit)
        .where(Session.digest == digest, Session.expires_at > _now(), account.active == True)  # noqa: E712
        .first()
        .output(nested=True)
    )
    if row is None:
        return None, None
    person = row["account"] | {"role": Role(row["account"]["role"])}
    return Staff(**person), OpenSession(digest, row["csrf"])


async def open_session(account: int, settings: Settings, *, instead_of: OpenSession | None = None) -> Cookie:
    """Begins a session with a secret of its own, whatever cookie came with the request, and gives its cookie."""
    token = new_token()
    await Session.delete().where(Session.expires_at <= _now())
    if instead_of:
        await end_session(instead_of)
    expires_at = _now() + datetime.timedelta(hours=settings.session_hours)
    await Session.insert(Session(digest=token_digest(token), account=account, csrf=new_token(), expires_at=expires_at))
    return session_cookie(token, settings, max_age=settings.session_hours * 3600)


def session_cookie(token: str, settings: Settings, *, max_age: int) -> Cookie:
    """The cookie of a session; with no age left it tells the browser to forget it."""
    return private_cookie(COOKIE, token, settings, max_age=max_age)


def private_cookie(name: str, value: str, settings: Settings, *, max_age: int | None = None) -> Cookie:
    """A cookie for our own pages only: no script reads it, no other site's form brings it along."""
    secure = settings.secure
    return Cookie(key=name, value=value, path="/", max_age=max_age, httponly=True, samesite="lax", secure=secure)


async def end_session(session: OpenSession) -> None:
    await Session.delete().where(Session.digest == session.digest)


async def end_sessions(account: int, *, but: OpenSession | None = None) -> None:
    """Signs an account out everywhere, or everywhere else."""
    others = Session.delete().where(Session.account == account)
    await (others.where(Session.digest != but.digest) if but else others)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
