"""Means with their intervals: module by module, and one module over the cohorts."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import numbers
from dashboards.theme import BEFORE, FAINT, Translate, plain, row_name, rows_layout, said_of_people, template


def means_figure(
    measures: pl.DataFrame,
    *,
    translate: Translate,
    language: str,
    label: str = "module",
    beside: str | None = None,
    first_value: int = 1,
) -> go.Figure:
    """A point with its interval for each row of `measures` (schema `MEASURES`, one item).

    `label` is the column with the name of a row, `beside` one that tells rows of one name apart; `first_value` is what
    the first step counts.
    """
    names = [_row_name(row, label, beside, translate, language) for row in measures.rows(named=True)]
    figure = go.Figure(layout=rows_layout(names, language))
    figure.add_trace(
        _points(
            x=measures["mean"].to_list(),
            y=list(range(measures.height)),
            error_x=_reach(measures),
            hover=translate("mean") + " %{x:.2f}<extra></extra>",
        )
    )
    figure.update_layout(
        margin={"t": 16},
        height=(figure.layout.height or 0) - 48,
        xaxis={"range": _scale(measures, first_value), "dtick": 1, "showgrid": True},
    )
    return figure


def trend_figure(
    measures: pl.DataFrame,
    *,
    translate: Translate,
    language: str,
    label: str = "cohort",
    version: str | None = None,
    first_value: int = 1,
) -> go.Figure:
    """One module over its cohorts, a row of `measures` (schema `MEASURES`, one item) each, in order of time.

    `version` names a column: where it changes from one cohort to the next there is a vertical line.
    A cohort that is blurred has its n below, and no point.
    """
    cohorts = [
        plain(name or "")
        + f"<br>n = {numbers.count(n, language=language)}"
        + (f"<br><i>{translate('not exact')}</i>" if blurred else "")
        for name, n, blurred in measures.select(label, "n", "blurred").iter_rows()
    ]
    figure = go.Figure(
        _points(
            x=list(range(measures.height)),
            y=measures["mean"].to_list(),
            error_y=_reach(measures),
            hover=translate("mean") + " %{y:.2f}<extra></extra>",
        ),
        layout=go.Layout(template=template(language), height=320),
    )
    figure.update_yaxes(range=_scale(measures, first_value), dtick=1)
    figure.update_xaxes(
        range=[-0.5, measures.height - 0.5], tickvals=list(range(measures.height)), ticktext=cohorts, showgrid=False
    )
    for place, (old, new) in enumerate(pairwise(measures[version].to_list() if version else [])):
        if old != new:
            figure.add_vline(
                x=place + 0.5,
                line={"dash": "dot", "color": FAINT, "width": 2},
                annotation={"text": translate("new version"), "textangle": -90, "yanchor": "top", "xanchor": "right"},
            )
    return figure


def _points(*, hover: str, **where: object) -> go.Scatter:
    return go.Scatter(
        mode="markers", marker={"color": BEFORE, "size": 9}, hovertemplate=hover, showlegend=False, **where
    )


def _reach(measures: pl.DataFrame) -> dict[str, object]:
    """The interval as Plotly wants it: how far it reaches to either side of the point."""
    return {
        "type": "data",
        "symmetric": False,
        "array": (measures["mean_high"] - measures["mean"]).to_list(),
        "arrayminus": (measures["mean"] - measures["mean_low"]).to_list(),
        "color": BEFORE,
        "thickness": 2,
        "width": 4,
    }


def _scale(measures: pl.DataFrame, first_value: int) -> list[float]:
    """The whole scale, always: a cut axis makes small differences look large."""
    steps = measures["steps"][0] if measures.height else 5
    return [first_value - 0.15, first_value + steps - 1 + 0.15]


def _row_name(row: dict[str, Any], label: str, beside: str | None, translate: Translate, language: str) -> str:
    facts = said_of_people(row, translate, language)
    return row_name(row[label] or "", *facts, beside=row[beside] if beside else None)
