"""Failed sign-ins: counted per login in the database, and slowed down more and more."""

from __future__ import annotations

import datetime
import hashlib
import math

from survey.problems import Problem, Refusal
from survey.tables import SignInTry

FREE_TRIES = 5
LONGEST_WAIT = 60
FORGOTTEN_AFTER = datetime.timedelta(days=1)


async def count_try(login: str) -> None:
    """Counts a try as failed before the password is looked at, so that parallel guesses count each for itself.

    Raises:
        Problem: slow_down, with the minutes until the next try; then nothing was counted.
    """
    key = _key(login)
    async with SignInTry._meta.db.transaction():
        failures, blocked_until = await _one_more_failure(key)
        now = datetime.datetime.now(datetime.UTC)  # not before the row was ours: others may have kept us waiting
        if blocked_until > now:
            raise _slow_down(blocked_until - now)
        if blocked_until < now - FORGOTTEN_AFTER:
            failures = 1
        free_again = now + datetime.timedelta(minutes=minutes_to_wait(failures))
        await SignInTry.update({SignInTry.failures: failures, SignInTry.blocked_until: free_again}).where(
            SignInTry.login == key
        )


async def forget_tries(login: str) -> None:
    """The right password was given: the count begins anew. Old counts of others go with it."""
    long_ago = datetime.datetime.now(datetime.UTC) - FORGOTTEN_AFTER
    await SignInTry.delete().where((SignInTry.login == _key(login)) | (SignInTry.blocked_until < long_ago))


async def _one_more_failure(key: str) -> tuple[int, datetime.datetime]:
    """Failures with this one, and until when tries are refused. The row stays locked until the transaction ends."""
    now = datetime.datetime.now(datetime.UTC)
    await SignInTry.insert(SignInTry(login=key, failures=0, blocked_until=now)).on_conflict(
        target=SignInTry.login, action="DO NOTHING"
    )
    (row,) = (
        await SignInTry.update({SignInTry.failures: SignInTry.failures + 1})
        .where(SignInTry.login == key)
        .returning(SignInTry.failures, SignInTry.blocked_until)
    )
    return row["failures"], row["blocked_until"]


def _slow_down(wait: datetime.timedelta) -> Problem:
    seconds = math.ceil(wait.total_seconds())
    return Problem(Refusal.slow_down, headers={"retry-after": str(seconds)}, minutes=math.ceil(seconds / 60))


def minutes_to_wait(failures: int) -> int:
    """Nothing for the first tries, then 1, 2, 4, ... minutes, an hour at most."""
    if failures < FREE_TRIES:
        return 0
    return min(2 ** (failures - FREE_TRIES), LONGEST_WAIT)


def _key(login: str) -> str:
    """Twenty bits of the login's hash: people type their password into this field by mistake, and it must not be kept.

    It also bounds the table, whatever logins are invented; that two logins share a key does not matter at a million.
    """
    return hashlib.sha256(login.encode(errors="replace")).hexdigest()[:5]
