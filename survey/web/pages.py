"""Makes a page: template, reader's language, and the formatting that every page needs."""

from __future__ import annotations

from functools import partial
from typing import Any
from urllib.parse import urlencode

from litestar import MediaType, Request
from litestar.datastructures import Cookie
from litestar.response import Template

from survey.web import languages


def page(
    request: Request, name: str, *, status_code: int = 200, headers: dict[str, str] | None = None, **context: Any
) -> Template:
    """A template with `_`, `language`, `number`, `percent`, `date`, `moment`, `words`, `account` and `csrf` at hand."""
    language = languages.language_of(request, request.app.state.settings.language)
    template = Template(
        name,
        status_code=status_code,
        headers=headers,
        media_type=MediaType.HTML,
        context=wording(language)
        | {
            "address": str(request.url.path),
            "in_language": lambda code: _same_page(request, code),
            "account": request.scope.get("user"),
            "csrf": getattr(request.scope.get("auth"), "csrf", ""),
        }
        | context,
    )
    if cookie := language_cookie(request):
        template.cookies.append(cookie)
    return template


def _same_page(request: Request, language: str) -> str:
    """This page in another language, with whatever else its address asks for (filters, chosen cohorts)."""
    asked = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return "?" + urlencode([*asked, ("lang", language)])


def language_cookie(request: Request) -> Cookie | None:
    """Remembers a language that was asked for in the address."""
    asked = languages.asked_language(request)
    return None if asked is None else remembered_language(asked)


def remembered_language(language: str) -> Cookie:
    return Cookie(key=languages.COOKIE, value=language, max_age=365 * 24 * 3600, samesite="lax", httponly=True)


def wording(language: str) -> dict[str, Any]:
    """What a template needs to speak a language."""
    return {
        "_": languages.translator(language),
        "language": language,
        "languages": languages.LANGUAGES,
        "words": partial(languages.in_language, language=language),
        "number": partial(languages.number, language=language),
        "percent": partial(languages.percent, language=language),
        "date": partial(languages.date, language=language),
        "moment": partial(languages.moment, language=language),
    }
