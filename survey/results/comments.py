"""What trainees wrote about modules: how many comments there are, and those that hold the words somebody looks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl

from analytics import folded
from survey.forms.shape import Form
from survey.results.access import SeenCohort
from survey.results.questions import module_comments
from survey.tables import Comment


async def comments_per_module(seen: SeenCohort, taught: pl.DataFrame) -> dict[str, int]:
    """Key of a module -> how many comments this cohort wrote about it."""
    asked = seen.cohort.asked
    modules = _modules_of_places(asked.form, _own(seen, taught))
    places = await Comment.select(Comment.place).where(Comment.evaluation == asked.evaluation)
    return dict(Counter(modules[row["place"]] for row in places if row["place"] in modules))


async def module_texts(seen: SeenCohort, taught: pl.DataFrame, module: str) -> list[str]:
    """The comments of a cohort about a module, in the order of their keys, which are random."""
    asked = seen.cohort.asked
    places = [place for place, of in _modules_of_places(asked.form, _own(seen, taught)).items() if of == module]
    if not places:
        return []
    rows = (
        await Comment.select(Comment.text)
        .where(Comment.evaluation == asked.evaluation, Comment.place.is_in(places))
        .order_by(Comment.key)
    )
    return [row["text"] for row in rows]


def with_words(texts: Iterable[str], query: str) -> list[str]:
    """The texts with every word of the query, whatever case and diacritics: "thuc hanh" finds "Thực hành"."""
    words = folded(query).split()
    return [text for text in texts if all(word in folded(text) for word in words)]


def _modules_of_places(form: Form, taught: pl.DataFrame) -> dict[str, str]:
    """Name of the place of a comment -> key of the module. Places are named by lesson (survey/forms/places.py)."""
    lessons = taught.select("lesson", "module").rows()
    return {f"{lesson}.{item.key}": module for lesson, module in lessons for item in module_comments(form)}


def _own(seen: SeenCohort, taught: pl.DataFrame) -> pl.DataFrame:
    return taught.filter(pl.col("cohort") == seen.cohort.key)
