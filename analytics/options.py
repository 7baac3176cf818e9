"""Options with which nothing can be counted, refused in the same words wherever they are given."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def refuse_strange_options(*, smallest_group: int = 0, confidence: float = 0.5, unanimous_below: int = 0) -> None:
    """Raises `ValueError` for groups below 0 people (0 withholds or blurs nothing), or a `confidence` that is none."""
    if smallest_group < 0:
        raise ValueError(f"The option 'smallest_group' must be 0 or more people, not {smallest_group}.")
    if unanimous_below < 0:
        raise ValueError(f"The option 'unanimous_below' must be 0 (never) or more people, not {unanimous_below}.")
    refuse_no_share("confidence", confidence)


def refuse_no_share(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise ValueError(f"The option {name!r} must lie between 0 and 1, not be {value}.")


def refuse_strange_keys(by: Sequence[str], *, taken: Iterable[str]) -> None:
    """Raises `ValueError` where a key is named twice, or is called like a column that is `taken` by what comes out."""
    if isinstance(by, str):
        raise ValueError(f"The option 'by' is the single text {by!r}: give a list of columns.")
    twice = [name for place, name in enumerate(by) if name in by[:place]]
    if twice:
        raise ValueError(f"The option 'by' names {twice[0]!r} more than once: name each column once.")
    both = [name for name in by if name in set(taken)]
    if both:
        raise ValueError(f"The key {both[0]!r} is called like a column that is made here: give it another name.")


def refuse_strange_cohorts(cohorts: Sequence[str]) -> None:
    """Raises `ValueError` where these are no cohorts in their order in time, each once."""
    if isinstance(cohorts, str):
        raise ValueError(f"The option 'cohorts' is the single text {cohorts!r}: give a list of cohorts.")
    twice = [name for place, name in enumerate(cohorts) if name in cohorts[:place]]
    if twice:
        raise ValueError(
            f"The option 'cohorts' names {twice[0]!r} more than once: name each cohort once, in the order of time."
        )
