"""Poster, projector and planning pages in a real browser: axe, phones, paper, the live count, and no script needed."""

from __future__ import annotations

import sqlite3

import pytest

from survey.planning.slips import blind_slips, revoke_lot
from survey.tables import ClassLink, CourseClass
from tests.browser import LAPTOP, PHONE, scrolls_sideways, small_targets, violations
from tests.cast import open_school, saved
from tests.offices import office, windows

pytestmark = pytest.mark.browser

PAGES = {
    "poster": "/c/LOPK1/poster",
    "screen": "/c/LOPK1/screen",
    "list": "/evaluations",
    "evaluation": "/evaluations/1",
}


async def _fill():
    school = await open_school()
    other = await saved(
        CourseClass(cohort=school.cohort.id, key="b", names={"vi": "Lớp B", "en": "Class B"}, enrolled=45)
    )
    await saved(ClassLink(evaluation=school.evaluation.id, course_class=other.id, code="LOPB"))
    slips = await blind_slips(school.evaluation.id, "a", 30, who=None)
    await blind_slips(school.evaluation.id, "a", 3, who=None)
    await revoke_lot(school.evaluation.id, slips.lot, who=None)


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with office(tmp_path_factory.mktemp("planning"), _fill) as service:
        yield service


@pytest.fixture
def visit(browser, service):
    address, cookie, _ = service
    with windows(browser, address) as opener:
        yield lambda name, *, language="vi", **window: opener(f"{PAGES[name]}?lang={language}", cookie=cookie, **window)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing(visit, name, language):
    assert violations(visit(name, language=language, **LAPTOP)) == []


@pytest.mark.parametrize("name", PAGES)
def test_on_a_phone_nothing_scrolls_sideways_and_everything_can_be_tapped(visit, name):
    page = visit(name, **PHONE)
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert not scrolls_sideways(page)
    assert page.evaluate("innerWidth") == 360, "a phone widens the page to what does not fit"
    assert small_targets(page, 24) == []
    assert violations(page) == []


def test_on_a_phone_the_list_has_room_for_the_names_of_cohorts(visit):
    names = visit("list", **PHONE).locator("tbody th")
    assert names.evaluate_all("all => Math.min(...all.map(one => one.offsetWidth))") >= 150


def test_the_printed_poster_is_one_page_with_a_code_of_8_cm_or_more(visit):
    page = visit("poster", **LAPTOP)
    page.emulate_media(media="print")
    assert page.locator(".qr svg").bounding_box()["width"] >= 8 / 2.54 * 96
    page.emulate_media(media="screen")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1


def test_the_projector_counts_as_answers_come_and_shows_nothing_else(visit, service):
    page = visit("screen", **LAPTOP)
    assert page.inner_text("#count") == "0"
    with sqlite3.connect(service[2]) as database:
        database.execute("UPDATE class_link SET taken = 7 WHERE code = 'LOPK1'")
    database.close()
    page.wait_for_selector("#count:text-is('7')", timeout=8000)
    assert page.inner_text("body").split() == [
        service[0].removeprefix("http://") + "/c/LOPK1",
        "7",
        "người",
        "đã",
        "trả",
        "lời",
    ]


def test_without_javascript_the_projector_s_page_asks_to_be_loaded_again(visit):
    page = visit("screen", **LAPTOP, java_script_enabled=False)
    assert page.locator("meta[http-equiv=refresh]").count() == 1


def test_slips_are_made_with_the_keyboard_alone_and_without_javascript(visit):
    page = visit("evaluation", **LAPTOP, java_script_enabled=False)
    page.focus("#slips-1")
    page.keyboard.press("Control+A")
    page.keyboard.type("25")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".pdf")
    page.reload()
    assert page.locator("#class-1 tbody tr").count() == 3


def test_opening_and_extending_work_without_javascript(visit):
    page = visit("evaluation", **PHONE, java_script_enabled=False)
    page.fill("#closes-at", "2099-11-20T17:00")
    page.click("text=Gia hạn")
    assert "20/11/2099" in page.inner_text(".facts >> nth=0")
