"""Figures of the results pages as JSON, made in a thread when a figure comes into view."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import plotly.graph_objects as go
import polars as pl
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath, FromQuery

from analytics import by_need_of_revision
from dashboards import distribution_figure, dumbbell_figure, trend_figure
from survey.people.guards import signed_in
from survey.problems import Problem, Refusal
from survey.results import comparison_page, modules_page
from survey.results.access import SeenCohort, SeenProgramme
from survey.results.cohorts import CohortResults
from survey.results.module_page import history, module_named
from survey.results.questions import module_items
from survey.results.reading import frames_of
from survey.results.speaking import language_for, step_labels
from survey.web.languages import in_language, translator


@get("/cohorts/{cohort_id:int}/figures/distribution.json", guards=[signed_in])
async def distribution(request: Request, sealed: NamedDependency[SeenCohort], item: FromQuery[str] = "") -> Response:
    """How the ratings of each module of a cohort are spread, in the order of the table."""
    language = language_for(request)
    frames = await frames_of([sealed.cohort])
    shown = modules_page.chosen_item(module_items(sealed.cohort.asked.form), item)

    def drawn() -> go.Figure:
        said = modules_page.measured(frames.counts, sealed.cohort, [shown])
        rows = modules_page.module_rows(sealed.alone(), frames, said, {}, shown, language)
        return distribution_figure(
            by_need_of_revision(rows),
            step_labels=step_labels(shown, language),
            translate=translator(language),
            language=language,
            label="title",
        )

    return await _answer(drawn)


@get("/cohorts/{cohort_id:int}/modules/{key:str}/figures/means.json", guards=[signed_in])
async def means(
    request: Request, sealed: NamedDependency[SeenCohort], key: FromPath[str], item: FromQuery[str] = ""
) -> Response:
    """A module over the cohorts, with a line where its version changed."""
    language = language_for(request)
    cohorts = sealed.programme.sealed
    frames = await frames_of(cohorts)
    module_named(frames.taught, sealed.cohort.key, key, language)
    shown = modules_page.chosen_item(module_items(sealed.cohort.asked.form), item)

    def drawn() -> go.Figure:
        rows = history(cohorts, frames.counts, frames.taught, key, shown)
        return trend_figure(
            rows.with_columns(name=_names(cohorts, language)),
            translate=translator(language),
            language=language,
            label="name",
            version="version",
        )

    return await _answer(drawn)


@get("/programmes/{programme_id:int}/figures/dumbbell.json", guards=[signed_in])
async def dumbbell(
    request: Request,
    programme: NamedDependency[SeenProgramme],
    before: FromQuery[int | None] = None,
    after: FromQuery[int | None] = None,
    item: FromQuery[str] = "",
) -> Response:
    """Two cohorts, module by module, in the order of the table."""
    language = language_for(request)
    old, new = comparison_page.chosen_cohorts(programme, before, after)
    if old.id == new.id:
        raise Problem(Refusal.wrong_request)
    shown = modules_page.chosen_item(comparison_page.shared_items(old, new), item)
    frames = await frames_of([old, new])

    def drawn() -> go.Figure:
        figure = dumbbell_figure(
            comparison_page.changes(frames.counts, frames.taught, old.key, new.key, shown, language),
            before=in_language(old.names, language),
            after=in_language(new.names, language),
            translate=translator(language),
            language=language,
            label="title",
        )
        # The table begins with the largest fall; the figure, turned upside down, does so too.
        bottom, top = figure.layout.yaxis.range
        last = len(figure.layout.annotations) - 1
        return figure.update_yaxes(range=[last - bottom, last - top])

    return await _answer(drawn)


def _names(cohorts: list[CohortResults], language: str) -> pl.Expr:
    return pl.col("cohort").replace({cohort.key: in_language(cohort.names, language) for cohort in cohorts})


async def _answer(drawn: Callable[[], go.Figure]) -> Response:
    """The figure as JSON, made in a thread: trainees' saves wait for nobody's chart."""
    text = await asyncio.to_thread(lambda: drawn().to_json())
    return Response(text.encode(), media_type=MediaType.JSON)
