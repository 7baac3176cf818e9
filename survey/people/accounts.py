"""Accounts: who they are, how their password is checked, chosen and taken away."""

from __future__ import annotations

import unicodedata

from survey.people import passwords
from survey.people.audit import note
from survey.people.sessions import OpenSession, Staff, end_sessions
from survey.people.tries import count_try, forget_tries
from survey.tables import Account, Role, SignInLink


def as_login(typed: str) -> str:
    """A login as it is kept: without stray spaces, in small letters, and without what a database cannot hold."""
    return unicodedata.normalize("NFC", typed.replace("\0", "")).strip().lower()[:120]


async def account_in_use(login: str) -> Account | None:
    return await Account.objects().where(Account.login == login, Account.active == True).first()  # noqa: E712


async def new_account(login: str, *, name: str, role: Role, unit: int | None) -> Account | None:
    """A new account without a password, or nothing where the login is taken."""
    account = Account(login=login, name=name, role=role, unit=unit)
    async with Account._meta.db.transaction():
        made = (
            await Account.insert(account).on_conflict(target=Account.login, action="DO NOTHING").returning(Account.id)
        )
        if made:
            await note(None, "account made", login, role=role)
    return account if made else None


async def account_with(login: str, password: str) -> Account | None:
    """The account that this login and password open, if any; raises `slow_down` after too many failures."""
    await count_try(login)
    account = await account_in_use(login)
    if not await passwords.matches(password, account.password if account else None):
        # Written for unknown logins too: a commit more or less could be told by the time it takes.
        await note(account, "sign-in failed", account.login if account else "unknown login")
        return None
    assert account is not None
    await forget_tries(login)
    if passwords.is_outdated(account.password):
        await _keep_hash(account, await passwords.hash_of(password))
    return account


async def _keep_hash(account: Account, stronger: str) -> None:
    # Only in place of the hash that was checked: the person may be choosing another password at this very moment.
    checked = account.password
    await Account.update({Account.password: stronger}).where(Account.id == account.id, Account.password == checked)


async def is_own_password(staff: Staff, password: str) -> bool:
    """Whether this is the present password of who is signed in; counted like a sign-in against guessing."""
    await count_try(staff.login)
    kept = await Account.select(Account.password).where(Account.id == staff.id).first()
    if not await passwords.matches(password, kept["password"]):
        return False
    await forget_tries(staff.login)
    return True


async def has_password(account: int) -> bool:
    return await Account.exists().where(Account.id == account, Account.password.is_not_null())


async def change_password(staff: Staff, session: OpenSession, password: str) -> None:
    """From here on this is the password, and this session the only one."""
    hashed = await passwords.hash_of(password)
    async with Account._meta.db.transaction():
        await Account.update({Account.password: hashed}).where(Account.id == staff.id)
        await end_sessions(staff.id, but=session)
        await SignInLink.delete().where(SignInLink.account == staff.id)
        await note(staff, "password changed", staff.login)


async def forget_password(account: Account) -> None:
    """The person has lost it: the next link lets them choose another. Who is signed in with it is signed out."""
    async with Account._meta.db.transaction():
        await Account.update({Account.password: None}).where(Account.id == account.id)
        await end_sessions(account.id)
        await note(None, "password forgotten", account.login)


async def switch_off(account: Account) -> None:
    """The account stays in the register of deeds, but nobody signs in with it any more."""
    async with Account._meta.db.transaction():
        await Account.update({Account.active: False, Account.password: None}).where(Account.id == account.id)
        await end_sessions(account.id)
        await SignInLink.delete().where(SignInLink.account == account.id)
        await note(None, "account off", account.login)
