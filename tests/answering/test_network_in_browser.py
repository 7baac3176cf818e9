"""The form while the network comes and goes: the status line, the queue, and a page that opens without a network."""

from __future__ import annotations

import json

import pytest

from tests.answering.hand import KEPT, ONLY, SAVED, SAVING, WILL, answer, go, says, status, with_stopped_clock
from tests.answering.mishaps import NO_COOKIES, NO_STORAGE, without_cookies
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_the_status_line_has_four_states(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with_stopped_clock(page, f"{network.address}/c/{sites[1][1]}")
    assert status(page) == WILL
    answer(page, "01.useful", 4)
    network.change("hung")
    page.clock.run_for(500)
    says(page, SAVING)
    page.clock.run_for(8000)  # given up after 8 seconds
    says(page, KEPT)
    network.change("fair")
    page.clock.run_for(999)
    assert status(page) == KEPT
    page.clock.run_for(1)  # tried again after 1
    says(page, SAVED)
    assert "/r/" in page.url
    context.close()


def test_tries_come_1_to_60_seconds_apart(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with_stopped_clock(page, f"{network.address}/c/{sites[1][1]}")
    tries = []
    page.on("request", lambda request: request.method == "POST" and tries.append(request.url))
    network.change("gone")
    answer(page, "01.useful", 4)
    page.clock.run_for(500)
    for number, pause in enumerate([1, 2, 4, 8, 16, 32, 60, 60], 1):
        says(page, KEPT)
        assert len(tries) == number
        page.clock.run_for(pause * 1000 - 1)
        assert len(tries) == number
        page.clock.run_for(1)
        says(page, KEPT)
    network.change("fair")
    page.evaluate("dispatchEvent(new Event('online'))")
    page.clock.run_for(1)
    says(page, SAVED)
    context.close()


def test_without_storage_it_saves_and_says_to_leave_the_page_open(sites, network, browser):
    context = browser.new_context(**PHONE)
    context.add_init_script(NO_STORAGE)
    page = context.new_page()
    with_stopped_clock(page, f"{network.address}/c/{sites[1][1]}")
    network.change("gone")
    answer(page, "01.useful", 4)
    page.clock.run_for(600)
    says(page, ONLY)
    network.change("fair")
    page.clock.run_for(1000)
    says(page, SAVED)
    context.close()


def test_what_is_saved_waits_no_more_on_the_phone_and_never_overwrites_what_comes_later(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{network.address}/c/{sites[1][1]}")
    network.change("gone")
    answer(page, "01.useful", 5)
    says(page, KEPT)
    assert "01.useful" in page.evaluate("JSON.stringify({...localStorage})")
    network.change("fair")
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, SAVED)
    assert page.evaluate("Object.values({...localStorage})") == []
    receipt = page.url
    page.close()
    other = browser.new_context(**PHONE)  # a borrowed phone, by the receipt
    borrowed = other.new_page()
    borrowed.goto(receipt)
    answer(borrowed, "01.useful", 2)
    says(borrowed, SAVED)
    page = context.new_page()
    page.goto(receipt)
    says(page, SAVED)
    assert page.is_checked("input[name='01.useful'][value='2']")
    other.close()
    context.close()


def test_a_phone_that_refuses_cookies_is_led_back_to_its_own_response(sites, browser):
    address, code, _ = sites[1]
    context = browser.new_context(**PHONE, service_workers="block")
    context.add_init_script(NO_COOKIES)
    context.route("**/*", without_cookies)
    page = context.new_page()
    page.goto(f"{address}/c/{code}")
    answer(page, "01.useful", 5)
    says(page, SAVED)
    receipt = page.url
    page.close()
    page = context.new_page()  # the class link once more: nothing but this phone itself knows that it has begun
    page.goto(f"{address}/c/{code}")
    says(page, SAVED)
    assert page.url == receipt
    assert page.is_checked("input[name='01.useful'][value='5']")
    context.close()


def test_nothing_of_the_answers_stays_on_the_phone_after_sending(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    go(scripted, "send")
    scripted.evaluate("document.getElementById('one_change-text').value = 'Chỉ tôi biết'")
    scripted.dispatch_event("#one_change-text", "input")
    scripted.click("#go")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")
    assert "Chỉ tôi biết" in scripted.input_value("#one_change-text")
    assert "Chỉ tôi biết" not in scripted.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    names = (
        "caches.keys().then(k => Promise.all(k.map(async n => (await (await caches.open(n)).keys()).map(r => r.url))))"
    )
    assert "/r/" not in json.dumps(scripted.evaluate(names))


def test_a_page_opened_once_is_reloaded_filled_and_sent_later_without_a_network(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{network.address}/c/{sites[1][1]}")
    page.wait_for_selector("#offline:not([hidden])", state="attached")
    assert "Mất mạng vẫn làm tiếp được" in page.inner_text("#offline")
    network.change("gone")
    page.reload()
    assert page.is_visible("#start a.b")
    answer(page, "01.useful", 5)
    says(page, KEPT)
    page.reload()
    assert page.is_checked("input[name='01.useful'][value='5']")
    page.close()
    network.change("fair")
    page = context.new_page()  # any later visit
    page.goto(f"{network.address}/c/{sites[1][1]}")
    says(page, SAVED)
    assert "/r/" in page.url
    for _ in range(100):
        if page.evaluate("caches.match(location.pathname).then(Boolean)"):
            break
        page.wait_for_timeout(50)
    network.change("gone")
    page.reload()  # the response's own address, too
    assert page.is_checked("input[name='01.useful'][value='5']")
    answer(page, "02.useful", 1)
    says(page, KEPT)
    network.change("fair")
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, SAVED)
    context.close()


def test_a_class_link_opened_without_a_network_leads_to_the_response_once_there_is_one(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{network.address}/c/{sites[1][1]}")
    page.wait_for_selector("#offline:not([hidden])", state="attached")
    answer(page, "01.useful", 5)
    says(page, SAVED)
    receipt = page.url
    page.close()
    network.change("gone")
    page = context.new_page()  # the phone's copy of the form, which knows nothing of what was saved
    page.goto(f"{network.address}/c/{sites[1][1]}")
    says(page, KEPT)
    network.change("fair")
    page.evaluate("dispatchEvent(new Event('online'))")
    says(page, SAVED)
    assert page.url == receipt
    assert page.is_checked("input[name='01.useful'][value='5']")
    context.close()


def test_the_service_worker_answers_the_get_of_a_form_and_nothing_else(sites, network, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(f"{network.address}/c/{sites[1][1]}")
    page.wait_for_selector("#offline:not([hidden])", state="attached")
    page.reload()  # from here on the worker is in charge
    network.change("gone")
    fetched = "([path, method]) => fetch(path, {method}).then(answer => answer.status, () => 'no network')"
    for path, method in [(page.url, "POST"), ("/code", "GET"), ("/static/icon.svg", "GET"), (page.url, "GET")]:
        assert page.evaluate(fetched, [path, method]) == "no network"
    page.reload()
    policy = page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus")
    assert policy == 200
    context.close()


def test_where_there_is_no_service_worker_the_page_says_so_and_works(sites, browser):
    context = browser.new_context(**PHONE)
    context.add_init_script("Object.defineProperty(Navigator.prototype, 'serviceWorker', {get: () => undefined})")
    page = context.new_page()
    page.goto(f"{sites[1][0]}/c/{sites[1][1]}")
    assert "hãy để trang mở cho đến khi thấy chữ “đã lưu”" in page.inner_text("#offline")
    answer(page, "01.useful", 4)
    says(page, SAVED)
    context.close()
