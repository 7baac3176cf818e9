"""The pages of results in a real browser: axe, phones, paper, charts under the strict policy, and their weight."""

from __future__ import annotations

import pytest

from survey.tables import ModuleVersion
from tests.browser import LAPTOP, PHONE, cut_off_names, scrolls_sideways, small_targets, violations
from tests.offices import office, windows
from tests.results.school import FAIR, GOOD, POOR, results_school

pytestmark = pytest.mark.browser

PAGES = {
    "entrance": "/",
    "home": "/",
    "D1": "/cohorts/2",
    "D2": "/cohorts/2/modules/03",
    "H1": "/programmes/1",
    "H2": "/programmes/1/compare",
    "H2 of one cohort": "/programmes/1/compare?before=2&after=2",
    "waiting": "/cohorts/3",
}
LONG = dict.fromkeys(("vi", "en"), "Cải cách thủ tục hành chính, một cửa liên thông")


async def _fill():
    """Two sealed cohorts and an open one."""
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR, "04": [0, 0, 1, 2, 1]})
    said = {"picked": {"03": 12}, "comments": [("03", "Cần thêm thực hành.")], "course": {"objectives": GOOD}}
    now = {"01": GOOD, "02": FAIR, "03": GOOD, "04": [0, 0, 3, 4, 1]}
    await school.sealed("k2", now, versions={"03": 2}, **said)
    await school.opened("k3", answered=4)
    await ModuleVersion.update({ModuleVersion.titles: LONG}).where(ModuleVersion.module == school.modules["02"].id)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with office(tmp_path_factory.mktemp("results"), _fill) as service:
        yield service


@pytest.fixture
def visit(browser, service):
    address, cookie, _ = service
    with windows(browser, address) as opener:

        def visit(name, *, language="vi", **window):
            stranger = name == "entrance"
            path = f"{PAGES[name]}{'&' if '?' in PAGES[name] else '?'}lang={language}"
            return opener(path, cookie=None if stranger else cookie, **window)

        yield visit


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit, name, language, scheme):
    assert violations(visit(name, language=language, color_scheme=scheme, **LAPTOP)) == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_tables_scroll_inside_and_the_page_does_not(visit, name):
    page = visit(name, **PHONE)
    assert not scrolls_sideways(page)
    assert violations(page) == []
    regions = page.locator(".table").all()
    assert [
        one for one in regions if one.get_attribute("role") != "region" or one.get_attribute("tabindex") != "0"
    ] == []


@pytest.mark.parametrize("name", PAGES)
def test_targets_are_large_enough_for_a_pointer(visit, name):
    assert small_targets(visit(name, **LAPTOP), 24) == []


@pytest.mark.parametrize("name", ["D1", "D2", "H2"])
def test_a_figure_is_drawn_when_it_comes_into_view_and_not_before(visit, name):
    page = visit(name, java_script_enabled=True, viewport={"width": 800, "height": 300})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(300)
    assert not [url for url in asked if "plotly" in url]
    page.locator("figure").scroll_into_view_if_needed()
    page.wait_for_selector("figure .main-svg")
    assert len([url for url in asked if "plotly" in url]) == 1


@pytest.mark.parametrize("name", ["D1", "H2"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_phone_no_name_in_a_figure_is_cut_off(visit, name, language):
    page = visit(name, language=language, **PHONE)
    page.locator("figure").scroll_into_view_if_needed()
    assert cut_off_names(page) == []


@pytest.mark.parametrize("name", ["D1", "D2", "H2"])
def test_without_scripts_the_table_stands_there_and_says_so(visit, name):
    page = visit(name, language="en", java_script_enabled=False, **LAPTOP)
    assert page.locator("table").count() >= 1
    said = page.locator("figure").inner_text()
    assert "The table shows the same numbers as this chart. The chart itself needs scripts." in said


def test_before_it_is_drawn_a_chart_asks_for_no_scripts_where_there_are_some(visit):
    said = visit("D1", language="en", viewport={"width": 800, "height": 300}).locator("figure").inner_text()
    assert "The table shows the same numbers as this chart." in said
    assert "scripts" not in said


@pytest.mark.parametrize("name", ["D1", "D2", "H1", "H2"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_laptop_no_table_is_cut_off(visit, name, language):
    tables = visit(name, language=language, **LAPTOP).locator(".table")
    assert tables.count() >= 1
    assert tables.evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)") == [0] * tables.count()


@pytest.mark.parametrize("window", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_pairs_of_means_are_wide_enough_to_be_told_apart(visit, window):
    pairs = visit("H2", **window).locator("svg.pair")
    assert min(pairs.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")) >= 160


def test_intervals_take_the_colour_of_the_dark_scheme(visit):
    page = visit("D2", color_scheme="dark", **LAPTOP)
    points = page.locator(".history svg circle")
    assert points.count() >= 1
    assert set(points.evaluate_all("all => all.map(one => getComputedStyle(one).fill)")) == {"rgb(143, 193, 234)"}


def test_on_paper_the_small_print_is_smaller_than_the_number_it_explains(visit):
    page = visit("H1", **LAPTOP)
    page.emulate_media(media="print")
    sizes = """all => all.map(one => [one, one.parentElement].map(of => parseFloat(getComputedStyle(of).fontSize)))"""
    small = page.locator("small").evaluate_all(sizes)
    assert small
    assert [pair for pair in small if pair[0] >= pair[1]] == []


def test_a_chart_that_cannot_be_loaded_says_so(visit):
    page = visit("D1", language="en", viewport={"width": 800, "height": 300})
    page.route("**/plotly-*", lambda route: route.abort())
    page.locator("figure").scroll_into_view_if_needed()
    page.get_by_text("The chart could not be loaded. The table shows the same numbers.").wait_for()


def test_the_first_view_asks_for_nothing_from_elsewhere(visit, service):
    page = visit("H1", **LAPTOP)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    assert asked
    assert [url for url in asked if not url.startswith(service[0])] == []
