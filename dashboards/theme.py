"""Colours, fonts and the frame of every figure, in one place (UX.md, Charts)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from textwrap import wrap
from typing import Any, Final

import plotly.graph_objects as go

from dashboards import numbers

Translate = Callable[[str], str]

UNFAVOURABLE_TO_FAVOURABLE: Final = ("#b35806", "#f1a340", "#d9d9d9", "#998ec3", "#542788")
"""PuOr: told apart by the colour-blind and in grey print, neutral in the middle, the extremes darkest."""
BEFORE: Final = "#12436D"
AFTER: Final = "#F46A25"
INK: Final = "#1d2430"
FAINT: Final = "#c9ced6"
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif"

MARK_HEIGHT: Final = 18
LINE_HEIGHT: Final = 17
GAP: Final = 13
"""Pixels: a row of a figure has its name above its mark, in as many lines as a phone needs, and air above it."""
LONGEST_NAME: Final = 44
LONGEST_LINE: Final = 46
LONGEST_FACTS: Final = 52
"""Characters that have room on a phone of 360 pixels: what is said beside a name has more narrow ones."""


def step_colours(steps: int, direction: str = "up") -> list[str]:
    """A colour for each step, from the first to the last; the darkest orange is the worst."""
    few = {2: (0, 4), 3: (0, 2, 4), 4: (0, 1, 3, 4)}
    if steps in few:
        colours = [UNFAVOURABLE_TO_FAVOURABLE[place] for place in few[steps]]
    else:
        colours = [_colour_at(4 * step / (steps - 1)) for step in range(steps)]
    return colours[::-1] if direction == "down" else colours


def template(language: str) -> go.layout.Template:
    """What all figures have in common: font, margins, legend, and the language's marks in numbers."""
    axis = {"gridcolor": "#e6e9ee", "zeroline": False, "fixedrange": True, "ticks": "", "automargin": True}
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 13, "color": INK},
            "colorway": [BEFORE, AFTER],
            "paper_bgcolor": "white",
            "plot_bgcolor": "white",
            "margin": {"l": 20, "r": 24, "t": 8, "b": 32},
            "separators": numbers.SEPARATORS.get(language, numbers.SEPARATORS["en"]),
            "legend": {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
            "hoverlabel": {"bgcolor": "white", "font": {"family": FONT, "color": INK}},
            "xaxis": axis,
            "yaxis": axis,
            "dragmode": False,
        }
    )


def plain(text: str) -> str:
    """Text that Plotly shows as it stands: it would read `<b>` and `&amp;` as markup."""
    return escape(text, quote=False)


def short(text: str) -> str:
    """A name that has room above its row on a phone; the whole name stands in the table."""
    return plain(text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1].rstrip() + "…")


def row_name(name: str, *facts: str, beside: str | None = None) -> str:
    """A name and what is said beside it, in lines that have room on a phone. Only the name is shortened.

    `beside` tells rows of one name apart; `facts` may have markup.
    """
    said = [*map(plain, wrap(beside or "", LONGEST_LINE)), *facts]
    whole = " · ".join(filter(None, [short(name), *said]))
    if _length(whole) <= LONGEST_LINE:
        return whole
    lines = said[:1]
    for fact in said[1:]:
        longer = f"{lines[-1]} · {fact}"
        if _length(longer) <= LONGEST_FACTS:
            lines[-1] = longer
        else:
            lines.append(fact)
    return "<br>".join(filter(None, [short(name), *lines]))


def said_of_people(row: dict[str, Any], translate: Translate, language: str) -> list[str]:
    """What is said beside the name of a row of `measures`: n, or that it is withheld, and whether it is blurred."""
    if row["n"] is None:
        return [f"<i>{translate('too few answers')}</i>"]
    n = f"n = {numbers.count(row['n'], language=language)}"
    return [n, f"<i>{translate('nearly all the same')}</i>"] if row["blurred"] else [n]


def rows_layout(names: list[str], language: str) -> go.Layout:
    """The layout of a figure with a row for each of the names (`row_name`), the first on top."""
    rows, lines = len(names), max((1 + name.count("<br>") for name in names), default=1)
    height = MARK_HEIGHT + LINE_HEIGHT * lines + GAP
    return go.Layout(
        template=template(language),
        height=height * max(rows, 1) + 100,
        margin={"t": 64},
        bargap=1 - MARK_HEIGHT / height,
        annotations=_above_the_marks(names),
        yaxis={"range": [rows - 0.6, -0.9], "showticklabels": False, "tickvals": list(range(rows))},
    )


def _above_the_marks(names: list[str]) -> list[go.layout.Annotation]:
    at_the_left = {"x": 0, "xref": "paper", "xanchor": "left", "align": "left"}
    above = {"yanchor": "bottom", "yshift": MARK_HEIGHT / 2, "showarrow": False, "bgcolor": "white", "borderpad": 0}
    return [go.layout.Annotation(text=name, y=row, **at_the_left, **above) for row, name in enumerate(names)]


def _length(markup: str) -> int:
    return len(unescape(re.sub("<[^>]+>", "", markup)))


def _colour_at(place: float) -> str:
    """The colour at a place from 0 to 4 on the palette, mixed from its neighbours."""
    left = min(int(place), 3)
    mixed = zip(_channels(left), _channels(left + 1), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (place - left)):02x}" for a, b in mixed)


def _channels(place: int) -> list[int]:
    colour = UNFAVOURABLE_TO_FAVOURABLE[place]
    return [int(colour[start : start + 2], 16) for start in (1, 3, 5)]
