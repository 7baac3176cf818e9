"""What a hand does on the form's pages, and what the status line says: for tests in a real browser."""

from __future__ import annotations

import datetime

WILL, SAVING, SAVED = "Sẽ tự lưu", "Đang lưu…", "Đã lưu"
KEPT, ONLY = "Đang giữ trên máy này, chưa gửi được", "Chưa gửi được: hãy để trang này mở"


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


def whole_form_in_taps(page, *, modules=32):
    """Taps through the form as most will: every module rated, six picks, the course, and sent. Gives their number,
    and what the last step said of missing answers."""
    taps = 0

    def tap(selector: str) -> None:
        nonlocal taps
        page.click(selector)
        taps += 1

    tap("#start a.b")
    for number in range(1, modules + 1):
        tap(f"label:has(input[name='{number:02}.useful'][value='4'])")
        tap("nav button:last-child")
    for pick in ("revise_first", "most_useful"):
        for key in ("03", "07", "11"):
            tap(f"label:has(input[name='{pick}'][value='{key}'])")
    tap("nav button:last-child")
    for item in ("objectives", "practice", "apply"):
        tap(f"label:has(input[name='{item}'][value='4'])")
    tap("nav button:last-child")
    said = page.inner_text("#missing")
    tap("#go")
    page.wait_for_url("**/r/*")
    return taps, said
