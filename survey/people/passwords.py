"""Passwords: argon2id, chosen by the person alone, and looked at with the same work whether the login exists or not."""

from __future__ import annotations

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from survey.people.tokens import new_token
from survey.web.languages import Translate

SHORTEST = 12
FEWEST_LETTERS = 5
# A login as short as "an" is part of many a good sentence.
SHORTEST_NAME = 4
# RFC 9106, second recommended option, in one lane: the machine has other things to do.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
# One at a time: a flood of sign-ins must take neither 64 MB each nor every processor from the trainees.
_HASHING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")


def weaknesses(password: str, again: str, *, login: str, _: Translate) -> list[str]:
    """Why this cannot be somebody's password, in sentences for that person; an empty list if it can."""
    found = []
    if len(_same_letters(password)) < SHORTEST:
        found.append(_("The password needs at least {shortest} characters.").format(shortest=SHORTEST))
    elif len(set(password)) < FEWEST_LETTERS:
        found.append(_("The password needs more different characters."))
    if len(login) >= SHORTEST_NAME and login.casefold() in password.casefold():
        found.append(_("The password must not contain the name that you sign in with."))
    if _same_letters(password) != _same_letters(again):
        found.append(_("The two passwords are not the same. Type the new password twice."))
    return found


async def hash_of(password: str) -> str:
    return await _in_thread(HASHER.hash, _same_letters(password))


async def matches(password: str, kept: str | None) -> bool:
    """Whether this is the password. Without a kept hash the work is the same and the answer is no."""
    return await _in_thread(_matches, _same_letters(password), kept)


def is_outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _matches(password: str, kept: str | None) -> bool:
    nobodys = _nobodys_hash()  # made before the question is decided, so that the first try costs both sides the same
    try:
        HASHER.verify(kept or nobodys, password)
    except VerifyMismatchError:
        return False
    return kept is not None


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(new_token())


def _same_letters(password: str) -> str:
    """Vietnamese letters come composed from one keyboard and decomposed from another."""
    return unicodedata.normalize("NFC", password)


async def _in_thread(work, *given):
    return await asyncio.get_running_loop().run_in_executor(_HASHING, work, *given)
