"""Small bars for tables, as SVG inside the page: they print, and need no script and no inline style."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from markupsafe import Markup, escape

from dashboards import numbers
from dashboards.theme import BEFORE, FAINT, Translate, step_colours

WIDTH: Final = 160
HEIGHT: Final = 14


def distribution_bar(
    counts: Sequence[int] | None,
    *,
    step_labels: Sequence[str],
    translate: Translate,
    language: str,
    direction: str = "up",
) -> Markup:
    """The counts of the steps as one parted bar; its words say the same. Nothing where the counts are withheld."""
    if counts is None or not sum(counts):
        return Markup("")
    ends = [0.0, *(WIDTH * reached / sum(counts) for reached in accumulate(counts))]
    colours = step_colours(len(counts), direction)
    parts = Markup("").join(
        _rect(x=start, width=end - start, y=0, height=HEIGHT, fill=colour)
        for start, end, colour in zip(ends, ends[1:], colours, strict=False)
        if end > start
    )
    said = [f"{words}: {numbers.count(n, language=language)}" for words, n in zip(step_labels, counts, strict=True)]
    n = numbers.count(sum(counts), language=language)
    return _svg(parts, title=f"{translate('Ratings: {n}').format(n=n)}. " + "; ".join(said))


def interval_bar(
    low: float | None,
    value: float | None,
    high: float | None,
    *,
    lowest: float,
    highest: float,
    translate: Translate,
    language: str,
) -> Markup:
    """A point with its interval on the whole scale from `lowest` to `highest`; of what is blurred the interval alone.

    Nothing where there is neither. A dark page's stylesheet may give the bar another `color`.
    """
    if value is None and (low is None or high is None):
        return Markup("")

    def at(number: float) -> float:
        return 5 + (WIDTH - 10) * (number - lowest) / (highest - lowest)

    middle = HEIGHT / 2
    parts = _rect(x=5, width=WIDTH - 10, y=middle - 0.5, height=1, fill=FAINT)
    if low is not None and high is not None:
        parts += _rect(x=at(low), width=max(at(high) - at(low), 1), y=middle - 2, height=4, fill="currentColor")
    if value is not None:
        parts += Markup('<circle cx="{}" cy="{}" r="4" fill="currentColor"/>').format(f"{at(value):.2f}", middle)
    said = numbers.number(value, language=language)
    if low is not None and high is not None:
        said += f" ({numbers.interval(low, high, language=language)})"
    return _svg(parts, title=f"{translate('mean')} {said}")


def colour_key(colour: str) -> Markup:
    """A small square of a colour, for the words that explain it."""
    return Markup('<svg class="key" width="12" height="12" aria-hidden="true">{}</svg>').format(
        _rect(x=0, width=12, y=0, height=12, fill=colour)
    )


def _rect(*, x: float, width: float, y: float, height: float, fill: str) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}"/>').format(
        f"{x:.2f}", f"{y:g}", f"{width:.2f}", f"{height:g}", fill
    )


def _svg(parts: Markup, *, title: str) -> Markup:
    return Markup(
        '<svg class="bar" color="{colour}" role="img" aria-label="{title}" width="{width}" height="{height}" '
        'viewBox="0 0 {width} {height}" preserveAspectRatio="none"><title>{title}</title>{parts}</svg>'
    ).format(title=escape(title), colour=BEFORE, width=WIDTH, height=HEIGHT, parts=parts)
