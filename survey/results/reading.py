"""Reads what a page needs from the database, and no more: the counts and lessons of the cohorts that it shows."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from survey.database.frames import frozen_counts, taught_modules
from survey.results.cohorts import CohortResults


class Frames(msgspec.Struct, frozen=True):
    """counts: columns of `frames.FROZEN`; taught: columns of `frames.TAUGHT`, a row per lesson."""

    counts: pl.DataFrame
    taught: pl.DataFrame


async def frames_of(cohorts: Sequence[CohortResults]) -> Frames:
    """Counts and lessons of cohorts whose evaluations are sealed."""
    counts = await frozen_counts([cohort.asked.evaluation for cohort in cohorts if cohort.asked])
    taught = await taught_modules([cohort.id for cohort in cohorts])
    return Frames(counts, taught)
