"""What every page has in common, and what the operator's watchdog sees."""

import pytest

from survey.tables import Unit

pytestmark = pytest.mark.anyio


async def test_a_running_service_is_alive_and_ready(client):
    assert (await client.get("/healthz")).text == "ok"
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.text) == (200, "ok")


async def test_a_service_whose_recorder_stops_is_not_ready(client):
    client.app.state.recorder._closing = True
    assert (await client.get("/readyz")).status_code == 503
    client.app.state.recorder._closing = False


async def test_a_service_whose_schema_is_old_is_not_ready(client):
    await Unit.raw("DELETE FROM migration")
    ready = await client.get("/readyz")
    assert ready.status_code == 503
    assert "gopy migrate" in ready.text


async def test_style_sheets_are_cached_and_pages_are_not(client):
    assert "max-age=3600" in (await client.get("/static/gopy.css")).headers["cache-control"]
    assert (await client.get("/code")).headers["cache-control"] == "no-store"


async def test_pages_and_refusals_are_sent_as_html(client):
    for path in ("/code", "/c/NOBODY", "/no/such/page"):
        assert (await client.get(path)).headers["content-type"] == "text/html; charset=utf-8"


async def test_the_link_to_the_other_language_keeps_what_else_the_address_asks_for(client):
    page = await client.get("/code?code=XYZ&lang=vi")
    assert 'href="?code=XYZ&amp;lang=en"' in page.text
