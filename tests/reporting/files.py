"""Small files to report on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np


def wide(*ratings, header="Module,Q1"):
    return "\n".join([header, *(f"Họp,{rating}" for rating in ratings)]) + "\n"


def course(cohorts: Mapping[str, Mapping[str, Sequence[int]]]) -> str:
    """A row per rating: of each module in each cohort how many gave 1, 2, 3, ..."""
    rows = [
        f'{cohort},"{module}",{step}'
        for cohort, modules in cohorts.items()
        for module, counts in modules.items()
        for step, n in enumerate(counts, start=1)
        for _ in range(n)
    ]
    return "\n".join(["k,cd,q", *rows]) + "\n"


COURSE = ("--cohort", "k", "--module", "cd", "--items", "q", "--steps", "1-5")


def drawn(quality: float, *, people: int = 60, seed: int) -> list[int]:
    """What people of one cohort give a module of this quality."""
    ratings = np.random.default_rng(seed).normal(quality, 0.8, people)
    return np.bincount(np.clip(np.rint(ratings), 1, 5).astype(int), minlength=6)[1:].tolist()


def programme(modules: int = 12, *, cohort: int, lift: float = 0.0) -> dict[str, list[int]]:
    """Modules of different quality; the first of them a little better than it was, if it was lifted."""
    return {f"CĐ{i}": drawn(3.2 + i / 15 + (lift if i == 0 else 0), seed=1000 * cohort + i) for i in range(modules)}
