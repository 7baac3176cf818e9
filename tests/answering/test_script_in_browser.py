"""The form on a phone with JavaScript: steps, autosave, languages, and what the script says."""

from __future__ import annotations

import gzip

import pytest

from survey.answering.documents import SCRIPT
from tests.answering.hand import SAVED, WILL, answer, go, says, whole_form_in_taps, with_stopped_clock
from tests.browser import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


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


def test_the_first_look_shows_where_to_start_without_scrolling(site, scripted):
    address, code, _ = site
    scripted.goto(f"{address}/c/{code}")
    button = scripted.locator("#start a.b").bounding_box()
    status_line = scripted.locator("[role=status]").bounding_box()
    assert button["y"] + button["height"] <= status_line["y"]
    assert status_line["y"] + status_line["height"] <= PHONE["viewport"]["height"]


def test_32_modules_take_77_taps_at_most(site, scripted):
    address, _, tickets = site
    scripted.goto(f"{address}/t/{next(tickets)}")
    taps, said = whole_form_in_taps(scripted)
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")
    assert "Đã trả lời đủ 32 chuyên đề." in said
    assert taps <= 77


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


def test_two_taps_on_send_are_one_response(sites, scripted):
    address, _, tickets = sites[1]
    scripted.goto(f"{address}/t/{next(tickets)}")
    answer(scripted, "01.useful", 4)
    scripted.evaluate("const go = document.getElementById('go'); go.click(); go.click()")
    scripted.wait_for_selector("h1:has-text('Cảm ơn')")


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


def test_a_pick_too_many_takes_nothing_away_and_is_not_thanked_for(site, scripted):
    address, _, tickets = site
    scripted.goto(f"{address}/t/{next(tickets)}")
    go(scripted, "s-picks")
    boxes = "#s-picks input[name=revise_first]"
    for number in range(3):
        scripted.locator(boxes).nth(number).check()
    says(scripted, SAVED)
    scripted.locator(boxes).nth(3).check()
    says(scripted, "Đã lưu, trừ chỗ được đánh dấu")
    go(scripted, "send")
    scripted.click("#go")
    scripted.wait_for_url("**#s-picks")
    assert "tối đa 3 chuyên đề" in scripted.inner_text("#s-picks .slip.told")
    scripted.reload()
    assert scripted.locator(f"{boxes}:checked").count() == 3
    scripted.locator(boxes).nth(0).uncheck()
    scripted.locator(boxes).nth(3).check()
    says(scripted, SAVED)
    go(scripted, "send")
    scripted.click("#go")
    scripted.wait_for_selector("text=Cảm ơn")
    assert scripted.locator("input[name=revise_first]:checked").count() == 3


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
