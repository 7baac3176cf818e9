"""The form on a phone with JavaScript: steps, autosave, a queue, and a page that opens without a network."""

from __future__ import annotations

import datetime
import gzip
import json

import pytest

from survey.answering.documents import SCRIPT
from tests.answering.bad_network import network_to
from tests.answering.mishaps import NO_STORAGE
from tests.browser import PHONE, scrolls_sideways, small_targets, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

WILL, SAVING, SAVED = "Sẽ tự lưu", "Đang lưu…", "Đã lưu"
KEPT, ONLY = "Đang giữ trên máy này, chưa gửi được", "Chưa gửi được: hãy để trang này mở"


@pytest.fixture
def network(sites):
    with network_to(int(sites[1][0].rsplit(":", 1)[1])) as network:
        yield network


def status(page):
    return page.inner_text("[role=status]")


def says(page, words):
    page.wait_for_function("words => document.querySelector('[role=status]').textContent.startsWith(words)", arg=words)


def with_stopped_clock(page, address):
    """Opens a page whose time stands still, but for what a test lets pass."""
    page.clock.install()
    page.goto(address)
    page.clock.pause_at(datetime.datetime.now() + datetime.timedelta(seconds=5))


def answer(page, place, step):
    """As a finger does, on whatever step is shown."""
    page.evaluate(f"""document.querySelector("input[name='{place}'][value='{step}']").click()""")


def go(page, step):
    if step == "start":
        return
    page.evaluate("step => { location.hash = step }", step)
    page.wait_for_selector(f"#{step}.on")


def test_the_script_weighs_at_most_4_kilobytes():
    assert len(gzip.compress(SCRIPT.encode(), 9)) <= 4096


def test_one_step_at_a_time_and_back_goes_back_one(site, scripted):
    address, _, tickets = site
    scripted.goto(f"{address}/t/{next(tickets)}")
    assert scripted.is_visible("#start") and scripted.is_visible("#m01")  # as without a script
    scripted.click("#start a.b")
    assert scripted.is_visible("#m01") and not scripted.is_visible("#start")
    scripted.click("nav button:last-child")  # nothing answered: next is enabled all the same
    assert scripted.is_visible("#m02") and not scripted.is_visible("#m01")
    assert scripted.inner_text("nav span") == "2/35"
    assert scripted.evaluate("document.activeElement.closest('.step').id") == "m02"
    scripted.go_back()
    assert scripted.is_visible("#m01")
    scripted.click("nav button:first-child")
    assert scripted.is_visible("#start")


def test_32_modules_take_77_taps_at_most(site, scripted):
    address, _, tickets = site
    scripted.goto(f"{address}/t/{next(tickets)}")
    taps = 0

    def tap(selector):
        nonlocal taps
        scripted.click(selector)
        taps += 1

    tap("#start a.b")
    for number in range(1, 33):
        tap(f"label:has(input[name='{number:02}.useful'][value='4'])")
        tap("nav button:last-child")
    for pick in ("revise_first", "most_useful"):
        for key in ("03", "07", "11"):
            tap(f"label:has(input[name='{pick}'][value='{key}'])")
    tap("nav button:last-child")
    for item in ("objectives", "practice", "apply"):
        tap(f"label:has(input[name='{item}'][value='4'])")
    tap("nav button:last-child")
    assert "Đã trả lời đủ 32 chuyên đề." in scripted.inner_text("#missing")
    tap("#go")
    scripted.wait_for_url("**/r/*")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")
    assert taps <= 77


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


def test_a_reload_another_browser_and_the_typed_code_reach_the_same_response(sites, scripted, browser):
    address, code, _ = sites[1]
    scripted.goto(f"{address}/c/{code}")
    go(scripted, "m02")
    answer(scripted, "02.useful", 3)
    says(scripted, SAVED)
    assert "/r/" in scripted.url and scripted.url.endswith("#m02")
    scripted.reload()
    assert scripted.is_visible("#m02") and scripted.is_checked("input[name='02.useful'][value='3']")
    scripted.goto(f"{address}/c/{code}")
    assert "/r/" in scripted.url
    receipt = scripted.url.split("/r/")[1][:16]
    assert scripted.inner_text("code") == "-".join(receipt[at : at + 4] for at in range(0, 16, 4))
    borrowed = browser.new_context(**PHONE)
    page = borrowed.new_page()
    page.goto(f"{address}/code")
    page.fill("#code", scripted.inner_text("code").lower())
    page.click("form button")
    page.wait_for_url(f"**/r/{receipt}")
    page.wait_for_selector("html.js")
    answer(page, "01.useful", 1)
    says(page, SAVED)
    answer(scripted, "03.useful", 2)  # the first phone knows nothing of it
    says(scripted, SAVED)
    scripted.wait_for_selector("input[name='01.useful'][value='1']:checked", state="attached")
    borrowed.close()


def test_two_tabs_say_the_same(sites, scripted):
    address, code, _ = sites[1]
    scripted.goto(f"{address}/c/{code}")
    other = scripted.context.new_page()
    other.goto(f"{address}/c/{code}")
    answer(scripted, "01.useful", 5)
    other.wait_for_selector("input[name='01.useful'][value='5']:checked", state="attached")
    answer(other, "02.useful", 2)
    says(other, SAVED)
    says(scripted, SAVED)
    assert other.url.split("#")[0] == scripted.url.split("#")[0]


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


def test_two_taps_on_send_are_one_response(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    answer(scripted, "01.useful", 4)
    scripted.evaluate("const go = document.getElementById('go'); go.click(); go.click()")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")


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


def test_what_is_missing_is_listed_and_one_tap_away(site, scripted):
    address, _, tickets = site
    scripted.goto(f"{address}/t/{next(tickets)}")
    for number in range(1, 33):
        if number not in (7, 12, 30):
            answer(scripted, f"{number:02}.useful", number % 6)
    go(scripted, "send")
    assert "Đã trả lời 29/32 chuyên đề" in scripted.inner_text("#missing")
    assert "Những câu đã lưu vẫn được tính" in scripted.inner_text("#send")
    assert scripted.locator("#missing a").all_inner_texts() == ["7", "12", "30"]
    scripted.click("#missing a >> text='12'")
    assert scripted.is_visible("#m12")


def test_who_picks_a_module_to_revise_is_asked_what_should_change(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    go(scripted, "s-picks")
    scripted.check("input[name='revise_first'][value='02']")
    scripted.fill("#s-picks textarea[name='02.remark']", "Thêm tình huống ở xã")
    says(scripted, SAVED)
    scripted.uncheck("input[name='revise_first'][value='02']")
    assert scripted.locator("#s-picks textarea").count() == 0
    assert scripted.input_value("#m02 textarea") == "Thêm tình huống ở xã"


def test_a_slip_is_told_in_its_place_while_the_rest_is_saved(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    go(scripted, "s-picks")
    scripted.evaluate("document.querySelectorAll('input[name=revise_first]')[0].value = '99'")
    scripted.check("input[name='revise_first'][value='99']")
    answer(scripted, "01.useful", 4)
    says(scripted, SAVED)
    assert "không phải là chuyên đề của khóa này" in scripted.inner_text("fieldset.pick >> nth=0")
    scripted.uncheck("input[name='revise_first'][value='99']")
    scripted.wait_for_selector(".slip.told", state="detached")


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without"])
def test_another_language_keeps_the_answers(sites, browser, script):
    address, _, tickets = sites[1]
    context = browser.new_context(**PHONE, java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{address}/t/{next(tickets)}")
    if script:
        answer(page, "01.useful", 2)
        says(page, SAVED)
        answer(page, "02.useful", 5)  # not saved yet
    else:
        page.check("input[name='01.useful'][value='2']")
        page.check("input[name='02.useful'][value='5']")
    page.click("header input")
    assert page.get_attribute("html", "lang") == "en"
    for name, step in (("01.useful", 2), ("02.useful", 5)):
        assert page.is_checked(f"input[name='{name}'][value='{step}']")
    if script:
        says(page, "Saved")
        page.reload()
        assert page.is_checked("input[name='02.useful'][value='5']")
    else:
        page.click("#go")
        assert "Thank you" in page.inner_text("main h1")
    context.close()


def test_withdrawing_takes_everything_away_and_one_may_begin_anew(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    answer(scripted, "01.useful", 4)
    scripted.evaluate("document.getElementById('go').click()")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")
    scripted.click(".withdraw summary")
    scripted.click(".withdraw button")
    scripted.wait_for_selector("h1:has-text('Không còn câu trả lời nào')")
    assert not scripted.is_checked("input[name='01.useful'][value='4']")
    answer(scripted, "01.useful", 1)
    says(scripted, SAVED)
    scripted.reload()
    assert scripted.is_checked("input[name='01.useful'][value='1']")


def test_in_the_last_hour_the_time_that_is_left_is_shown(sites, browser):
    context = browser.new_context(**PHONE)
    page = context.new_page()
    with_stopped_clock(page, f"{sites[1][0]}/c/{sites[1][1]}")
    last = int(page.get_attribute("[role=status]", "data-last"))
    page.clock.set_system_time(last / 1000 - 20 * 60)
    page.clock.run_for(31_000)
    says(page, f"{WILL} · còn 20 phút")
    context.close()


STEPS = ["start", "m02", "s-picks", "s-course", "send"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_everybody_can_use_every_step(sites, scripted, lang):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}?lang={lang}")
    for step in STEPS:
        go(scripted, step)
        if step == "s-picks":
            scripted.check("input[name='revise_first'][value='02']")
        assert violations(scripted) == []
        assert small_targets(scripted, 44) == []
        scripted.set_viewport_size({"width": 320, "height": 640})
        assert not scrolls_sideways(scripted)
        scripted.set_viewport_size(PHONE["viewport"])
    scripted.click("#go")
    scripted.wait_for_selector(".withdraw")
    scripted.click(".withdraw summary")
    assert violations(scripted) == []


@pytest.mark.parametrize(
    "look",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"reduced_motion": "reduce"}],
    ids=["dark", "high contrast", "reduced motion"],
)
def test_every_look_keeps_its_contrast(sites, browser, look):
    context = browser.new_context(**PHONE, **look)
    page = context.new_page()
    page.goto(f"{sites[1][0]}/c/{sites[1][1]}#m01")
    answer(page, "01.useful", 4)
    assert violations(page) == []
    if "reduced_motion" in look:
        moving = "[...document.querySelectorAll('*')].filter(one => getComputedStyle(one).transitionDuration != '0s')"
        assert page.evaluate(f"{moving}.length") == 0
    context.close()


def test_text_of_twice_the_size_needs_no_scrolling_sideways(sites, scripted):
    scripted.goto(f"{sites[1][0]}/c/{sites[1][1]}")
    scripted.evaluate("document.body.style.fontSize = '2.125rem'")
    for step in STEPS:
        go(scripted, step)
        assert not scrolls_sideways(scripted)


def test_a_screen_reader_hears_what_is_asked_in_order(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    go(scripted, "m02")
    answer(scripted, "02.useful", 4)
    heard = scripted.locator("body").aria_snapshot()
    expected = [
        'heading "Chính quyền địa phương" [level=3]',
        'group "Chuyên đề này hữu ích thế nào cho công việc của anh/chị?"',
        'radio "Rất hữu ích"',
        'radio "Hữu ích" [checked]',
        'radio "Không hữu ích"',
        'radio "Tôi không tham dự chuyên đề này"',
        'navigation "Các bước"',
        'button "Quay lại"',
        'button "Tiếp"',
        "status",
    ]
    places = [heard.find(words) for words in expected]
    assert -1 not in places, [words for words, place in zip(expected, places, strict=True) if place == -1]
    assert places == sorted(places)
    assert "Kỹ năng lãnh đạo" not in heard  # other steps are silent
    protocol = scripted.context.new_cdp_session(scripted)
    nodes = protocol.send("Accessibility.getFullAXTree")["nodes"]
    (live,) = [node for node in nodes if node.get("role", {}).get("value") == "status"]
    assert {one["name"]: one["value"]["value"] for one in live["properties"]}["live"] == "polite"


def test_the_keyboard_alone_is_enough(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    scripted.focus("#start a.b")
    scripted.keyboard.press("Enter")
    for number in ("01", "02", "03"):
        scripted.wait_for_selector(f"#m{number}.on")
        scripted.keyboard.press("Tab")  # from the heading to the scale
        scripted.keyboard.press("Space")
        assert scripted.is_checked(f"input[name='{number}.useful'][value='5']")
        scripted.keyboard.press("Enter")  # on to the next step, not off to the server
    scripted.wait_for_selector("#s-picks.on")
    go(scripted, "send")
    scripted.focus("#go")
    scripted.keyboard.press("Enter")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")
    assert "Đã trả lời 3 trên 3 chuyên đề" in scripted.inner_text("main") or "3/3" in scripted.inner_text("main")
