"""Two means on one scale, as SVG inside a table's row: where a module was, where it is, how sure the difference is."""

from __future__ import annotations

from typing import Any, Final

from markupsafe import Markup

from dashboards import numbers
from dashboards.theme import Translate

WIDTH: Final = 200
HEIGHT: Final = 20
EDGE: Final = 7


def change_bar(change: dict[str, Any], *, translate: Translate, language: str) -> Markup:
    """A row of `compare` (schema CHANGES) as a dumbbell: open point before, full point after.

    The thin line across the later point is the interval of the *difference*, laid off from the earlier point, as in
    `dumbbell_figure`: where it does not reach back there, the change is more than chance. Nothing where it is withheld.
    Colours come from the stylesheet (classes before, after, scale), so that they fit dark pages too.
    """
    if change["mean_before"] is None or change["mean_after"] is None:
        return Markup("")
    before, after = change["mean_before"], change["mean_after"]
    parts = Markup("").join(
        [
            _line("scale", 1.0, change["steps"], change["steps"]),
            _line("joint", before, after, change["steps"]),
            _interval(change),
            _point("before", before, change["steps"]),
            _point("after", after, change["steps"]),
        ]
    )
    return Markup(
        '<svg class="pair" role="img" aria-label="{}" width="{}" height="{}" viewBox="0 0 {} {}">{}</svg>'
    ).format(_said(before, after, translate, language), WIDTH, HEIGHT, WIDTH, HEIGHT, parts)


def _interval(change: dict[str, Any]) -> Markup:
    low, high = change["difference_low"], change["difference_high"]
    if low is None or high is None:
        return Markup("")
    start, end = (min(max(change["mean_before"] + reach, 1.0), change["steps"]) for reach in (low, high))
    return _line("reach", start, end, change["steps"])


def _said(before: float, after: float, translate: Translate, language: str) -> str:
    old, new = (numbers.number(mean, language=language) for mean in (before, after))
    return translate("mean {before} before, {after} after").format(before=old, after=new)


def _line(kind: str, start: float, end: float, steps: int) -> Markup:
    ends = _at(start, steps), HEIGHT // 2, _at(end, steps)
    return Markup('<path class="{}" d="M{:.1f} {}H{:.1f}"/>').format(kind, *ends)


def _point(kind: str, mean: float, steps: int) -> Markup:
    return Markup('<circle class="{}" cx="{:.1f}" cy="{}" r="5"/>').format(kind, _at(mean, steps), HEIGHT // 2)


def _at(value: float, steps: int) -> float:
    return EDGE + (WIDTH - 2 * EDGE) * (value - 1) / (steps - 1)
