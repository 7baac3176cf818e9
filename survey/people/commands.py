"""`gopy account`: the operator makes accounts, hands out one-time links, and switches accounts off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

import click

from survey.database.engines import connected
from survey.database.migrating import migrate, pending_migrations
from survey.people import accounts
from survey.people.links import sign_in_link
from survey.settings import Settings, WrongSetting, read_settings
from survey.tables import Account, Role, Unit

Command = Callable[..., Coroutine[Any, Any, None]]


@click.group()
def account() -> None:
    """Accounts of staff. Trainees have none."""


def with_database(command: Command) -> Callable[..., None]:
    """Gives a command its tables, as new as this program, for as long as it runs."""

    async def run(*given: Any, **options: Any) -> None:
        async with connected(_settings().database):
            if await pending_migrations():
                await migrate()
            await command(*given, **options)

    @wraps(command)
    def start(*given: Any, **options: Any) -> None:
        asyncio.run(run(*given, **options))

    return start


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="The person's name, as pages show it.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--unit", "unit_key", help="Key of the unit that a designer or head sees, with all beneath it.")
@with_database
async def add(login: str, name: str, role: str, unit_key: str | None) -> None:
    """Make an account. It has no password: `gopy account link LOGIN` lets its owner choose one."""
    login = accounts.as_login(login)
    if not login:
        raise click.ClickException("A login needs at least one letter.")
    unit = await _unit_for(Role(role), unit_key)
    if not await accounts.new_account(login, name=name, role=Role(role), unit=unit):
        raise click.ClickException(f"There is an account {login} already.")
    click.echo(f"Account {login} made. Next: gopy account link {login}")


@account.command()
@click.argument("login")
@click.option("--forgotten", is_flag=True, help="The password is lost: take it away, so that a new one is chosen.")
@with_database
async def link(login: str, forgotten: bool) -> None:
    """Print an address that signs LOGIN in once."""
    settings, somebody = _settings(), await _account(login)
    if forgotten:
        await accounts.forget_password(somebody)
    click.echo(await sign_in_link(somebody, settings))
    click.echo(f"It works once, for {settings.sign_in_minutes} minutes. Hand it to nobody but its owner.", err=True)


@account.command("list")
@with_database
async def list_accounts() -> None:
    """Print every account: login, role, unit, name, and whether it is in use."""
    rows = await Account.select(
        Account.login, Account.role, Account.unit.key.as_alias("unit"), Account.name, Account.active, Account.password
    ).order_by(Account.login)
    for row in rows:
        click.echo("\t".join([row["login"], row["role"], row["unit"] or "-", row["name"], _state(row)]))


@account.command()
@click.argument("login")
@with_database
async def off(login: str) -> None:
    """Switch an account off; it is signed out everywhere."""
    somebody = await _account(login)
    await accounts.switch_off(somebody)
    click.echo(f"Account {somebody.login} is off.")


def _settings() -> Settings:
    try:
        return read_settings()
    except WrongSetting as error:
        raise click.ClickException(str(error)) from error


async def _unit_for(role: Role, key: str | None) -> int | None:
    if role == Role.administrator:
        if key:
            raise click.ClickException("An administrator sees every unit: leave --unit out.")
        return None
    if not key:
        raise click.ClickException(f"A {role} sees one unit and all beneath it: say which with --unit KEY.")
    unit = await Unit.select(Unit.id).where(Unit.key == key).first()
    if unit is None:
        keys = [row["key"] for row in await Unit.select(Unit.key).order_by(Unit.key).limit(20)]
        raise click.ClickException(f"There is no unit {key}. Units: {', '.join(keys) or 'none yet'}.")
    return unit["id"]


async def _account(login: str) -> Account:
    account = await accounts.account_in_use(accounts.as_login(login))
    if account is None:
        raise click.ClickException(f"There is no account {login} in use. `gopy account list` shows them all.")
    return account


def _state(row: dict[str, Any]) -> str:
    if not row["active"]:
        return "off"
    return "in use" if row["password"] else "no password yet"
