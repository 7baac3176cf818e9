"""What the templates of the results say numbers, names and bars with, in the reader's language."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from litestar import Request
from litestar.response import Template
from markupsafe import Markup

from dashboards import bars, numbers
from dashboards.pairs import change_bar
from dashboards.theme import step_colours
from survey.results.assets import ADDRESSES
from survey.results.policy import FEW, SMALLEST_GROUP, SMALLEST_GROUP_FOR_COMMENTS, UNANIMOUS_BELOW
from survey.results.questions import RatedItem
from survey.results.sentences import REASONS, signed
from survey.web.languages import in_language, language_of, translator
from survey.web.pages import page

VERDICTS = {
    "higher": "clearly better",
    "lower": "clearly worse",
    "no evidence": "no evidence of change",
    "too few": "too few answers",
}
STANDINGS = {
    "worse": "Clearly below the mean of the cohort",
    "around": "Not clearly different from the mean of the cohort",
    "better": "Clearly above the mean of the cohort",
    "too few": "Too few answers",
}
STATES = {
    "none": "no evaluation yet",
    "draft": "not open yet",
    "open": "open",
    "closed": "closed, not sealed yet",
    "sealed": "sealed",
}


# A page writes a thousand numbers, many of them again and again, and Babel takes 30 microseconds for each (measured).
_kept = lru_cache(maxsize=20_000)
_count, _decimal, _share = _kept(numbers.count), _kept(numbers.number), _kept(numbers.share)
_interval, _share_interval, _signed = _kept(numbers.interval), _kept(numbers.share_interval), _kept(signed)


def language_for(request: Request) -> str:
    return language_of(request, request.app.state.settings.language)


def results_page(request: Request, name: str, *, status_code: int = 200, **context: Any) -> Template:
    """A page with everything at hand that the results' templates write with."""
    language = language_for(request)
    return page(request, name, status_code=status_code, **spoken(language), **context)


def spoken(language: str) -> dict[str, Any]:
    translate = translator(language)
    draw = {"translate": translate, "language": language}
    return {
        "count": partial(_count, language=language),
        "decimal": partial(_decimal, language=language),
        "share": partial(_share, language=language, decimals=0),
        "interval": partial(_interval, language=language),
        "share_interval": partial(_share_interval, language=language),
        "signed": partial(_signed, language=language),
        "signed_interval": partial(signed_interval, language=language),
        "spread": partial(spread, language=language),
        "interval_bar": partial(bars.interval_bar, lowest=1, **draw),
        "change_bar": partial(change_bar, **draw),
        "colours": step_colours,
        "colour_key": bars.colour_key,
        "verdicts": {key: translate(said) for key, said in VERDICTS.items()},
        "standings": {key: translate(said) for key, said in STANDINGS.items()},
        "reasons": {key: translate(said) for key, said in REASONS.items()},
        "states": {key: translate(said) for key, said in STATES.items()},
        "assets": ADDRESSES,
        "smallest": SMALLEST_GROUP,
        "smallest_for_comments": SMALLEST_GROUP_FOR_COMMENTS,
        "few": FEW,
        "unanimous_below": UNANIMOUS_BELOW,
    }


def spread(row: dict[str, Any], item: RatedItem, *, language: str) -> Markup:
    """The distribution of a row of MEASURES as one parted bar, in the words of the item's scale; none where blurred."""
    if row["counts"] is None:
        return Markup("")
    return _bar(tuple(row["counts"]), tuple(step_labels(item, language)), item.scale.direction, language)


@lru_cache(maxsize=4096)
def _bar(counts: tuple[int, ...], labels: tuple[str, ...], direction: str, language: str) -> Markup:
    return bars.distribution_bar(
        counts, step_labels=labels, direction=direction, translate=translator(language), language=language
    )


def step_labels(item: RatedItem, language: str) -> list[str]:
    return [in_language(words, language) for words in item.scale.steps]


def signed_interval(low: float | None, high: float | None, *, language: str) -> str:
    """−0,10 to +0,31: the ends of the interval of a difference."""
    if low is None or high is None:
        return numbers.NO_NUMBER
    return translator(language)("{low} to {high}").format(low=_signed(low, language), high=_signed(high, language))
