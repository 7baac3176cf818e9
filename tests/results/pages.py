"""Reads pages of results the way a person does: the row of a module, its cells in words."""

from __future__ import annotations

import html
import re


def words(fragment: str) -> str:
    """The text of a piece of a page, with single spaces."""
    visible = re.sub(r"<svg.*?</svg>", " ", fragment, flags=re.S)
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", visible))).strip()


def rows(page) -> list[str]:
    return re.findall(r"<tr\b.*?</tr>", page.text, flags=re.S)


def cells(page, heading: str) -> list[str]:
    """The cells of the first row that begins with a heading, in words."""
    for row in rows(page):
        first = re.search(r'<th scope="row".*?</th>', row, flags=re.S)
        if first and words(first[0]).startswith(heading):
            return [words(cell) for cell in re.findall(r"<td\b.*?</td>", row, flags=re.S)]
    raise AssertionError(f"no row begins with {heading!r}: {words(page.text)[:2000]}")


def order(page, *headings: str) -> list[str]:
    """The headings in the order in which they stand on the page's first table."""
    table = page.text.partition("<table")[2].partition("</table>")[0]
    return sorted(headings, key=lambda heading: table.index(f">{heading}<"))


def part(page, start: str, end: str = "</section>") -> str:
    """What stands between two marks of a page, in words."""
    return words(page.text.partition(start)[2].partition(end)[0])
