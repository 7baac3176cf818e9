"""Answers made of ready bytes. Litestar's own Response costs more than the whole rest of the trainee's path
(benchmarks/answering.py), so the form and the acknowledgement of a save are sent without it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.types import Receive, Scope, Send

from survey.web.security import HEADERS

Header = tuple[bytes, bytes]


def encoded(headers: Mapping[str, str]) -> list[Header]:
    """Headers as they go over the wire, with those that every answer carries."""
    merged = {header.name: str(header.value) for header in HEADERS} | headers
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in merged.items()]


def header(request: Request[Any, Any, Any], name: bytes) -> bytes:
    """One header as it came, or nothing. Litestar takes all of them apart anew whenever it is asked for one."""
    return next((value for found, value in request.scope["headers"] if found == name), b"")


def cookies_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The cookies of a request. Ours are plain words, so nothing more than this is needed to read them."""
    raw = header(request, b"cookie")
    return dict(one.split("=", 1) for one in raw.decode("latin-1").split("; ") if "=" in one) if raw else {}


_PLAIN = encoded({"content-length": "0"})


class Ready:
    """An ASGI application that sends a status, headers and a body as they are."""

    __slots__ = ("body", "headers", "status_code")

    def __init__(self, status_code: int, headers: list[Header], body: bytes = b"") -> None:
        self.status_code, self.headers, self.body = status_code, headers, body

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


def see_other(address: str, *cookies: Header) -> Ready:
    """Leads a browser to another page of ours by GET."""
    return Ready(303, [*_PLAIN, (b"location", address.encode("latin-1")), *cookies])


def cookie_header(name: str, value: str, *, path: str = "/", seconds: int, secure: bool, hidden: bool = True) -> Header:
    """A cookie for our own pages only, if hidden out of reach of scripts."""
    more = ("; HttpOnly" if hidden else "") + ("; Secure" if secure else "")
    return b"set-cookie", f"{name}={value}; Path={path}; Max-Age={seconds}; SameSite=lax{more}".encode("latin-1")
