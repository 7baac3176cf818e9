"""How the ratings of each module are spread over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import numbers
from dashboards.theme import Translate, plain, row_name, rows_layout, said_of_people, step_colours


def distribution_figure(
    measures: pl.DataFrame,
    *,
    step_labels: Sequence[str],
    translate: Translate,
    language: str,
    label: str = "module",
    beside: str | None = None,
) -> go.Figure:
    """A bar of 100 % for each row of `measures` (schema `MEASURES`, one item), parted into the steps.

    A row that is blurred has its n beside its name, and no bar.

    `label` is the column with the name of a row, `beside` one that tells rows of one name apart;
    `step_labels` are the words of the steps, from the first to the last.
    """
    direction = measures["direction"][0] if measures.height else "up"
    colours = step_colours(len(step_labels), direction)
    names = [_row_name(row, label, beside, translate, language) for row in measures.rows(named=True)]
    figure = go.Figure(layout=rows_layout(names, language))
    for step, (words, colour) in enumerate(zip(step_labels, colours, strict=True)):
        figure.add_trace(_step_bars(measures, step=step, words=words, colour=colour))
    figure.update_layout(
        barmode="stack",
        barnorm="percent",
        yaxis={"showgrid": False},
        xaxis={"range": [0, 100], "ticksuffix": numbers.NO_BREAK_SPACE + "%", "dtick": 25},
    )
    return figure


def _step_bars(measures: pl.DataFrame, *, step: int, words: str, colour: str) -> go.Bar:
    counts = measures["counts"].list.get(step, null_on_oob=True).to_list()
    return go.Bar(
        x=counts,
        y=list(range(measures.height)),
        orientation="h",
        name=plain(words),
        customdata=counts,
        marker={"color": colour, "line": {"color": "white", "width": 1}},
        hovertemplate="%{fullData.name}: %{customdata} (%{x:.1f}" + numbers.NO_BREAK_SPACE + "%)<extra></extra>",
    )


def _row_name(row: dict[str, Any], label: str, beside: str | None, translate: Translate, language: str) -> str:
    facts = said_of_people(row, translate, language)
    if row["top2_share"] is not None:
        facts.append(numbers.share(row["top2_share"], language=language, decimals=0))
    return row_name(row[label] or "", *facts, beside=row[beside] if beside else None)
