"""The pages of signing in, in a real browser: without JavaScript, and looked over by axe."""

from __future__ import annotations

import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.people.links import sign_in_link
from survey.settings import Settings
from survey.tables import Role
from tests.browser import run, scrolls_sideways, violations
from tests.cast import staff
from tests.people.doors import PASSWORD
from tests.server import running_gopy

pytestmark = pytest.mark.browser


@pytest.fixture
def in_database(tmp_path):
    """Runs something with the tables of the service's database."""
    url = f"sqlite:///{tmp_path / 'gopy.sqlite'}"

    async def connected_deed(deed):
        async with connected(url):
            return await deed()

    def in_database(deed):
        return run(connected_deed(deed))

    in_database.url = url
    return in_database


@pytest.fixture
def lan(in_database):
    """An administrator without a password."""

    async def make():
        await migrate()
        return await staff("lan", Role.administrator)

    return in_database(make)


@pytest.fixture
def service(lan, in_database, tmp_path):
    with running_gopy(in_database.url, tmp_path) as server:
        yield server


@pytest.fixture
def link(service, lan, in_database):
    """A one-time link for Lan."""
    return in_database(lambda: sign_in_link(lan, Settings(address=service.address)))


def choose(page, password, again=None):
    page.fill("#new", password)
    page.fill("#again", again or password)
    page.click("main button")


def sign_in(page, password):
    page.fill("#login", "lan")
    page.fill("#password", password)
    page.click("main button")


def test_lan_comes_in_goes_out_and_comes_back_without_javascript(browser, service, link):
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(link)
    page.click("main button")
    assert page.url == f"{service.address}/password"
    choose(page, PASSWORD, again="another sentence")
    assert "không giống nhau" in page.inner_text(".slip")
    choose(page, PASSWORD)
    assert page.url == f"{service.address}/"
    page.click(".sign-out button")
    assert page.url == f"{service.address}/sign-in"
    sign_in(page, "wrong")
    assert "không đúng" in page.inner_text(".slip")
    sign_in(page, PASSWORD)
    assert page.url == f"{service.address}/"


def test_a_form_on_another_site_signs_nobody_in(browser, service, link):
    """The browser itself says whence a form comes, and keeps our cookie to itself."""
    page = browser.new_context().new_page()
    page.goto(link)  # the browser has our cookie for strangers
    page.goto("about:blank")
    page.set_content(f'<form method="post" action="{link}"><input name="csrf" value="x"><button>Win!</button></form>')
    with page.expect_response(link) as answer:
        page.click("button")
    assert answer.value.status == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser, service, link, language, scheme):
    page = browser.new_context(color_scheme=scheme, viewport={"width": 320, "height": 640}).new_page()

    def is_fine(name):
        assert violations(page) == [], name
        assert not scrolls_sideways(page), name

    page.goto(f"{service.address}/sign-in?lang={language}")
    is_fine("sign in")
    sign_in(page, "wrong")
    is_fine("wrong password")
    page.goto(f"{service.address}/in/unknown")
    is_fine("link that is spent")
    page.goto(link)
    is_fine("link")
    page.click("main button")
    is_fine("choose a password")
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    choose(page, "short", again="other")
    is_fine("slips")
    choose(page, PASSWORD)
    page.goto(f"{service.address}/password")
    is_fine("change the password")
