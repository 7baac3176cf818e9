"""What modules do that nobody revised: a line of the outcome on the starting score, and a module held against it."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy.special import stdtr, stdtrit

from analytics.families import SIGNIFICANT
from analytics.formulas import divided

FEWEST_CONTROLS: Final = 5
"""Fewer unrevised modules than these do not show how much a module changes that nobody revised."""

POWER: Final = 0.8

_NEEDED = (
    *("n_before", "mean_before", "change", "sampling_before", "sampling_after"),
    *("controls", "centre_before", "centre_after", "squares", "slope", "about_line"),
    *("usual_spread", "usual_before", "usual_after"),
)


def line_of(unrevised: pl.DataFrame) -> pl.DataFrame:
    """The line that the unrevised modules of an item lie about (mean after on mean before), a row per item."""
    x, y = pl.col("mean_before"), pl.col("mean_after")
    from_x, from_y = x - x.mean(), y - y.mean()
    lines = unrevised.group_by("item", maintain_order=True).agg(
        controls=pl.len().cast(pl.Int64),
        centre_before=x.mean(),
        centre_after=y.mean(),
        squares=(from_x**2).sum(),
        products=(from_x * from_y).sum(),
        squares_after=(from_y**2).sum(),
        usual_spread=(pl.col("sampling_before") * (pl.col("n_before") - 1)).mean(),
        usual_before=pl.col("sampling_before").mean(),
        usual_after=pl.col("sampling_after").mean(),
    )
    return lines.with_columns(slope=pl.col("products") / pl.col("squares")).with_columns(
        about_line=pl.col("squares_after") - pl.col("slope") * pl.col("products")
    )


def held_against_line(rows: pl.DataFrame, *, confidence: float) -> list[pl.Series]:
    """Expected change, effect with interval, shift and p value of each row, which has its item's `line_of` beside it.

    Null where a row is withheld, where it has too few controls, and where these have no spread to judge by. Formulas
    and sources: `effects.revision_effects`.
    """
    at = {name: rows[name].cast(pl.Float64).fill_null(np.nan).to_numpy() for name in _NEEDED}
    m, squares = at["controls"], np.where(at["squares"] > 1e-9, at["squares"], np.nan)
    # By the number of answers alone: that low modules scatter more belongs to the line already.
    fewer = np.maximum(divided(at["usual_spread"], at["n_before"] - 1) - at["usual_before"], 0)
    slope = at["slope"] / (1 + fewer * (m - 1) / squares)
    from_centre = at["mean_before"] - at["centre_before"]
    expected = at["centre_after"] + slope * from_centre - at["mean_before"]

    freedom = np.where(m > 2, m - 2, np.nan)
    scatter = np.maximum(at["about_line"], 0) / freedom
    surplus_before = np.maximum(at["sampling_before"] - at["usual_before"], 0)
    surplus = np.maximum(at["sampling_after"] - at["usual_after"], 0) + np.clip(slope, 0, 1) * surplus_before
    # Of the outcome itself, and of the line at this starting score.
    squared_error = scatter * (1 + 1 / m + from_centre**2 / squares) + surplus
    error = np.sqrt(np.where(squared_error > 1e-9, squared_error, np.nan))

    sign = np.where(rows["direction"].to_numpy() == "down", -1.0, 1.0)
    effect = sign * (at["change"] - expected)
    reach = stdtrit(freedom, (1 + confidence) / 2) * error
    judged = ~rows["withheld"].to_numpy() & (m >= FEWEST_CONTROLS) & np.isfinite(error)
    # The correction for several tests (Benjamini and Hochberg) can ask for so much, and never for more.
    strictest = stdtrit(freedom, 1 - SIGNIFICANT / max(int(judged.sum()), 1) / 2)
    numbers = {
        "expected": expected,
        "effect": effect,
        "effect_low": effect - reach,
        "effect_high": effect + reach,
        "shift": (strictest + stdtrit(freedom, POWER)) * error,
        "p_value": 2 * stdtr(freedom, -np.abs(effect / error)),
    }
    told = {name: np.where(judged, values, np.nan) for name, values in numbers.items()}
    return [pl.Series(name, values, dtype=pl.Float64, nan_to_null=True) for name, values in told.items()]
