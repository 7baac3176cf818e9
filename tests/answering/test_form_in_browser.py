"""An opens the form on a cheap phone: it is small, it works without a script, and everybody can use it."""

import pytest

from tests.browser import PHONE, scrolls_sideways, small_targets, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


def test_the_whole_form_is_answered_without_javascript(site, phone):
    address, code, _ = site
    phone.goto(f"{address}/c/{code}")
    for number in range(1, 33):
        phone.check(f"input[name='{number:02}.useful'][value='{number % 6}']")
    phone.check("input[name='revise_first'][value='07']")
    phone.check("input[name='objectives'][value='5']")
    phone.fill("textarea[name='one_change']", "Thêm thời gian\nthảo luận")
    phone.click("#go")
    assert "/r/" in phone.url
    assert "Đã trả lời 32/32 chuyên đề" in phone.inner_text("main")
    assert phone.is_checked("input[name='07.useful'][value='1']")
    phone.check("input[name='07.useful'][value='5']")
    phone.click("#go")
    assert phone.is_checked("input[name='07.useful'][value='5']")
    assert phone.input_value("textarea[name='one_change']") == "Thêm thời gian\nthảo luận"
    receipt = phone.url
    phone.goto(f"{address}/c/{code}")
    assert phone.url == receipt


def test_slips_are_worded_beside_their_question_and_nothing_is_lost(site, phone):
    address, _, tickets = site
    phone.goto(f"{address}/t/{next(tickets)}")
    for key in ("01", "02", "03", "04"):
        phone.check(f"input[name='revise_first'][value='{key}']")
    phone.check("input[name='09.useful'][value='4']")
    phone.fill("textarea[name='one_change']", "Giữ lại")
    phone.click("#go")
    assert "Ở đây chỉ chọn tối đa 3 chuyên đề" in phone.inner_text("[role=alert]")
    assert phone.is_checked("input[name='09.useful'][value='4']")
    assert phone.input_value("textarea[name='one_change']") == "Giữ lại"
    phone.uncheck("input[name='revise_first'][value='04']")
    phone.click("#go")
    assert "/r/" in phone.url


def test_a_missing_module_is_one_tap_away(site, phone):
    address, _, tickets = site
    phone.goto(f"{address}/t/{next(tickets)}")
    phone.check("input[name='01.useful'][value='4']")
    phone.click("#go")
    phone.click(".open a >> text='12'")
    assert phone.url.endswith("#m12")


def test_the_first_view_of_32_modules_fits_14600_bytes_and_asks_nobody_else(site, browser):
    address, code, _ = site
    context = browser.new_context(**PHONE)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    sizes, hosts = [], []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    protocol.on("Network.requestWillBeSent", lambda event: hosts.append(event["request"]["url"]))
    page.goto(f"{address}/c/{code}", wait_until="networkidle")
    assert sum(sizes) <= 14_600
    assert len(hosts) <= 3
    assert all(host.startswith(address) for host in hosts)
    context.close()


def states(address, code, tickets):
    """Every state of the trainee's side, each reached as a trainee would."""

    def answered(page, lang):
        page.goto(f"{address}/t/{next(tickets)}?lang={lang}")
        page.check("input[name='01.useful'][value='4']")
        page.click("#go")

    def slipped(page, lang):
        page.goto(f"{address}/c/{code}?lang={lang}")
        page.fill("textarea[name='one_change']", "dài " * 600)
        page.click("#go")

    return {
        "start and form": lambda page, lang: page.goto(f"{address}/c/{code}?lang={lang}"),
        "receipt": answered,
        "slips": slipped,
        "closed": lambda page, lang: page.goto(f"{address}/c/CLOSED?lang={lang}"),
        "unknown link": lambda page, lang: page.goto(f"{address}/c/NOBODY?lang={lang}"),
        "unknown receipt": lambda page, lang: page.goto(f"{address}/r/NOBODY?lang={lang}"),
        "code": lambda page, lang: page.goto(f"{address}/code?lang={lang}"),
        "unknown code": lambda page, lang: page.goto(f"{address}/code?code=XYZ&lang={lang}"),
    }


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("state", states("", "", iter(())))
def test_everybody_can_use_every_state(sites, bare, state, lang):
    states(*sites[1])[state](bare, lang)
    assert bare.get_attribute("html", "lang") == lang
    assert violations(bare) == []
    assert small_targets(bare, 44) == []
    bare.set_viewport_size({"width": 320, "height": 640})
    assert not scrolls_sideways(bare)


def test_everything_can_be_reached_with_the_keyboard(site, bare):
    address, code, _ = site
    bare.goto(f"{address}/c/{code}")
    bare.focus("input[name='01.useful'][value='5']")
    bare.keyboard.press("Space")
    bare.keyboard.press("ArrowDown")
    assert bare.is_checked("input[name='01.useful'][value='4']")
    bare.keyboard.press("Tab")
    assert bare.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_dark_phone_keeps_its_contrast(sites, browser):
    address, code, _ = sites[1]
    context = browser.new_context(**PHONE, color_scheme="dark")
    page = context.new_page()
    page.goto(f"{address}/c/{code}")
    assert violations(page) == []
    context.close()


def test_lines_leave_room_for_stacked_diacritics(sites, bare):
    address, code, _ = sites[1]
    bare.goto(f"{address}/c/{code}")
    tight = """[...document.querySelectorAll('h1,h2,h3,p,li,legend,label,summary,button,a,textarea')].filter(one => {
        const style = getComputedStyle(one)
        return one.getClientRects().length && parseFloat(style.lineHeight) < 1.39 * parseFloat(style.fontSize)
    }).map(one => one.outerHTML.slice(0, 80))"""
    assert bare.evaluate(tight) == []
