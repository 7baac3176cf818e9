"""A trainee to whom everything happens: reloads, lost networks, hung servers, double taps, two tabs, killed tabs,
clock jumps. What a page called saved must be kept, once, and nothing may appear that was not given."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, BrowserContext, Error, Page

from survey.answering.keeping import comment_key, receipt_digest
from survey.database.engines import connected
from survey.database.migrating import migrate
from survey.tables import ClassLink, CourseClass, Role
from tests.answering.bad_network import Network
from tests.browser import PHONE
from tests.cast import open_school, saved, staff

PLACES = [f"{number:02}.useful" for number in range(1, 5)]
TEXT = "one_change"
NO_STORAGE = """for (const room of ['localStorage', 'sessionStorage'])
Object.defineProperty(window, room, {get() { throw new Error('refused') }})"""
NO_COOKIES = """Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set: () => {}})"""


class Phones:
    """Phones of three kinds, each used by many trainees in turn; every one of them has a class link of their own."""

    def __init__(self, browser: Browser) -> None:
        self.contexts: dict[str, BrowserContext] = {}
        for refuses in ("nothing", "storage", "cookies"):
            context = self.contexts[refuses] = browser.new_context(**PHONE)
            context.set_default_timeout(5000)
            context.clock.install()
        self.contexts["storage"].add_init_script(NO_STORAGE)
        self.contexts["cookies"].add_init_script(NO_COOKIES)
        self.contexts["cookies"].route("**/c/*", without_cookies)

    def close(self) -> None:
        for context in self.contexts.values():
            context.close()


class Trainee:
    """One trainee's tabs, and what was given and promised on them."""

    def __init__(self, phones: Phones, network: Network, code: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.network, self.code, self.seed = network, code, seed
        self.refuses = self.chance.choice(["nothing", "nothing", "nothing", "storage", "cookies"])
        self.context = phones.contexts[self.refuses]
        self.given: list[tuple[str, str]] = []
        # Place -> how many answers had been given when a page last called it saved.
        self.promised: dict[str, int] = {}
        self.tabs: list[Page] = []
        self.story: list[str] = [f"refuses {self.refuses}"]
        network.change("fair")
        self.open_tab()

    def open_tab(self) -> None:
        page = self.context.new_page()
        self.arrive(page, lambda: page.goto(f"{self.network.address}/c/{self.code}", timeout=1500))
        self.tabs.append(page)

    def open_for_sure(self) -> Page:
        """A tab that works, on a network that does; on a busy machine the first may be given up too early."""
        self.network.change("fair")
        for _ in range(5):
            self.open_tab()
            if self.works(self.tabs[-1]):
                return self.tabs[-1]
        raise AssertionError("no page opens though the network is fair")

    def arrive(self, page: Page, travel: Callable[[], object]) -> None:
        """Without a network and without a kept page there is nothing to open; a hung one is lost after a while."""
        try:
            travel()
        except Error:
            if self.network.weather != "fair":
                self.network.change("gone")
            page.wait_for_timeout(50)

    @contextmanager
    def not_for_ever(self) -> Iterator[None]:
        """A page that waits for a hung network answers nothing: after a while the network is gone instead."""
        rescue = threading.Timer(2, self.network.change, ["gone"])
        rescue.start()
        try:
            yield
        finally:
            rescue.cancel()

    def ask(self, page: Page, question: str, given: Any = None) -> Any:
        """Evaluates in a page, though it may be on its way to another."""
        for _ in range(200):
            try:
                with self.not_for_ever():
                    return page.evaluate(question, given)
            except Error as error:
                if "context" not in str(error):
                    raise
                page.wait_for_timeout(50)
        raise AssertionError("the page never comes to rest")

    def works(self, page: Page) -> bool:
        """Whether it is a form whose script runs, all of it there: a page on its way to another is neither."""
        return bool(self.ask(page, WORKS))

    def live(self) -> list[Page]:
        return [page for page in self.tabs if self.works(page)]

    def happen(self) -> None:
        deeds: list[tuple[int, Callable[[Page], None]]] = [
            (8, self.answer),
            (2, self.write),
            (4, self.wait),
            (2, self.reload),
            (3, self.weather),
            (1, self.second_tab),
            (1, self.kill),
            (1, self.jump),
            (1, self.send_twice),
        ]
        page = self.chance.choice(self.live() or [self.open_for_sure()])
        deed = self.chance.choices([deed for _, deed in deeds], [weight for weight, _ in deeds])[0]
        self.story.append(f"{deed.__name__} in tab {self.tabs.index(page)}")
        deed(page)
        self.look()

    def answer(self, page: Page) -> None:
        self.give(page, self.chance.choice(PLACES), str(self.chance.randint(0, 5)), TAP)

    def write(self, page: Page) -> None:
        self.give(page, TEXT, f"Lời góp ý {len(self.given)}", TYPE)

    def give(self, page: Page, place: str, value: str, deed: str) -> None:
        self.given.append((place, value))
        self.story[-1] += f": {place} {value}"
        if not self.ask(page, deed, [place, value]):  # the page has just left for another
            self.given.pop()
            self.story[-1] += " (too late)"

    def wait(self, page: Page) -> None:
        seconds = self.chance.choice([0.4, 0.6, 2, 9, 30])
        self.story[-1] += f" {seconds} s"
        with suppress(Error), self.not_for_ever():
            page.clock.run_for(int(seconds * 1000))
        page.wait_for_timeout(60)

    def reload(self, page: Page) -> None:
        self.arrive(page, lambda: page.reload(timeout=1500))

    def weather(self, _page: Page) -> None:
        weather = self.chance.choice(["fair", "fair", "gone", "hung", "deaf"])
        self.story[-1] += f": {weather}"
        self.network.change(weather)

    def second_tab(self, _page: Page) -> None:
        if len(self.tabs) < 3:
            self.open_tab()

    def kill(self, page: Page) -> None:
        # A phone that keeps neither answers nor the receipt cannot know its response again after that.
        if self.refuses == "nothing":
            page.close(run_before_unload=False)
            self.tabs.remove(page)

    def jump(self, page: Page) -> None:
        page.clock.set_system_time(self.chance.randint(1_500_000_000, 2_000_000_000))

    def send_twice(self, page: Page) -> None:
        self.ask(page, "const go = document.getElementById('go'); go?.click(); go?.click()")
        page.wait_for_timeout(100)

    def look(self) -> None:
        """Writes down what the pages promise now."""
        for page in self.live():
            saved: dict[str, list[str]] = self.ask(page, CALLED_SAVED)
            for place, values in saved.items():
                mine = [at for at, given in enumerate(self.given, 1) if given == (place, values[0])]
                if mine:
                    self.promised[place] = max(self.promised.get(place, 0), mine[-1])

    def come_to_rest(self) -> str | None:
        """The network is back: everything that waits is sent. Gives the receipt, if anything was."""
        self.network.change("fair")
        if not self.tabs:
            self.open_for_sure()
        for page in self.tabs:
            for _ in range(60):
                if not self.works(page):
                    with suppress(Error):
                        page.goto(f"{self.network.address}/c/{self.code}")
                with suppress(Error):
                    page.clock.run_for(70_000)
                page.wait_for_timeout(25)
                if self.ask(page, "document.querySelector('[role=status]')?.dataset.state") in ("saved", "will"):
                    break
        self.look()
        receipts = {page.url.split("/r/")[1][:16] for page in self.tabs if "/r/" in page.url}
        assert len(receipts) <= 1, "two responses on one phone"
        return receipts.pop() if receipts else None

    def judge(self, kept: dict[str, Any] | None) -> None:
        """Holds what is kept against what was given and promised."""
        kept = kept or {}
        for place, value in kept.items():
            assert (place, str(value)) in self.given, f"{place} = {value} was never given"
        for place, at in self.promised.items():
            later = [value for number, (name, value) in enumerate(self.given, 1) if name == place and number >= at]
            assert str(kept.get(place)) in later, f"{place}: kept {kept.get(place)}, called saved {later[:1]}"

    def suffer(self, file: Path, deeds: int) -> None:
        """The whole story, and what is kept of it in a database file.

        Raises:
            AssertionError: something is lost, doubled or invented; with the story.
        """
        before = _responses(file)
        try:
            for _ in range(deeds):
                self.happen()
            receipt = self.come_to_rest()
            assert _responses(file) - before <= 1, "doubled"
            self.judge(_kept_answers(file, receipt) if receipt else None)
        except AssertionError as error:
            raise AssertionError(f"{self.code}: {error}\n" + "\n".join(self.story)) from error
        finally:
            for page in self.tabs:
                page.close()


async def prepare_classes(file: Path, number: int) -> None:
    """A database with a course of four modules and many classes, whose links are LOP0, LOP1, ..."""
    async with connected(f"sqlite:///{file}"):
        await migrate()
        await staff("quantri", Role.administrator)
        school = await open_school(enrolled=10)
        cohort, evaluation = school.cohort.id, school.evaluation.id
        for key in range(number):
            names = {"vi": f"Lớp {key}", "en": f"Class {key}"}
            course_class = await saved(CourseClass(cohort=cohort, key=f"{key}", names=names, enrolled=10))
            await saved(ClassLink(evaluation=evaluation, course_class=course_class.id, code=f"LOP{key}"))


def _responses(file: Path) -> int:
    with closing(sqlite3.connect(file)) as connection:
        return int(connection.execute("SELECT count(*) FROM response").fetchone()[0])


def _kept_answers(file: Path, receipt: str) -> dict[str, Any]:
    with closing(sqlite3.connect(file)) as connection:
        kept = "SELECT document FROM response WHERE receipt = ?"
        (document,) = connection.execute(kept, [receipt_digest(receipt)]).fetchone()
        text = connection.execute("SELECT text FROM comment WHERE key = ?", [comment_key(receipt, TEXT)]).fetchone()
    return dict(msgspec.json.decode(document)) | ({TEXT: text[0]} if text else {})


# A page may leave for another between two questions: none of them takes for granted what it looks for.
WORKS = """document.readyState != 'loading' && document.documentElement.classList.contains('js')
&& !!document.getElementById('form') && !!document.querySelector('[role=status]')"""
TAP = """([name, step]) => { const box = document.querySelector(`input[name='${name}'][value='${step}']`)
box?.click(); return !!box }"""
TYPE = """([name, text]) => { const [box] = document.getElementsByName(name)
if (box) { box.value = text; box.dispatchEvent(new Event('input', {bubbles: true})) }
return !!box }"""
CALLED_SAVED = """() => { const found = {}
if (document.querySelector('[role=status]')?.dataset.state == 'saved')
  for (const [name, value] of new FormData(document.getElementById('form'))) (found[name] ??= []).push(value)
return found }"""


def without_cookies(route: Any) -> None:
    try:
        answer = route.fetch(headers={**route.request.headers, "cookie": ""}, max_redirects=0, timeout=9000)
        headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
        route.fulfill(response=answer, headers=headers)
    except Error:
        with suppress(Error):
            route.abort()
