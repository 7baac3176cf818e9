"""The web service: settings in, a Litestar application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import jinja2
from litestar import Litestar
from litestar.datastructures import CacheControlHeader
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response.file import ASGIFileResponse
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig

from survey.answering.controller import answering
from survey.answering.crowds import Throttle
from survey.answering.evaluations import OpenEvaluations
from survey.answering.sealing import finish_sealing
from survey.database.engines import connected
from survey.database.recorder import Recorder
from survey.people.controller import people
from survey.people.sessions import know_the_account
from survey.planning.controller import planning
from survey.planning.live import LiveCounts
from survey.problems import HANDLERS
from survey.results.controller import results
from survey.settings import Settings
from survey.web.health import alive, ready
from survey.web.security import HEADERS

HERE = Path(__file__).parent
TEMPLATES = [
    HERE / "web/templates",
    HERE / "answering/templates",
    HERE / "people/templates",
    HERE / "planning/templates",
    HERE / "results/templates",
]


AN_HOUR = CacheControlHeader(max_age=3600, public=True)


@cache
def templates() -> JinjaTemplateEngine:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return JinjaTemplateEngine.from_environment(environment)


async def with_security_headers(file: ASGIFileResponse) -> ASGIFileResponse:
    """Litestar leaves the application's own headers off static files."""
    for header in HEADERS:
        file.headers.setdefault(header.name, str(header.value))
    return file


def create_app(settings: Settings) -> Litestar:
    """The application; its database is opened and its recorder started when it starts, and drained when it stops."""
    engine = templates()

    @asynccontextmanager
    async def running(app: Litestar) -> AsyncIterator[None]:
        async with (
            connected(settings.database),
            Recorder(batch_limit=settings.batch_limit, queue_limit=settings.queue_limit) as recorder,
        ):
            app.state.recorder = recorder
            app.state.evaluations = OpenEvaluations(settings, engine.engine)
            app.state.throttle = Throttle()
            await finish_sealing()
            try:
                yield
            finally:
                await app.state.live_counts.close()

    app = Litestar(
        route_handlers=[
            alive,
            ready,
            answering,
            people,
            planning,
            results,
            create_static_files_router(
                path="/static",
                directories=[HERE / "web/static"],
                cache_control=AN_HOUR,
                after_request=with_security_headers,
            ),
        ],
        lifespan=[running],
        template_config=TemplateConfig(instance=engine),
        exception_handlers=HANDLERS,
        response_headers=HEADERS,
        middleware=[know_the_account],
        request_max_body_size=settings.body_limit,
        openapi_config=None,
    )
    app.state.settings = settings
    app.state.live_counts = LiveCounts()
    app.state.templates = engine.engine
    return app
