"""What the demo's trainees write beside their ticks: sentences of a stock, fitted to what they rated."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec
import numpy as np

from survey.demo.model import COURSE_ITEMS, SEED, Sheet
from survey.demo.revisions import version_taught

STOCK_FILE = Path(__file__).with_name("comments.toml")
SHARE_WHO_REMARK = 0.4
SHARE_WHO_PRAISE = 0.15
SHARE_ON_COURSE = 0.4


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    module: str
    version: int
    texts: list[str]


class Stock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    low: list[str]
    high: list[str]
    course: list[str]
    about: list[About]


def read_stock() -> Stock:
    return msgspec.toml.decode(STOCK_FILE.read_bytes(), type=Stock)


class Deck:
    """Sentences in random order, each drawn once before any comes again."""

    def __init__(self, chance: np.random.Generator, texts: list[str]) -> None:
        self._chance, self._texts, self._left = chance, texts, list[str]()

    def draw(self) -> str:
        if not self._left:
            self._left = [str(text) for text in self._chance.permutation(self._texts)]
        return self._left.pop()


class Writers:
    """The trainees of a cohort as writers: who writes, on what, and which sentence."""

    def __init__(self, cohort: int) -> None:
        self._chance = np.random.default_rng([SEED, cohort, len(COURSE_ITEMS)])
        stock = read_stock()
        self._low, self._high, self._course = (self._deck(texts) for texts in (stock.low, stock.high, stock.course))
        self._about: Mapping[str, Deck] = {
            about.module: self._deck(about.texts)
            for about in stock.about
            if about.version == version_taught(about.module, cohort)
        }

    def _deck(self, texts: list[str]) -> Deck:
        return Deck(self._chance, texts)

    def remarks(self, sheet: Sheet) -> dict[str, str]:
        """Module -> what this trainee writes about it: mostly about modules picked for revision."""
        remarks: dict[str, str] = {}
        if self._chance.random() < SHARE_WHO_REMARK:
            remarks |= {module: self._about.get(module, self._low).draw() for module in sheet.revise_first}
        if sheet.most_useful and self._chance.random() < SHARE_WHO_PRAISE:
            remarks[sheet.most_useful[0]] = self._high.draw()
        return remarks

    def on_course(self, sheet: Sheet) -> str | None:
        """One sentence on the whole course, or none; who broke off never came to that question."""
        wants_to = self._chance.random() < SHARE_ON_COURSE
        return self._course.draw() if wants_to and sheet.course else None
