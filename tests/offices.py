"""A running service with somebody of the staff signed in, and windows of a browser onto it."""

from __future__ import annotations

from contextlib import contextmanager

from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.people.sessions import COOKIE, open_session
from survey.settings import Settings
from survey.tables import Role
from tests.browser import run
from tests.cast import staff
from tests.server import running_gopy


@contextmanager
def office(folder, fill):
    """The service on tables that `fill` fills: its address, an administrator's cookie, the path of its database."""
    path = folder / "gopy.sqlite"

    async def prepare():
        async with connected(f"sqlite:///{path}"):
            await migrate()
            await fill()
            chi = await staff("chi", Role.administrator)
            return (await open_session(chi.id, Settings(data=str(folder)))).value

    cookie = run(prepare())
    with running_gopy(f"sqlite:///{path}", folder) as server:
        yield server.address, cookie, path


@contextmanager
def windows(browser, address):
    """Opens addresses of the service, each in a window of its own; without a cookie as a stranger."""
    opened = []

    def opener(path, *, cookie=None, **window):
        context = browser.new_context(**window)
        opened.append(context)
        if cookie:
            context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
        page = context.new_page()
        page.goto(f"{address}{path}")
        return page

    yield opener
    for context in opened:
        context.close()
