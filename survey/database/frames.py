"""Rows -> Polars: the only SQL of the project that becomes frames.

The database itself gathers each column into one JSON array, so that a result is one row of a few texts whatever its
length, and no row becomes a Python object. The texts come through the connections that everything else uses. A second
copy of SQLite in this process (the ADBC driver brings its own) would drop the recorder's locks when it closes the file,
and another process could then write over an acknowledged answer: tests/database/test_frames.py shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
import polars as pl

from survey.tables import FrozenCount

FROZEN: pl.Schema = pl.Schema(
    {
        "programme": pl.String(),
        "cohort": pl.String(),
        "class": pl.String(),
        "component": pl.String(),
        "module": pl.String(),
        "version": pl.Int64(),
        "item": pl.String(),
        "step": pl.Int16(),
        "n": pl.Int64(),
    }
)
"""`analytics.COUNTS` with programme, class and module version beside it; the whole course has no module (null)."""

TAUGHT: pl.Schema = pl.Schema(
    {
        "cohort": pl.String(),
        "cohort_position": pl.Int64(),
        "lesson": pl.String(),
        "component": pl.String(),
        "component_position": pl.Int64(),
        "component_names": pl.String(),
        "module": pl.String(),
        "position": pl.Int64(),
        "version": pl.Int64(),
        "titles": pl.String(),
    }
)
"""A row per lesson; names and titles are JSON texts, a text per language."""


COHORTS: pl.Schema = pl.Schema(
    {
        "id": pl.Int64(),
        "key": pl.String(),
        "names": pl.String(),
        "programme": pl.Int64(),
        "unit": pl.Int64(),
        "starts_on": pl.String(),
        "ends_on": pl.String(),
        "enrolled": pl.Int64(),
        "evaluation": pl.Int64(),
        "state": pl.String(),
        "questionnaire": pl.Int64(),
        "closes_at": pl.String(),
        "purpose": pl.String(),
        "share": pl.Int64(),
        "lessons": pl.Int64(),
        "days": pl.Int64(),
        "answered": pl.Int64(),
        "invalid": pl.Int64(),
    }
)
"""A row per cohort and evaluation of it (none: null); dates and moments are ISO texts."""

COUNTED = """
    SELECT programme.key AS programme, cohort.key AS cohort, "class".key AS "class",
           frozen_count.component, frozen_count.module, module_version.number AS version,
           frozen_count.item, frozen_count.step, frozen_count.n
    FROM frozen_count
    JOIN evaluation ON evaluation.id = frozen_count.evaluation
    JOIN cohort ON cohort.id = evaluation.cohort
    JOIN programme ON programme.id = cohort.programme
    JOIN "class" ON "class".id = frozen_count.course_class
    LEFT JOIN module_version ON module_version.id = frozen_count.module_version
    WHERE evaluation.state = 'sealed' AND evaluation.id IN [ids]
"""

LESSONS = """
    SELECT cohort.key AS cohort, cohort.position AS cohort_position, lesson.key AS lesson,
           component.key AS component, component.position AS component_position,
           CAST(component.names AS TEXT) AS component_names,
           module.key AS module, module.position,
           module_version.number AS version, CAST(module_version.titles AS TEXT) AS titles
    FROM lesson
    JOIN cohort ON cohort.id = lesson.cohort
    JOIN module_version ON module_version.id = lesson.module_version
    JOIN module ON module.id = module_version.module
    JOIN component ON component.id = module.component
    WHERE cohort.id IN [ids]
    ORDER BY component.position, module.position, cohort.position, lesson.position
"""

# A cohort may have several evaluations; the one at its end comes last and speaks for it.
ASKED = """
    SELECT cohort.id, cohort.key, CAST(cohort.names AS TEXT) AS names, cohort.programme, cohort.unit,
           CAST(cohort.starts_on AS TEXT) AS starts_on, CAST(cohort.ends_on AS TEXT) AS ends_on,
           (SELECT SUM("class".enrolled) FROM "class" WHERE "class".cohort = cohort.id) AS enrolled,
           evaluation.id AS evaluation, evaluation.state, evaluation.questionnaire,
           CAST(evaluation.closes_at AS TEXT) AS closes_at, evaluation.purpose, evaluation.share,
           (SELECT COUNT(*) FROM lesson WHERE lesson.cohort = cohort.id) AS lessons,
           (SELECT COUNT(DISTINCT lesson.taught_on) FROM lesson WHERE lesson.cohort = cohort.id
            AND CAST(lesson.taught_on AS TEXT) BETWEEN
                COALESCE(SUBSTR(CAST(evaluation.opens_at AS TEXT), 1, 10), '')
                AND COALESCE(CAST(evaluation.closes_at AS TEXT), '9')) AS days,
           COALESCE(
               sealed_ratings.responses,
               (SELECT COUNT(*) FROM response WHERE response.evaluation = evaluation.id)
           ) AS answered,
           sealed_ratings.invalid
    FROM cohort
    LEFT JOIN evaluation ON evaluation.cohort = cohort.id AND evaluation.purpose IN ('end_of_course', 'daily')
    LEFT JOIN sealed_ratings ON sealed_ratings.evaluation = evaluation.id
    WHERE cohort.programme IN [ids]
    ORDER BY cohort.programme, cohort.position, evaluation.purpose = 'end_of_course'
"""


async def asked_cohorts(programmes: Sequence[int]) -> pl.DataFrame:
    """The cohorts of these programmes, oldest first, with how many answered (columns of `COHORTS`)."""
    return await _frame(ASKED, programmes, COHORTS)


async def frozen_counts(evaluations: Sequence[int]) -> pl.DataFrame:
    """The frozen counts of these evaluations (columns of `FROZEN`); those that are not sealed have none to show."""
    counts = await _frame(COUNTED, evaluations, FROZEN)
    return counts.with_columns(pl.col("component", "module").replace({"": None}))


async def taught_modules(cohorts: Sequence[int]) -> pl.DataFrame:
    """What was taught to these cohorts, in the order of the curriculum (columns of `TAUGHT`)."""
    return await _frame(LESSONS, cohorts, TAUGHT)


async def _frame(select: str, ids: Sequence[int], schema: pl.Schema) -> pl.DataFrame:
    """The rows of a SELECT as a frame; the ids are bound to places in its text, never written into it."""
    gather = "json_agg" if FrozenCount._meta.db.engine_type == "postgres" else "json_group_array"
    columns = ", ".join(f'{gather}("{name}") AS "{name}"' for name in schema)
    places = "(" + (", ".join(["{}"] * len(ids)) or "NULL") + ")"
    [row] = await FrozenCount.raw(f"SELECT {columns} FROM ({select}) AS rows".replace("[ids]", places), *ids)
    return pl.DataFrame(
        [pl.Series(name, _decoder(dtype).decode(row[name] or "[]"), dtype=dtype) for name, dtype in schema.items()]
    )


@cache
def _decoder(dtype: pl.DataType) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(list[str | None] if dtype == pl.String else list[int | None])
