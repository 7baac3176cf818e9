"""Sheets as a browser sends them."""

import re
from urllib.parse import urlencode

FORM = {"content-type": "application/x-www-form-urlencoded"}


def body(*answers, sequence=1, receipt=None):
    """The body of a sent form; its last field says that nothing was cut off."""
    fields = [("sequence", str(sequence)), *answers]
    if receipt:
        fields.append(("receipt", receipt))
    return urlencode([*fields, ("complete", "1")])


async def send(client, path, *answers, cookies=None, **hidden):
    """Send a form as one phone does; without `cookies` it is a phone that has never been here."""
    client.cookies.clear()
    client.cookies.update({"gopy_phone": "phone-of-an"} if cookies is None else cookies)
    return await client.post(path, content=body(*answers, **hidden), headers=FORM)


async def look(client, path, cookies=None, **headers):
    client.cookies.clear()
    client.cookies.update(cookies or {})
    return await client.get(path, headers=headers)


def asked(page):
    """Keys of the lessons that a page asks about."""
    return re.findall(r'class="step module" id="m(\d+)"', page.text)


def part_of(page):
    return re.search(r'name="part" value="([\w-]+)"', page.text)[1]
