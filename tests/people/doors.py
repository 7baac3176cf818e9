"""How tests sign somebody in: through the pages, as a person would."""

from __future__ import annotations

import re

import httpx

from survey.people.links import sign_in_link
from survey.people.passwords import hash_of
from survey.tables import Account

PASSWORD = "sông Hồng chảy qua cầu"


def csrf(page) -> str:
    """The word that stands in the forms of a page."""
    return re.search(r'name="csrf" value="([^"]+)"', page.text)[1]


def path_of(link: str) -> str:
    return "/in/" + link.rpartition("/in/")[2]


async def with_password(account: Account, password: str = PASSWORD) -> Account:
    account.password = await hash_of(password)
    await account.save()
    return account


async def sign_in(client: httpx.AsyncClient, login: str, password: str = PASSWORD, **headers: str):
    """Fills in the sign-in form."""
    form = await client.get("/sign-in")
    fields = {"csrf": csrf(form), "login": login, "password": password}
    return await client.post("/sign-in", data=fields, headers=headers)


async def sign_in_by_link(client: httpx.AsyncClient, account: Account):
    """Opens a one-time link and presses its button."""
    path = path_of(await sign_in_link(account, client.app.state.settings))
    return await client.post(path, data={"csrf": csrf(await client.get(path))})
