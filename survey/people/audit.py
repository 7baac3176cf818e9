"""The register of what staff did. Nothing that a trainee does, and no address of the network, is ever written here."""

from __future__ import annotations

import datetime
from typing import Any

import msgspec

from survey.people.sessions import Staff
from survey.tables import Account, AuditEntry


async def note(who: Staff | Account | int | None, deed: str, subject: str, **details: Any) -> None:
    """Writes one entry, inside the transaction of the deed where there is one.

    who: the member of staff, or their account's number; none for the operator at the command line.
    deed: a few words ("sign-in", "evaluation sealed"); subject: what it was done to, as people call it.
    """
    account = who if isinstance(who, int) or who is None else who.id
    await AuditEntry.insert(
        AuditEntry(
            at=datetime.datetime.now(datetime.UTC),
            account=account,
            deed=deed,
            subject=subject[:200],
            details=msgspec.json.encode(details).decode(),
        )
    )
