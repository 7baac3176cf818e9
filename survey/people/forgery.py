"""Tells a form that was sent from our own page from one that another site made the browser send."""

from __future__ import annotations

import hmac
from urllib.parse import parse_qsl, urlsplit

from litestar import Request
from litestar.datastructures import Cookie

from survey.people.sessions import private_cookie
from survey.people.tokens import new_token
from survey.problems import Problem, Refusal

# Before there is a session, the form and this cookie hold the same random word: another site can give us neither.
STRANGERS_COOKIE = "gopy_stranger"
MOST_FIELDS = 5_000


async def typed(request: Request) -> dict[str, str]:
    """The fields of a form post.

    Not by Litestar's own parser: it keeps the last 1,024 bodies in a cache, and with them everybody's passwords.
    """
    body = (await request.body()).decode(errors="replace")
    try:
        return dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError as error:
        raise Problem(Refusal.wrong_request) from error


async def given_word(request: Request) -> str:
    """The `csrf` that came along: a header (htmx), or a field of the form."""
    if word := request.headers.get("x-csrf"):
        return word
    if request.content_type[0] == "multipart/form-data":
        return str((await request.form()).get("csrf", ""))
    return (await typed(request)).get("csrf", "")


def expected_word(request: Request) -> str:
    session = request.scope.get("auth")
    return session.csrf if session else request.cookies.get(STRANGERS_COOKIE, "")


def same_word(given: str, expected: str) -> bool:
    """Compared in constant time; an empty word is never right."""
    return bool(expected) and hmac.compare_digest(given.encode(errors="replace"), expected.encode(errors="replace"))


def comes_from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site sent this.

    `Origin: null` says nothing: our own Referrer-Policy makes browsers send it with our own forms. Browsers send
    Sec-Fetch-Site to https and to this machine only, so where neither speaks the word in the form decides alone.
    """
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin", "null")
    ours = {request.headers.get("host"), urlsplit(request.app.state.settings.base_address).netloc}
    return site not in ("same-origin", "none") or (origin != "null" and urlsplit(origin).netloc not in ours)


def strangers_cookie(request: Request) -> Cookie:
    """The word for the forms of somebody who is not signed in; kept as it is while they have several pages open."""
    known = request.cookies.get(STRANGERS_COOKIE)
    return private_cookie(STRANGERS_COOKIE, known or new_token(), request.app.state.settings)
