"""One-time sign-in links: made for somebody, shown as often as one likes, spent once."""

from __future__ import annotations

import datetime

from litestar.datastructures import Cookie

from survey.people.audit import note
from survey.people.sessions import OpenSession, open_session
from survey.people.tokens import new_token, token_digest
from survey.problems import Problem, Refusal
from survey.settings import Settings
from survey.tables import Account, SignInLink


async def sign_in_link(account: Account, settings: Settings) -> str:
    """An address that signs this account in, once, within `settings.sign_in_minutes`."""
    token, now = new_token(), datetime.datetime.now(datetime.UTC)
    expires_at = now + datetime.timedelta(minutes=settings.sign_in_minutes)
    async with SignInLink._meta.db.transaction():
        await SignInLink.delete().where(SignInLink.expires_at <= now)
        await SignInLink.insert(SignInLink(digest=token_digest(token), account=account.id, expires_at=expires_at))
        await note(None, "link made", account.login)
    return f"{settings.base_address}/in/{token}"


async def owner_of(token: str) -> Account:
    """Whom a link would sign in. Looking spends nothing: chat programs and scanners open every address they see."""
    link = await SignInLink.select(SignInLink.account).where(*_works(token)).first()
    return await _account(link)


async def spend_link(token: str, settings: Settings, *, instead_of: OpenSession | None) -> tuple[Account, Cookie]:
    """Signs in by a link and makes it worthless, both or neither."""
    async with SignInLink._meta.db.transaction():
        # The database gives the row to one of those who ask at the same time.
        spent = await SignInLink.delete().where(*_works(token)).returning(SignInLink.account)
        account = await _account(spent[0] if spent else None)
        cookie = await open_session(account.id, settings, instead_of=instead_of)
        await note(account, "sign-in", account.login, by="link")
    return account, cookie


def _works(token: str):
    now = datetime.datetime.now(datetime.UTC)
    return SignInLink.digest == token_digest(token), SignInLink.expires_at > now


async def _account(link: dict | None) -> Account:
    account = link and await Account.objects().where(Account.id == link["account"], Account.active == True).first()  # noqa: E712
    if not account:
        raise Problem(Refusal.link_spent)
    return account
