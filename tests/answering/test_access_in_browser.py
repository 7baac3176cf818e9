"""The form for everybody: axe, every look, large text, a screen reader and the keyboard alone."""

from __future__ import annotations

import pytest

from tests.answering.hand import answer, go
from tests.browser import PHONE, scrolls_sideways, small_targets, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

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
