"""A real browser for tests: the system's Chromium, driven by Playwright, and axe's judgement of a page."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import axe_playwright_python
import pytest
from playwright.sync_api import Page, sync_playwright

T = TypeVar("T")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1366, "height": 768}}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")


def find_chromium() -> str | None:
    """Where the system's Chromium is, if anywhere. Without windows and menus it opens a page in a third of the time."""
    names = ("chromium-headless-shell", "chromium", "chromium-browser")
    return os.environ.get("TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def run(deed: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine beside Playwright, whose event loop occupies the test's own thread."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, deed).result()


@pytest.fixture(scope="session")
def chromium():
    """Where Chromium is. Without it the test is skipped and says so; where `CI` is set it must be there."""
    path = find_chromium()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; .ci/run installs it")
        pytest.skip("needs Chromium (apt install chromium)")
    return path


@pytest.fixture(scope="module")
def browser(chromium):
    """Chromium, for one module: its event loop must be gone before the next asynchronous test."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        browser.close()


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page (WCAG A and AA to 2.2, best practice), a line each."""
    page.evaluate(AXE)  # through the debugging protocol: a strict Content-Security-Policy allows it
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"))


def cut_off_names(page: Page) -> list[str]:
    """The lines of the names in the figures drawn that end beyond its right edge."""
    page.wait_for_selector("figure .annotation")
    return list(
        page.evaluate(
            """[...document.querySelectorAll('figure .annotation-text')]
            .flatMap(text => text.querySelector('.line') ? [...text.querySelectorAll('.line')] : [text])
            .filter(one => one.getBoundingClientRect().right > one.closest('.main-svg').getBoundingClientRect().right)
            .map(one => one.textContent)"""
        )
    )


def small_targets(page: Page, least: int) -> list[str]:
    """Things to tap whose label is smaller than some pixels either way (links inside a sentence are exempt)."""
    return list(
        page.evaluate(
            """least => [...document.querySelectorAll('a,button,summary,select,textarea,input:not([type=hidden])')]
            .filter(one => !one.closest('details:not([open])') || one.tagName === 'SUMMARY')
            .filter(one => !(one.tagName === 'A' && one.closest('p')))
            .map(one => [one, (one.labels && ['radio', 'checkbox'].includes(one.type) && one.labels[0] || one)])
            .map(([one, label]) => [one, label.getBoundingClientRect()])
            .filter(([, box]) => box.width && box.height && (box.width < least || box.height < least))
            .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)""",
            least,
        )
    )
