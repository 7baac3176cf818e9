"""An gets the day's sheet, a share of the modules, or a day without lessons: on a cheap phone, in both languages."""

import datetime

import pytest

from survey.answering.parts import today
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import Evaluation, Lesson, Role
from tests.browser import PHONE, run, scrolls_sideways, small_targets, violations
from tests.cast import open_school, staff
from tests.server import running_gopy

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The running service with a daily evaluation, one in shares, and a daily one whose lessons are still to come."""
    folder = tmp_path_factory.mktemp("parts")
    folder.chmod(0o700)
    url = f"sqlite:///{folder / 'gopy.sqlite'}"

    async def daily(key, first_day):
        school = await open_school(form="daily", key=key)
        for number in range(4):
            day = first_day + datetime.timedelta(number // 2)
            lesson = (Lesson.cohort == school.cohort.id) & (Lesson.key == f"{number + 1:02}")
            await Lesson.update({Lesson.taught_on: day}).where(lesson)
        return school.code

    async def prepare():
        async with connected(url):
            await migrate()
            await staff("quantri", Role.administrator)
            shared = await open_school(key="shared", modules=12)
            await Evaluation.update({Evaluation.share: 4}).where(Evaluation.id == shared.evaluation.id)
            coming = await daily("coming", today() + datetime.timedelta(9))
            return {"day": await daily("daily", today()), "share": shared.code, "no lessons": coming}

    codes = run(prepare())
    with running_gopy(url, folder) as server:
        yield {name: f"{server.address}/c/{code}" for name, code in codes.items()}


@pytest.fixture
def phone(browser):
    """A phone without JavaScript: everything must work there."""
    context = browser.new_context(**PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("state", ["day", "share", "no lessons"])
def test_everybody_can_use_every_part(site, browser, state, lang):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{site[state]}?lang={lang}")
    assert page.get_attribute("html", "lang") == lang
    assert violations(page) == []
    assert small_targets(page, 44) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert not scrolls_sideways(page)
    context.close()


def test_a_share_is_answered_without_javascript_and_stays_the_same(site, phone):
    phone.goto(site["share"])
    names = _asked(phone)
    assert len(names) == 4
    phone.reload()
    assert _asked(phone) == names
    assert phone.locator("input[name='revise_first']").count() == 12
    for name in names:
        phone.check(f"input[name='{name}'][value='4']")
    phone.click("#go")
    assert "/r/" in phone.url
    assert "Đã trả lời 4/4 chuyên đề" in phone.inner_text("main")
    assert _asked(phone) == names


def test_the_sheet_of_the_day_asks_about_today_and_a_second_look_finds_the_answer(site, phone):
    phone.goto(site["day"])
    assert _asked(phone) == ["01.useful", "02.useful"]
    phone.check("input[name='02.useful'][value='5']")
    phone.click("#go")
    receipt = phone.url
    phone.goto(site["day"])
    assert phone.url == receipt
    assert phone.is_checked("input[name='02.useful'][value='5']")


def _asked(page):
    return page.eval_on_selector_all(
        "input[type=radio][name$='.useful'][value='5']", "fields => fields.map(field => field.name)"
    )
