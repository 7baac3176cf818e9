"""What a questionnaire asked: its rated items as a frame for `analytics`, and which items two questionnaires share."""

from __future__ import annotations

from typing import Literal

import msgspec
import polars as pl

from analytics import ASKED, ITEMS, comparability
from survey.forms.shape import Comment, Form, Pick, Rating, Scale, Section, Words

Reason = Literal["only before", "only after", "wording", "scale", "mode", "no best end"]


class RatedItem(msgspec.Struct, frozen=True):
    """A rating with its scale, and whether it is asked of every module or lesson, or once for the course."""

    key: str
    text: Words
    scale: Scale
    per: Literal["course", "module", "lesson"]

    @property
    def steps(self) -> int:
        return len(self.scale.steps)


class Incomparable(msgspec.Struct, frozen=True):
    """An item of which no change is computed, and why."""

    key: str
    text: Words
    reason: Reason


def rated_items(form: Form) -> list[RatedItem]:
    """Every rated item, in the order in which it was asked."""
    return [
        RatedItem(item.key, item.text, form.scale(item.scale), section.per)
        for section in form.sections
        for item in section.items
        if isinstance(item, Rating)
    ]


def module_items(form: Form) -> list[RatedItem]:
    """The items that were rated module by module; the first speaks for the module where only one can be shown."""
    return [item for item in rated_items(form) if item.per != "course"]


def course_items(form: Form) -> list[RatedItem]:
    return [item for item in rated_items(form) if item.per == "course"]


def picks(form: Form) -> list[Pick]:
    return [item for section in form.sections for item in section.items if isinstance(item, Pick)]


def module_comments(form: Form) -> list[Comment]:
    """The questions that were answered in words, module by module."""
    return [item for section in _of_modules(form) for item in section.items if isinstance(item, Comment)]


def _of_modules(form: Form) -> list[Section]:
    return [section for section in form.sections if section.per != "course"]


def scales_of(items: list[RatedItem]) -> pl.DataFrame:
    """The items as `analytics` wants them (schema ITEMS)."""
    rows = [(item.key, item.steps, item.scale.direction) for item in items]
    return pl.DataFrame(rows, schema=ITEMS, orient="row")


def why_not_compared(before: Form, after: Form, item: str) -> Reason | None:
    """The reason why no change of an item is computed, or none."""
    return next((one.reason for one in incomparable(before, after) if one.key == item), None)


def incomparable(before: Form, after: Form) -> list[Incomparable]:
    """The items of which a change must not be computed, each with its first reason.

    A text or a step that is worded differently is another question: the questionnaire's authors decide by keeping the
    wording, not this page by guessing.
    """
    old, new = rated_items(before), rated_items(after)
    texts = {item.key: item.text for item in (*old, *new)}
    judged = comparability(_asked(old), _asked(new)).filter(~pl.col("comparable"))
    return [Incomparable(key, texts[key], reason) for key, reason in judged.select("item", "reason").iter_rows()]


def _asked(items: list[RatedItem]) -> pl.DataFrame:
    """The items as `comparability` wants them: texts in all languages, and all of a scale, as one text each."""
    rows = [
        (item.key, item.steps, item.scale.direction, _one_text(item.text), item.per, _one_text(item.scale))
        for item in items
    ]
    return pl.DataFrame(rows, schema={**ASKED, "labels": pl.String}, orient="row")


def _one_text(said: Words | Scale) -> str:
    return msgspec.json.encode(said, order="sorted").decode()
