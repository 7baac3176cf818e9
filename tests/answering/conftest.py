"""Phones in front of a running service: fixtures for tests in a real browser."""

from __future__ import annotations

import re

import pytest

from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import ClassLink, Evaluation, Role, State, TicketKind
from tests.answering.bad_network import network_to
from tests.browser import PHONE, run
from tests.cast import NOW, make_tickets, open_school, saved, staff
from tests.server import running_gopy


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """The running service with a course of 32 modules and a short one, and a closed evaluation."""
    folder = tmp_path_factory.mktemp("site")
    folder.chmod(0o700)
    url = f"sqlite:///{folder / 'gopy.sqlite'}"

    async def prepare():
        async with connected(url):
            await migrate()
            await staff("quantri", Role.administrator)
            school = await open_school(modules=32, enrolled=100)
            closed = await saved(
                Evaluation(
                    cohort=school.cohort.id,
                    questionnaire=school.evaluation.questionnaire,
                    purpose="follow_up",
                    state=State.closed,
                    closes_at=NOW,
                )
            )
            await saved(ClassLink(evaluation=closed.id, course_class=school.course_class.id, code="CLOSED"))
            tickets = await make_tickets(school.evaluation.id, school.course_class.id, TicketKind.blind, 20)
            # axe needs seconds for 32 modules; a short course has every kind of question too
            short = await open_school(key="short", modules=3, enrolled=100)
            short_tickets = await make_tickets(short.evaluation.id, short.course_class.id, TicketKind.blind, 20)
            return (school.code, iter(tickets)), (short.code, iter(short_tickets))

    long_course, short_course = run(prepare())
    with running_gopy(url, folder) as server:
        yield (server.address, *long_course), (server.address, *short_course)


@pytest.fixture
def site(sites):
    """Address, class code and tickets of a course of 32 modules."""
    return sites[0]


@pytest.fixture
def network(sites):
    """A network to the running service that can be taken away."""
    with network_to(int(sites[1][0].rsplit(":", 1)[1])) as network:
        yield network


@pytest.fixture
def phone(browser):
    """A phone without JavaScript: everything must work there."""
    context = browser.new_context(**PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.fixture
def bare(browser):
    """A phone on which our script does not run, though axe's does: judges what is seen without JavaScript."""
    context = browser.new_context(**PHONE, service_workers="block")
    context.route("**/*", _without_script)
    yield context.new_page()
    context.close()


@pytest.fixture
def scripted(browser):
    """A phone with JavaScript, as most are. A mistake of our script fails the test."""
    context = browser.new_context(**PHONE)
    page = context.new_page()
    mistakes = []
    page.on("pageerror", lambda mistake: mistakes.append(mistake))
    yield page
    context.close()
    assert mistakes == []


def _without_script(route):
    if route.request.resource_type != "document":
        return route.continue_()
    answer = route.fetch(max_redirects=0)
    if answer.status in (301, 302, 303):
        return route.fulfill(response=answer)
    return route.fulfill(response=answer, body=re.sub(r"<script>.*?</script>", "", answer.text(), flags=re.DOTALL))
