"""How many people it takes before something is shown: numbers of a policy, given to the functions that withhold."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

FEWEST_THAT_HIDE_ANYBODY: Final = 3
"""Of two people each knows the other's answer by their own (threshold rule; Hundepool et al., Statistical Disclosure
Control, Wiley 2012, section 4.2)."""

UNANIMOUS_BELOW: Final = 30
"""The policy's, and the default of every function that blurs: see `Policy.unanimous_below`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The smallest groups, in people. Raises `ValueError` where such numbers would protect nobody.

    - `smallest_group`: for numbers. A cell is shown if it and its complement reach it;
    - `smallest_group_for_lecturers`, `smallest_group_for_comments`: for what is said of one person, and for texts, by
      whose manner somebody is soon recognised among fewer;
    - `few`: numbers of fewer people are shown, and marked as few;
    - `unanimous_below`: with fewer people than these, a cell in which all said the same (or all but one) is shown
      blurred (`blurring`); 0 for never. What is blurred is one rating, a doubt of 1 / n for everybody: from thirty
      people on it is less than one in thirty and protects nobody, so exact numbers cost nothing more.
    """

    smallest_group: int = 5
    smallest_group_for_lecturers: int = 10
    smallest_group_for_comments: int = 10
    few: int = 10
    unanimous_below: int = UNANIMOUS_BELOW

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int):
                raise ValueError(f"The policy's {field.name!r} must be a whole number of people, not {value!r}.")
        self._refuse_what_protects_nobody()

    def _refuse_what_protects_nobody(self) -> None:
        if self.smallest_group < FEWEST_THAT_HIDE_ANYBODY:
            raise ValueError(
                f"The policy's 'smallest_group' must be {FEWEST_THAT_HIDE_ANYBODY} or more, not {self.smallest_group}: "
                "of two people each knows the other's answer."
            )
        for name in ("smallest_group_for_lecturers", "smallest_group_for_comments", "few"):
            if getattr(self, name) < self.smallest_group:
                raise ValueError(
                    f"The policy's {name!r} must not be below the smallest group for numbers, {self.smallest_group}."
                )
        if self.unanimous_below and self.unanimous_below <= self.smallest_group:
            raise ValueError(
                f"The policy's 'unanimous_below' must be 0 (never) or above the smallest group, {self.smallest_group}: "
                "smaller groups are withheld already."
            )
