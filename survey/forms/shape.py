"""What a questionnaire is: sections of items, and the scales that ratings use. Data only, frozen."""

from __future__ import annotations

import datetime
from typing import Literal

import msgspec

# A text per language: {"vi": "...", "en": "..."}.
Words = dict[str, str]

# Which end of a scale is good: its last step, its first, or neither ("too little ... too much").
Direction = Literal["up", "down", "middle"]

# How often a section is asked: once for the course, for every module, or for every lesson of the day.
Per = Literal["course", "module", "lesson"]

Purpose = Literal["needs", "daily", "end_of_course", "follow_up", "test"]

NOT_ATTENDED = 0


class Scale(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Steps are worded one by one, from the first (step 1) to the last."""

    key: str
    steps: tuple[Words, ...]
    direction: Direction = "up"
    not_attended: Words | None = None


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    """What every kind of item has. Its kind stands in the definition and tells how it is asked and checked."""

    key: str
    text: Words

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class Rating(Asked, frozen=True, tag="rating"):
    scale: str
    # Kind of thing that is judged (criteria of DOMAIN.md): programme, lecturers, facilities...
    criterion: str = ""


class Choice(Asked, frozen=True, tag="choice"):
    """One of several named options; its answer is the number of the option, counted from 1."""

    options: tuple[Words, ...]


class Comment(Asked, frozen=True, tag="comment"):
    limit: int = 1000


class Pick(Asked, frozen=True, tag="pick"):
    """A few of the modules, named by their keys."""

    up_to: int = 3


Item = Rating | Choice | Comment | Pick


class Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    title: Words
    items: tuple[Item, ...]
    per: Per = "course"


class Policy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Rules that a legal text lays upon counting; they hold from one date to another."""

    legal_basis: Words
    valid_from: datetime.date | None = None
    valid_to: datetime.date | None = None
    # A form with a larger share of its ratings unanswered is invalid: set apart and counted.
    blank_limit: float | None = None


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a questionnaire, whole."""

    key: str
    version: int
    purpose: Purpose
    languages: tuple[str, ...]
    title: Words
    minutes: int
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    policy: Policy | None = None

    def scale(self, key: str) -> Scale:
        return next(scale for scale in self.scales if scale.key == key)


class Offered(msgspec.Struct, frozen=True):
    """A module or lesson as this evaluation offers it. `module` differs from `key` where a module has two lessons."""

    key: str
    module: str
    component: str
    titles: Words
    day: int | None = None
    taught_on: datetime.date | None = None
    lecturers: tuple[str, ...] = ()
