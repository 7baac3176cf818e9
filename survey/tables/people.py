"""Staff accounts, their sessions and one-time links, and the register of what they did."""

from __future__ import annotations

import enum

from piccolo.columns import JSON, Boolean, Bytea, ForeignKey, Integer, OnDelete, Serial, Text, Timestamptz, Varchar
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.table import Table

from survey.tables.units import Unit


class Role(enum.StrEnum):
    administrator = "administrator"
    designer = "designer"
    head = "head"


class Account(Table):
    id: Serial
    login = Varchar(length=120, unique=True)
    name = Varchar(length=200)
    role = Varchar(length=20, choices=Role)
    # The unit that a head or designer sees, with everything beneath it; none means all (administrator).
    unit = ForeignKey(Unit, null=True, default=None, on_delete=OnDelete.restrict)
    # argon2id; none until the person has chosen a password. There is no default password.
    password = Text(null=True, default=None, secret=True)
    active = Boolean(default=True)


class Session(Table):
    digest = Bytea(primary_key=True, default=b"")
    account = ForeignKey(Account, null=False)
    # Stands in every form of this session, against forged requests.
    csrf = Varchar(length=64)
    expires_at = Timestamptz(default=TimestamptzNow())


class SignInLink(Table, tablename="sign_in_link"):
    """A link made on the command line; it works once, and only for a short while."""

    digest = Bytea(primary_key=True, default=b"")
    account = ForeignKey(Account, null=False)
    expires_at = Timestamptz(default=TimestamptzNow())


class SignInTry(Table, tablename="sign_in_try"):
    """Failed sign-ins per login, so that guessing is slowed down however often the server restarts."""

    login = Varchar(length=120, primary_key=True, default="")
    failures = Integer(default=0)
    blocked_until = Timestamptz(default=TimestamptzNow())


class AuditEntry(Table, tablename="audit_entry"):
    """What a member of staff did, and when. Nothing that a trainee does is ever written here."""

    id: Serial
    at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    deed = Varchar(length=60)
    subject = Varchar(length=200)
    details = JSON()
