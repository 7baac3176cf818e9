"""Figures and the bars of tables: a frame goes in, a Plotly figure or markup comes out. Computes nothing."""

from __future__ import annotations

from dashboards.bars import colour_key, distribution_bar, interval_bar
from dashboards.distributions import distribution_figure
from dashboards.dumbbells import dumbbell_figure
from dashboards.means import means_figure, trend_figure

__all__ = [
    "colour_key",
    "distribution_bar",
    "distribution_figure",
    "dumbbell_figure",
    "interval_bar",
    "means_figure",
    "trend_figure",
]
