"""Two cohorts side by side, module by module."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboards import numbers
from dashboards.theme import AFTER, BEFORE, FAINT, Translate, plain, row_name, rows_layout


def dumbbell_figure(
    changes: pl.DataFrame,
    *,
    before: str,
    after: str,
    translate: Translate,
    language: str,
    label: str = "module",
    first_value: int = 1,
) -> go.Figure:
    """The means of two cohorts for each row of `changes` (schema `CHANGES`, one item), sorted by the change.

    `before` and `after` are the names of the cohorts. The bar across the later point is the interval of the
    *difference*, laid off from the earlier point: where it does not reach back there, the change is more than chance.
    A row that is blurred has its name and its verdict, and no points.
    """
    rows = changes.filter(~pl.col("withheld")).sort(_gain(), descending=True, nulls_last=True)
    places = list(range(rows.height))
    names = [_row_name(row, label, translate, language) for row in rows.rows(named=True)]
    figure = go.Figure(layout=rows_layout(names, language))
    figure.add_trace(_lines(rows))
    figure.add_trace(_points(rows["mean_before"].to_list(), places, name=before, colour=BEFORE, symbol="circle-open"))
    later = _points(rows["mean_after"].to_list(), places, name=after, colour=AFTER, symbol="circle")
    figure.add_trace(later.update(error_x=_reach(rows)))
    steps = rows["steps"][0] if rows.height else 5
    figure.update_layout(
        xaxis={"range": [first_value - 0.15, first_value + steps - 1 + 0.15], "dtick": 1},
    )
    return figure


def _gain() -> pl.Expr:
    """The difference seen so that better is more, where the first step is best too."""
    # What is blurred is somewhere in its interval.
    difference = pl.coalesce("difference", (pl.col("difference_low") + pl.col("difference_high")) / 2)
    return pl.when(pl.col("direction") == "down").then(-difference).otherwise(difference)


def _lines(rows: pl.DataFrame) -> go.Scatter:
    """One broken line: from point to point, and a gap."""
    ends = [(old, new, None) for old, new in rows.select("mean_before", "mean_after").iter_rows()]
    places = [(row, row, None) for row in range(rows.height)]
    return go.Scatter(
        x=[x for end in ends for x in end],
        y=[y for place in places for y in place],
        mode="lines",
        line={"color": FAINT, "width": 4},
        hoverinfo="skip",
        showlegend=False,
    )


def _points(means: list[float], places: list[int], *, name: str, colour: str, symbol: str) -> go.Scatter:
    return go.Scatter(
        x=means,
        y=places,
        mode="markers",
        name=plain(name),
        marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2}},
        hovertemplate="%{fullData.name}: %{x:.2f}<extra></extra>",
    )


def _reach(rows: pl.DataFrame) -> dict[str, object]:
    return {
        "type": "data",
        "symmetric": False,
        "array": (rows["difference_high"] - rows["difference"]).to_list(),
        "arrayminus": (rows["difference"] - rows["difference_low"]).to_list(),
        "color": AFTER,
        "thickness": 1.5,
        "width": 4,
    }


def _row_name(row: dict[str, Any], label: str, translate: Translate, language: str) -> str:
    words = {
        "higher": translate("clearly better"),
        "lower": translate("clearly worse"),
        "no evidence": translate("no evidence of change"),
        "too few": translate("too few answers"),
    }
    n = " → ".join(numbers.count(row[side], language=language) for side in ("n_before", "n_after"))
    blurred = [f"<i>{translate('nearly all the same')}</i>"] if row["blurred"] else []
    return row_name(row[label] or "", f"n = {n}", words[row["verdict"]], *blurred)
