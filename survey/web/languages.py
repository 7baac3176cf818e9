"""The reader's language: catalogues, and texts, numbers and dates as that language writes them.

The sentences in the code are English and stand as they are; `languages/vi/*.po` holds their Vietnamese, a file per
feature. tests/web/test_languages.py fails on a sentence without a translation.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from babel.dates import format_date, format_datetime
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from litestar import Request

from survey.web.ready import cookies_of

LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
FOLDER = Path(__file__).parent / "languages"
COOKIE = "gopy_language"

Translate = Callable[[str], str]


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Sentence -> translation, of all catalogue files of a language."""
    sentences: dict[str, str] = {}
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    sentences[str(message.id)] = str(message.string)
    return sentences


@cache
def translator(language: str) -> Translate:
    """Gives a sentence in a language; one that is not in its catalogue stays English."""
    sentences = catalogue(language)
    return lambda sentence: sentences.get(sentence) or sentence


def language_of(request: Request, default: str) -> str:
    """The language that the address asks for, else the one chosen before, else the service's own."""
    asked = asked_language(request) or cookies_of(request).get(COOKIE)
    return asked if asked in LANGUAGES else default


def asked_language(request: Request) -> str | None:
    """The language that the address itself asks for."""
    asked = request.query_params.get("lang") if request.scope["query_string"] else None
    return asked if asked in LANGUAGES else None


def in_language(words: Mapping[str, str], language: str) -> str:
    """A text of the curriculum in a language, else in Vietnamese, else in whatever there is."""
    return words.get(language) or words.get("vi") or next(iter(words.values()), "")


def number(value: float | None, language: str, places: int = 0) -> str:
    """1.234,5 in Vietnamese, 1,234.5 in English; a dash where there is no number."""
    if value is None:
        return "–"
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return str(format_decimal(value, pattern, locale=language))


def percent(share: float | None, language: str, places: int = 0) -> str:
    """87,3 % in Vietnamese, 87.3% in English."""
    if share is None:
        return "–"
    return number(100 * share, language, places) + ("\N{NO-BREAK SPACE}%" if language == "vi" else "%")


def date(value: datetime.date | None, language: str) -> str:
    if value is None:
        return "–"
    return str(format_date(value, "dd/MM/yyyy" if language == "vi" else "d MMM yyyy", locale=language))


def moment(value: datetime.datetime | None, language: str) -> str:
    """A time of day with its date, in the machine's own time zone (docs/operating.md: TZ)."""
    if value is None:
        return "–"
    pattern = "HH:mm 'ngày' dd/MM/yyyy" if language == "vi" else "d MMM yyyy, HH:mm"
    return str(format_datetime(value.astimezone(), pattern, tzinfo=value.astimezone().tzinfo, locale=language))
