"""A cohort of the real size, 32 modules: at most 20 kB on the wire, and two pages on paper."""

from __future__ import annotations

import re

import pytest

from benchmarks.results import seed_sealed_cohorts, signed_in_as
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.people.sessions import COOKIE
from survey.settings import Settings
from survey.tables import Role
from tests.browser import LAPTOP, run
from tests.server import running_gopy

pytestmark = pytest.mark.browser
MOST_BYTES = 20_000


async def _fill(settings: Settings) -> str:
    async with connected(settings.database):
        await migrate()
        await seed_sealed_cohorts(4)
        return await signed_in_as(Role.administrator, settings)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = tmp_path_factory.mktemp("results")
    settings = Settings(data=str(folder))
    cookie = run(_fill(settings))
    with running_gopy(settings.database, folder) as server:
        yield server.address, cookie


@pytest.fixture
def page(browser, service):
    address, cookie = service
    context = browser.new_context(base_url=address, **LAPTOP)
    context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/cohorts/4", "/cohorts/4/modules/07", "/programmes/1", "/programmes/1/compare"])
def test_the_first_view_weighs_at_most_20_kilobytes(page, path):
    weights = {}

    def weigh(request):
        sizes = request.sizes()
        weights[request.url] = sizes["responseBodySize"] + sizes["responseHeadersSize"]

    page.on("requestfinished", weigh)
    page.goto(path, wait_until="networkidle")
    assert len(weights) >= 3
    assert sum(weights.values()) <= MOST_BYTES, weights


@pytest.mark.parametrize(("path", "most"), [("/cohorts/4", 2), ("/programmes/1", 1)])
def test_it_prints_on_two_pages_and_the_head_s_page_on_one(page, path, most):
    page.goto(path)
    paper = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", paper)) <= most
