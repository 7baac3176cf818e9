"""Rows as the functions of `analytics` give them, one of each kind, for the tests of what is said of them."""

from __future__ import annotations

from typing import Any

import polars as pl

from analytics import (
    CHANGES,
    MEASURES,
    Finding,
    findings_of_changes,
    findings_of_effects,
    findings_of_measures,
    findings_of_ranks,
    findings_of_response,
    findings_of_silence,
    findings_of_standings,
    findings_of_trends,
)

MODULE = {"module": "Họp", "item": "useful"}
SCALE = {"steps": 5, "direction": "up"}
COHORTS = {"before": "K3", "after": "K4"}

CHANGE = {
    **MODULE,
    **COHORTS,
    **SCALE,
    "n_before": 41,
    "n_after": 38,
    "mean_before": 3.5,
    "mean_after": 4.0,
    "difference": 0.5,
    "difference_low": 0.1,
    "difference_high": 0.9,
    "p_higher": 0.64,
    "p_higher_low": 0.53,
    "p_higher_high": 0.75,
    "cliffs_delta": 0.28,
    "p_value": 0.01,
    "p_adjusted": 0.03,
    "verdict": "higher",
    "blurred": False,
    "withheld": False,
}
"""A clear change for the better."""
FELL = {"mean_after": 3.0, "p_higher": 0.36, "p_higher_low": 0.25, "p_higher_high": 0.47, "verdict": "lower"}

EFFECT = {
    **MODULE,
    **COHORTS,
    **SCALE,
    "n_before": 41,
    "n_after": 38,
    "mean_before": 3.1,
    "mean_after": 3.7,
    "change": 0.6,
    "controls": 27,
    "expected": 0.2,
    "effect": 0.4,
    "effect_low": 0.05,
    "effect_high": 0.75,
    "shift": 0.45,
    "p_value": 0.01,
    "p_adjusted": 0.03,
    "verdict": "better",
    "blurred": False,
    "withheld": False,
}
"""A revision that did better than what would have come by itself."""
UNCLEAR = {"effect_low": -0.1, "p_value": 0.2, "p_adjusted": 0.2, "verdict": "no clear change"}
HARMED = {"effect": -0.4, "effect_low": -0.75, "effect_high": -0.05, "verdict": "worse"}

TREND = {
    **MODULE,
    "cohorts": 6,
    **SCALE,
    "n": 241,
    "slope": 0.12,
    "slope_low": 0.04,
    "slope_high": 0.2,
    "p_value": 0.01,
    "p_adjusted": 0.03,
    "verdict": "rising",
    "blurred": False,
    "withheld": False,
}
"""Ratings that get better from cohort to cohort."""
FALLING = {"slope": -0.12, "slope_low": -0.2, "slope_high": -0.04, "verdict": "falling"}

STANDING = {
    "cohort": "K4",
    **MODULE,
    "cohort_mean": 4.0,
    "from_cohort": -0.6,
    "standing": "worse",
    "modules": 32,
    "direction": "up",
    "blurred": False,
}
"""A module clearly below its cohort."""

RANK = {
    "cohort": "K4",
    **MODULE,
    **SCALE,
    "n": 38,
    "mean": 3.4,
    "rank": 3,
    "rank_low": 1,
    "rank_high": 8,
    "modules": 32,
    "blurred": False,
    "withheld": False,
}
"""A module whose every possible rank is in the worst quarter."""

MEASURE = {
    "cohort": "K4",
    **MODULE,
    **SCALE,
    "people": 38,
    "n": 38,
    "not_attended": 2,
    "blank": 1,
    "counts": [1, 2, 5, 15, 15],
    "mean": 4.08,
    "mean_low": 3.75,
    "mean_high": 4.4,
    "interpolated_median": 4.2,
    "top2_share": 30 / 38,
    "top2_low": 0.64,
    "top2_high": 0.89,
    "bottom2_share": 3 / 38,
    "blurred": False,
    "withheld": False,
}
"""A module that most found good."""

RESPONSE = {"cohort": "K4", "answered": 80, "enrolled": 90, "rate": 80 / 90, "withheld": False}
SILENCE = {
    "cohort": "K4",
    **MODULE,
    **SCALE,
    "n": 80,
    "silent": 10,
    "top2_share": 0.75,
    "top2_if_unhappy": 0.67,
    "top2_if_happy": 0.78,
    "blurred": False,
    "withheld": False,
}

ROWS = {
    "change": CHANGE,
    "effect": EFFECT,
    "trend": TREND,
    "standing": STANDING,
    "rank": RANK,
    "measure": MEASURE,
    "response": RESPONSE,
    "silence": SILENCE,
}

FLOATS = (
    *("expected", "effect", "effect_low", "effect_high", "shift", "slope", "slope_low", "slope_high", "from_cohort"),
    *("top2_if_unhappy", "top2_if_happy", "change", "cohort_mean"),
)
TYPES = {**MEASURES, **CHANGES, **dict.fromkeys(FLOATS, pl.Float64()), "enrolled": pl.Int64()}


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    """Rows of one kind, in the types in which they come."""
    made = pl.DataFrame(rows, infer_schema_length=None)
    return made.cast({name: dtype for name, dtype in TYPES.items() if name in made.columns})


def findings(kind: str, *rows: dict[str, Any]) -> list[Finding]:
    """What is found in rows of a kind."""
    shown = frame(*rows)
    match kind:
        case "change":
            return findings_of_changes(shown)
        case "effect":
            return findings_of_effects(shown)
        case "trend":
            return findings_of_trends(shown)
        case "standing":
            return findings_of_standings(shown, frame(*(_measured(row) for row in rows)))
        case "rank":
            return findings_of_ranks(shown)
        case "measure":
            return findings_of_measures(shown)
        case "response":
            return findings_of_response(shown)
        case "silence":
            return findings_of_silence(shown)
    raise AssertionError(kind)


def finding(kind: str, **other: Any) -> Finding:
    """What is found in the usual row of a kind in which something is otherwise."""
    [found] = findings(kind, {**ROWS[kind], **other})
    return found


def _measured(standing: dict[str, Any]) -> dict[str, Any]:
    keys = {key: standing[key] for key in ("cohort", "module", "item")}
    return {**MEASURE, **keys, "withheld": standing["standing"] == "too few"}
