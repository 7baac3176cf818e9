"""Did the revision work: how often a revision without any effect is called one, and which effects are seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from analytics import COUNTS, ITEMS, compare, revision_effects

PAIRS = 1_000
PAIRS_WITH_EFFECT = 200
SHIFTS = (0.2, 0.3, 0.4, 0.5)
STEPS = 5
ITEM = pl.DataFrame({"item": ["useful"], "steps": [STEPS], "direction": ["up"]}, schema=ITEMS)


@dataclass(frozen=True, slots=True)
class World:
    """What a simulated programme is like. Spreads are standard deviations in steps, before rounding to a step.

    `wandering` is how much a module's quality changes from one cohort to the next though nobody revised it.
    """

    people: int = 90
    modules: int = 32
    revised: int = 3
    quality: float = 0.15
    leniency: float = 0.45
    chance: float = 0.7
    wandering: float = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """Counts of two cohorts. The modules `revised` were the worst of the first as observed; one truly `improved`."""

    counts: pl.DataFrame
    revised: list[str]
    improved: str


def bench_effects() -> None:
    """Print the share of verdicts under no effect, beside that of the naive change, and the power."""
    world = World()
    print(
        f"Did the revision work: {PAIRS:,} simulated pairs of cohorts of {world.people}, {world.modules} modules, "
        f"the {world.revised} worst as observed revised without effect"
    )
    pairs = list(simulated_pairs(PAIRS, world, seed=1))
    said, naive = verdicts(pairs), naive_changes(pairs)
    called = said["verdict"].is_in(["better", "worse"]).mean()
    better = (said["verdict"] == "better").mean()
    print(f"  called better or worse: {100 * called:4.1f} % (target at most 5 %), better: {100 * better:.1f} %")
    print(f"  p below 0.05 before the correction for several tests: {100 * (said['p_value'] < 0.05).mean():.1f} %")
    risen = (naive["difference_low"] > 0).mean()
    fallen = (naive["difference_high"] < 0).mean()
    print(
        f"  naive change instead: {100 * (risen + fallen):4.1f} % leave out 0, {100 * risen:.1f} % as better; "
        f"mean change {naive['difference'].mean():+.3f} steps (regression to the mean), "
        f"mean effect {said['effect'].mean():+.3f}"
    )
    for shift in SHIFTS:
        pairs = list(simulated_pairs(PAIRS_WITH_EFFECT, world, seed=2, shift=shift))
        planted = verdicts(pairs).filter("improved")
        seen = (planted["verdict"] == "better").mean()
        print(
            f"  planted +{shift} steps: {100 * seen:5.1f} % called better, "
            f"mean effect {planted['effect'].mean():+.2f}, smallest that would be seen {planted['shift'].mean():.2f}"
        )


def simulated_pairs(pairs: int, world: World, *, seed: int, shift: float = 0.0) -> Iterator[Pair]:
    """Pairs of cohorts; one of the revised modules improves by `shift` steps before rounding, the others do not."""
    random = np.random.default_rng(seed)
    names = np.array([f"{number:02}" for number in range(1, world.modules + 1)])
    for _ in range(pairs):
        quality = random.normal(4.0, world.quality, world.modules)
        before = _step_counts(random, quality, world)
        worst = (before @ np.arange(1, STEPS + 1)).argsort()[: world.revised]
        improved = random.choice(worst)
        later = quality + random.normal(0, world.wandering, world.modules)
        later[improved] += shift
        after = _step_counts(random, later, world)
        counts = pl.concat([_frame("before", names, before), _frame("after", names, after)])
        yield Pair(counts, names[worst].tolist(), str(names[improved]))


def verdicts(pairs: list[Pair]) -> pl.DataFrame:
    """What `revision_effects` says of every pair, a call each, as a page would make it."""
    return pl.concat(
        revision_effects(pair.counts, ITEM, before="before", after="after", revised=pair.revised).with_columns(
            improved=pl.col("module") == pair.improved
        )
        for pair in pairs
    )


def naive_changes(pairs: list[Pair]) -> pl.DataFrame:
    """What somebody sees who looks at the revised modules alone: their change, with Welch's interval."""
    revised = [
        pair.counts.filter(pl.col("module").is_in(pair.revised)).with_columns(module=f"{place}/" + pl.col("module"))
        for place, pair in enumerate(pairs)
    ]
    return compare(pl.concat(revised), ITEM, before="before", after="after")


def _step_counts(random: np.random.Generator, quality: np.ndarray, world: World) -> np.ndarray:
    """How many chose each step, a row per module."""
    people = random.normal(0, world.leniency, (world.people, 1))
    latent = quality + people + random.normal(0, world.chance, (world.people, world.modules))
    ratings = np.clip(np.rint(latent), 1, STEPS)
    return np.stack([(ratings == step).sum(axis=0) for step in range(1, STEPS + 1)], axis=1)


def _frame(cohort: str, names: np.ndarray, counts: np.ndarray) -> pl.DataFrame:
    columns = {
        "cohort": [cohort] * counts.size,
        "component": ["1"] * counts.size,
        "module": names.repeat(STEPS),
        "item": ["useful"] * counts.size,
        "step": np.tile(np.arange(1, STEPS + 1), len(names)),
        "n": counts.ravel(),
    }
    return pl.DataFrame(columns, schema=COUNTS)
