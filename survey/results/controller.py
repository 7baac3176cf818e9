"""Results for staff: programmes, modules of a cohort, one module, the head's page, two cohorts compared."""

from __future__ import annotations

import asyncio

from litestar import Request, Router, get
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, FromQuery
from litestar.response import Template

from survey.database.reading import one_moment
from survey.people.guards import signed_in
from survey.problems import Refusal
from survey.results import assets, figures
from survey.results.access import SeenCohort, SeenProgramme, sealed_cohort, seen_cohort, seen_programme, seen_programmes
from survey.results.comments import comments_per_module, module_texts, with_words
from survey.results.comparison_page import chosen_cohorts, comparison_page, same_cohort_twice
from survey.results.module_page import may_read_comments, module_page
from survey.results.modules_page import Filters, modules_page
from survey.results.packing import packed_pages
from survey.results.programme_page import programme_page
from survey.results.reading import frames_of
from survey.results.speaking import language_for, results_page


@get("/")
async def home(request: Request) -> Template:
    """The programmes and cohorts that somebody may see; for a stranger, where a code is typed in."""
    if request.user is None:
        return results_page(request, "entrance.html")
    return results_page(request, "home.html", programmes=await seen_programmes(request))


@get("/cohorts/{cohort_id:int}", guards=[signed_in])
async def modules_of_cohort(
    request: Request,
    seen: NamedDependency[SeenCohort],
    item: FromQuery[str] = "",
    component: FromQuery[str] = "",
    few: FromQuery[bool] = False,
    revised: FromQuery[bool] = False,
) -> Template:
    """D1: the modules of a cohort in the order in which they need revising."""
    if not seen.cohort.sealed:
        return waiting_page(request, seen)
    async with one_moment():
        frames = await frames_of(seen.both())
        comments = await comments_per_module(seen, frames.taught)
    filters = Filters(item=item, component=component, few=few, revised=revised)
    context = await asyncio.to_thread(modules_page, seen, frames, comments, filters, language_for(request))
    return results_page(request, "modules.html", seen=seen, **context)


@get("/cohorts/{cohort_id:int}/modules/{key:str}", guards=[signed_in])
async def one_module(
    request: Request,
    seen: NamedDependency[SeenCohort],
    key: FromPath[str],
    item: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Template:
    """D2: one module: its ratings, how it did over the cohorts, and what was written about it."""
    if not seen.cohort.sealed:
        return waiting_page(request, seen)
    async with one_moment():
        frames = await frames_of(seen.programme.sealed)
    context = await asyncio.to_thread(module_page, seen, frames, key, item, language_for(request))
    reads = may_read_comments(request.user)
    texts = await module_texts(seen, frames.taught, key) if reads and context["enough_for_comments"] else []
    found = {"texts": with_words(texts, q), "total": len(texts), "q": q, "reads_comments": reads}
    return results_page(request, "module.html", seen=seen, **found, **context)


@get("/programmes/{programme_id:int}", guards=[signed_in])
async def programme_on_one_page(
    request: Request, programme: NamedDependency[SeenProgramme], item: FromQuery[str] = ""
) -> Template:
    """H1: three sentences, and the modules by the cohorts."""
    async with one_moment():
        frames = await frames_of(programme.sealed)
    context = await asyncio.to_thread(programme_page, programme, frames, item, language_for(request))
    return results_page(request, "programme.html", programme=programme, **context)


@get("/programmes/{programme_id:int}/compare", guards=[signed_in])
async def two_cohorts(
    request: Request,
    programme: NamedDependency[SeenProgramme],
    before: FromQuery[int | None] = None,
    after: FromQuery[int | None] = None,
    item: FromQuery[str] = "",
    clear: FromQuery[bool] = False,
) -> Template:
    """H2: two cohorts, module by module, the largest fall first."""
    old, new = chosen_cohorts(programme, before, after)
    if old.id == new.id:
        slip = same_cohort_twice(new, item)
        return results_page(request, "comparison.html", status_code=422, programme=programme, clear=clear, **slip)
    async with one_moment():
        frames = await frames_of([old, new])
    context = await asyncio.to_thread(comparison_page, old, new, frames, item, language_for(request))
    return results_page(request, "comparison.html", programme=programme, clear=clear, **context)


def waiting_page(request: Request, seen: SeenCohort) -> Template:
    """Before sealing: how many have answered, and nothing else."""
    refusal = Refusal.not_sealed
    return results_page(request, "waiting.html", status_code=refusal.status, seen=seen, refusal=refusal)


pages = Router(
    path="/",
    route_handlers=[
        home,
        modules_of_cohort,
        one_module,
        programme_on_one_page,
        two_cohorts,
        figures.distribution,
        figures.means,
        figures.dumbbell,
    ],
    dependencies={
        "seen": Provide(seen_cohort),
        "sealed": Provide(sealed_cohort),
        "programme": Provide(seen_programme),
    },
    middleware=[packed_pages],
)

results = Router(path="/", route_handlers=[pages, assets.packed_asset])
