"""A refusal outside the web: one sentence that says what is wrong and what to do about it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Refused(Exception):
    """The sentence is English and stands in the catalogues as it is written; `words` are what it is filled with."""

    def __init__(self, sentence: str, **words: Any) -> None:
        super().__init__(sentence.format(**words))
        self.sentence, self.words = sentence, words


@contextmanager
def refused_if_there(sentence: str, **words: Any) -> Iterator[None]:
    """What a unique constraint refuses in this block is refused in words. The database is our witness."""
    import asyncpg  # here, so that the command line can say its help at once

    try:
        yield
    except asyncpg.UniqueViolationError as error:
        raise Refused(sentence, **words) from error
    except sqlite3.IntegrityError as error:
        if error.sqlite_errorname != "SQLITE_CONSTRAINT_UNIQUE":
            raise
        raise Refused(sentence, **words) from error
