"""The page that `gopy report` writes: one file, readable without a network, without JavaScript and on paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import plotly.graph_objects as go
import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from dashboards import bars, numbers
from dashboards.distributions import distribution_figure
from dashboards.means import means_figure
from dashboards.theme import Translate, step_colours

PLACES = ("cohort", "component", "module")


@dataclass(frozen=True, slots=True)
class Section:
    """An item, or all items where there is one place only: its figures and the rows of the table under them."""

    title: str
    rows: pl.DataFrame
    figures: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Report:
    """What the page is made of: the measures of a file, the words of their scale, and what has to be said first.

    `first_value` is what the first step counts; `measures` are in those values already. `standing_out` and `of_forms`
    are sentences that stand above the tables, the second only where rows are whole forms.
    """

    title: str
    measures: pl.DataFrame
    step_labels: Sequence[str]
    first_value: int
    smallest_group: int
    unanimous_below: int
    notices: Sequence[str]
    standing_out: Sequence[str]
    of_forms: Sequence[str]


def report_page(report: Report, *, translate: Translate, language: str) -> str:
    """The whole page, with Plotly's script inside. Everything that comes from the file is escaped."""
    sections = list(_sections(report, translate, language))
    return (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            sections=sections,
            places=[name for name in PLACES if _tells(report.measures, name)],
            colours=step_colours(len(report.step_labels), _direction(report.measures)),
            withheld=report.measures["withheld"].sum(),
            blurred=report.measures["blurred"].any(),
            language=language,
            translate=translate,
            plotly=get_plotlyjs(),
            **_words_of(report, translate, language),
        )
    )


def _sections(report: Report, translate: Translate, language: str) -> Iterator[Section]:
    measures = report.measures.with_columns(**_place_names(report.measures, translate))
    if measures.select(name for name in PLACES if name in measures.columns).n_unique() == 1:
        rows = measures.with_columns(_name=pl.col("item"), _beside=pl.lit(None, pl.String))
        yield Section("", rows, _figures(rows, report, translate, language))
        return
    for (item,), rows in measures.group_by("item", maintain_order=True):
        yield Section(str(item), rows, _figures(rows, report, translate, language))


def _figures(rows: pl.DataFrame, report: Report, translate: Translate, language: str) -> list[tuple[str, str]]:
    words: dict[str, Any] = {"label": "_name", "beside": "_beside", "translate": translate, "language": language}
    spread = distribution_figure(rows, step_labels=report.step_labels, **words)
    means = means_figure(rows, first_value=report.first_value, **words)
    return [
        (
            translate("How the ratings are spread (beside each name: n and the share of the best two steps)"),
            _as_json(spread),
        ),
        (translate("Means with their 95% intervals"), _as_json(means)),
    ]


def _as_json(figure: go.Figure) -> str:
    """The figure as JSON that may stand in a script: a "</script>" in a name from the file would end it."""
    return json.dumps(json.loads(figure.to_json()), ensure_ascii=False).replace("<", "\\u003c")


def _place_names(measures: pl.DataFrame, translate: Translate) -> dict[str, pl.Expr]:
    """The module and, in full beside it, its cohort: as far as they tell the rows of an item apart."""
    nothing, unnamed = pl.lit(None, pl.String), pl.lit(translate("(not named)"))
    module, cohort = (_tells(measures, name) for name in ("module", "cohort"))
    return {
        "_name": pl.col("module").fill_null(unnamed) if module or not cohort else nothing,
        "_beside": pl.col("cohort").fill_null(unnamed) if cohort else nothing,
    }


def _tells(measures: pl.DataFrame, name: str) -> bool:
    return name in measures.columns and measures[name].null_count() < measures.height


def _direction(measures: pl.DataFrame) -> str:
    return str(measures["direction"][0]) if measures.height else "up"


def _words_of(report: Report, translate: Translate, language: str) -> dict[str, Callable[..., Any]]:
    """What the template writes numbers and bars with."""
    last_value = report.first_value + len(report.step_labels) - 1
    return {
        "count": partial(numbers.count, language=language),
        "number": partial(numbers.number, language=language),
        "share": partial(numbers.share, language=language),
        "interval": partial(numbers.interval, language=language),
        "share_interval": partial(numbers.share_interval, language=language),
        "colour_key": bars.colour_key,
        "distribution_bar": partial(
            bars.distribution_bar,
            step_labels=report.step_labels,
            direction=_direction(report.measures),
            translate=translate,
            language=language,
        ),
        "interval_bar": partial(
            bars.interval_bar,
            lowest=report.first_value,
            highest=last_value,
            translate=translate,
            language=language,
        ),
    }


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("dashboards"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
