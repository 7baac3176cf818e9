"""How long a form goes on giving the same answer, for all forms at once."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.persons.forms import Answers, Claims
from analytics.schemas import NOT_ATTENDED

Integers: TypeAlias = NDArray[np.int64]


def longest_runs(answers: Answers, steps: Answers) -> Integers:
    """The longest run of the same rating in each row of `answers` (`forms.answer_matrix`), 0 without a rating.

    What is not a rating is passed over and ends no run. A step is the same only on as many steps: the fifth of five is
    not the fifth of ten. Source: Johnson, J. Research in Personality 2005, "long string" (in R, careless::longstring,
    where a gap ends a run).
    """
    rows, places = answers.shape
    if not places:
        return np.zeros(rows, dtype=np.int64)
    rated = answers > NOT_ATTENDED
    same_scale = answers.astype(np.int32) + steps.astype(np.int32) * 1000
    place = np.where(rated, np.arange(places, dtype=np.int32), -1)
    last = np.maximum.accumulate(place, axis=1)
    before = np.hstack([np.full((rows, 1), -1, dtype=np.int32), last[:, :-1]])
    previous = np.take_along_axis(same_scale, np.maximum(before, 0), axis=1)
    starts = rated & ((before < 0) | (previous != same_scale))
    count = rated.cumsum(axis=1, dtype=np.int32)
    # What had been counted before the run began: the count never falls, so the latest start has the largest.
    earlier = np.maximum.accumulate(np.where(starts, count - 1, 0), axis=1)
    runs: Integers = np.where(rated, count - earlier, 0).max(axis=1).astype(np.int64)
    return runs


def one_answer_throughout(answers: Answers, steps: Answers) -> Claims:
    """Whether all ratings of a row are the same step, within each number of steps; true of a row without a rating."""
    same: Claims = np.ones(len(answers), dtype=np.bool_)
    for length in np.unique(steps):
        part = answers[:, steps == length]
        rated = part > NOT_ATTENDED
        highest = np.where(rated, part, 0).max(axis=1)
        lowest = np.where(rated, part, length + 1).min(axis=1)
        same &= (highest == lowest) | ~rated.any(axis=1)
    return same
