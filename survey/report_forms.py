"""What only whole forms tell, in sentences: how many may be unread, and how far the answers of a form go together."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import polars as pl

from analytics import Shaped
from analytics.persons import careless_forms, cronbach_alpha
from dashboards import numbers
from survey.report_words import FORMS, Translate

FEWEST_RATINGS: Final = 8
"""On shorter forms attentive people too give one answer throughout."""


def about_forms(
    counted: Shaped, *, by_person: bool, smallest_group: int, translate: Translate, language: str
) -> list[str]:
    """Sentences about the forms, none where rows are no forms. `by_person`: the file says who answered each row."""
    if counted.forms is None:
        return []
    places = counted.items.select(pl.col("item").alias("column"), "item", "steps")
    rows = numbers.count(counted.forms.height, language=language)
    taken = translate("Each of the {count} rows is taken as the form of one person.").format(count=rows)
    return [
        *([] if by_person else [taken]),
        *_careless(counted.forms, places, smallest_group, translate, language),
        *_together(counted.forms, places, smallest_group, translate, language),
    ]


def _careless(
    forms: pl.DataFrame, places: pl.DataFrame, smallest_group: int, translate: Translate, language: str
) -> list[str]:
    found = careless_forms(forms, places, smallest_group=smallest_group, fewest_ratings=FEWEST_RATINGS)
    # No share and nobody: there are no such forms in a file of this length.
    told = found.filter(pl.col("withheld") | pl.col("share").is_not_null() | (pl.col("n") > 0))
    lines = [_of_a_kind(row, translate, language) for row in told.iter_rows(named=True)]
    if told["share"].count():
        lines.append(
            translate(
                "None of this proves that nobody read the questions: whoever is content may mean every one of these "
                "answers. All forms are counted."
            )
        )
    return lines


def _of_a_kind(row: dict[str, Any], translate: Translate, language: str) -> str:
    kind = translate(FORMS[row["forms"]]).format(fewest=numbers.count(FEWEST_RATINGS, language=language))
    if row["withheld"]:
        return translate("{kind}: withheld, because they or the others are too few.").format(kind=kind)
    count, share = numbers.count(row["n"], language=language), numbers.share(row["share"], language=language)
    if row["share"] is None:
        return translate("{kind}: {count}.").format(kind=kind, count=count)
    return translate("{kind}: {count} ({share} of the forms that are long enough).").format(
        kind=kind, count=count, share=share
    )


def _together(
    forms: pl.DataFrame, places: pl.DataFrame, smallest_group: int, translate: Translate, language: str
) -> list[str]:
    [found] = cronbach_alpha(forms, places, by=(), smallest_group=smallest_group).rows(named=True)
    if found["alpha"] is None:
        return []
    count = partial(numbers.count, language=language)
    all_complete = translate(
        "Cronbach's alpha of the {items} questions: {alpha} (95% interval {interval}; {people} forms that rate all of "
        "them). It tells how far the answers go together, not that the questions measure one thing."
    )
    some_left_out = translate(
        "Cronbach's alpha of the {items} questions: {alpha} (95% interval {interval}; {people} forms that rate all of "
        "them; {incomplete} that rate only some are left out). It tells how far the answers go together, not that the "
        "questions measure one thing."
    )
    said = some_left_out if found["incomplete"] else all_complete
    return [
        said.format(
            items=count(found["items"]),
            people=count(found["people"]),
            incomplete=count(found["incomplete"]),
            alpha=numbers.number(found["alpha"], language=language),
            interval=numbers.interval(found["alpha_low"], found["alpha_high"], language=language),
        )
    ]
