"""How the demo's trainees answer: a seeded model, the same answers on every machine.

A rating is the module's quality, plus how lenient the person is, plus how much they care for the component, plus
chance, rounded to a step from 1 to 5. Some were not there (single days, or some days in a row), some leave blanks (more
towards the end), some break off, some give one answer to everything. Means lie around 4 as they do where officials rate
their seniors. Which modules truly change, and which does not, stands in `revisions.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from survey.demo.revisions import REVISIONS

# Chosen so that module 12, which does not change, goes up a little from cohort 2 to 3 without being clear.
SEED = 224
STEPS = 5
COURSE_ITEMS = ("objectives", "practice", "apply")
# How each stands to the mean of the modules.
COURSE_QUALITY = np.array([0.2, -0.2, 0.1])
MOST_PICKS = 3
NOT_ATTENDED, BLANK = 0, -1

# Quality of a module before it was revised; the others are drawn.
WEAK_MODULES = {"15": 3.0, "12": 3.35, "22": 3.4}
SHARE_WHO_ANSWER = (0.93, 0.84, 0.89, 0.45)
SHARE_CARELESS = 0.06
SHARE_AWAY_FOR_DAYS = 0.12
SHARE_BREAKING_OFF = 0.04

Steps = npt.NDArray[np.int64]


class Sheet(msgspec.Struct, frozen=True):
    """What one trainee ticks: module or item -> step (0 not attended; blanks are left out), picked modules."""

    trainee: int
    modules: dict[str, int]
    course: dict[str, int]
    revise_first: list[str]
    most_useful: list[str]


def module_quality(modules: Sequence[str], cohort: int) -> npt.NDArray[np.float64]:
    """Where each module stands on the scale, before rounding, for a cohort counted from 1."""
    drawn = np.random.default_rng(SEED).normal(4.0, 0.25, len(modules))
    quality = np.array([WEAK_MODULES.get(key, value) for key, value in zip(modules, drawn, strict=True)])
    for revision in REVISIONS:
        if revision.from_cohort <= cohort:
            quality[list(modules).index(revision.module)] += revision.effect
    return quality


def simulate(modules: Sequence[str], components: Sequence[str], *, cohort: int, trainees: int) -> list[Sheet]:
    """Sheets of those of a cohort who answer.

    modules, components: the key of each module taught, in order, and of its component.
    """
    chance = np.random.default_rng([SEED, cohort])
    answering = np.flatnonzero(chance.random(trainees) < SHARE_WHO_ANSWER[cohort - 1])
    ratings = _module_ratings(chance, module_quality(modules, cohort), components, len(answering))
    course = _course_ratings(chance, ratings)
    careless = chance.random(len(answering)) < SHARE_CARELESS
    _answer_alike(chance, careless, ratings, course)
    liked = ratings + chance.random(ratings.shape) - 0.5
    _stay_away(chance, ratings, ~careless)
    _leave_blank(chance, ratings, course, ~careless)
    return [
        _sheet(chance, int(trainee), modules, ratings[row], course[row], liked[row], careless=bool(careless[row]))
        for row, trainee in enumerate(answering)
    ]


def _module_ratings(
    chance: np.random.Generator, quality: npt.NDArray[np.float64], components: Sequence[str], people: int
) -> Steps:
    leniency = chance.normal(0, 0.45, (people, 1))
    component = np.unique(components, return_inverse=True)[1]
    taste = chance.normal(0, 0.2, (people, component.max() + 1))[:, component]
    return _rounded(quality + leniency + taste + chance.normal(0, 0.7, (people, len(quality))))


def _course_ratings(chance: np.random.Generator, ratings: Steps) -> Steps:
    mean = ratings.mean(axis=1, keepdims=True)
    return _rounded(mean + COURSE_QUALITY + chance.normal(0, 0.6, (len(ratings), len(COURSE_ITEMS))))


def _rounded(latent: npt.NDArray[np.float64]) -> Steps:
    return np.clip(np.rint(latent), 1, STEPS).astype(np.int64)


def _answer_alike(chance: np.random.Generator, careless: npt.NDArray[np.bool_], ratings: Steps, course: Steps) -> None:
    one_answer = chance.choice([3, 4, 5], size=(len(careless), 1), p=[0.1, 0.5, 0.4])
    ratings[careless] = one_answer[careless]
    course[careless] = one_answer[careless]


def _stay_away(chance: np.random.Generator, ratings: Steps, who: npt.NDArray[np.bool_]) -> None:
    """Single days missed, and for some several days in a row."""
    people, modules = ratings.shape
    missed = chance.random(ratings.shape) < 0.02
    first = chance.integers(0, modules, (people, 1))
    length = chance.integers(2, 6, (people, 1)) * (chance.random((people, 1)) < SHARE_AWAY_FOR_DAYS)
    day = np.arange(modules)
    missed |= (day >= first) & (day < first + length)
    ratings[missed & who[:, None]] = NOT_ATTENDED


def _leave_blank(chance: np.random.Generator, ratings: Steps, course: Steps, who: npt.NDArray[np.bool_]) -> None:
    """Skipped questions, from 0.5 % at the beginning to 4 % at the end, and those who break off half-way."""
    people, modules = ratings.shape
    skipped = chance.random(ratings.shape) < np.linspace(0.005, 0.04, modules)
    broke_off = who & (chance.random(people) < SHARE_BREAKING_OFF)
    last = np.where(broke_off, chance.integers(modules // 3, modules, people), modules)
    ratings[(skipped | (np.arange(modules) >= last[:, None])) & who[:, None]] = BLANK
    course[(chance.random(course.shape) < 0.03) & who[:, None]] = BLANK
    course[broke_off] = BLANK


def _sheet(
    chance: np.random.Generator,
    trainee: int,
    modules: Sequence[str],
    ratings: Steps,
    course: Steps,
    liked: npt.NDArray[np.float64],
    *,
    careless: bool,
) -> Sheet:
    """Picks follow the ratings: to revise first among the lowest, most useful among the highest."""
    order = [place for place in np.argsort(liked) if ratings[place] > NOT_ATTENDED]
    low = [modules[place] for place in order if ratings[place] <= 3]
    high = [modules[place] for place in reversed(order) if ratings[place] >= 4]
    broke_off = bool((course == BLANK).all())
    up_to = chance.integers(0, MOST_PICKS + 1, 2) * (not careless and not broke_off)
    return Sheet(
        trainee=trainee,
        modules={key: int(step) for key, step in zip(modules, ratings, strict=True) if step != BLANK},
        course={item: int(step) for item, step in zip(COURSE_ITEMS, course, strict=True) if step != BLANK},
        revise_first=sorted(low[: up_to[0]]),
        most_useful=sorted(high[: up_to[1]]),
    )
