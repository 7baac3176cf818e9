"""The parts of a form: each offers some of a cohort's lessons, and a sheet is one part."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import gcd
from operator import attrgetter

import msgspec

from survey.forms.places import Place
from survey.forms.shape import Offered

# Where a stored sheet says which part it is; no item may be called so (proofreading.RESERVED).
PART = "part"


class Part(msgspec.Struct, frozen=True):
    """Which lessons a sheet asks about, and among which it lets its writer pick."""

    key: str
    asked: tuple[Offered, ...]
    pickable: tuple[Offered, ...]


def parts_of(offered: Sequence[Offered], *, daily: bool, share: int | None, evaluation: int) -> dict[str, Part]:
    """The parts of an evaluation by key; none where every sheet asks about all lessons."""
    if daily:
        return {part.key: part for part in day_parts(offered)}
    if share is None or share >= len(offered):
        return {}
    return {part.key: part for part in rotation_parts(offered, share=share, salt=str(evaluation))}


def day_parts(offered: Iterable[Offered]) -> list[Part]:
    """A part for each teaching day, named by its date. Lessons without a date have no day yet."""
    dated = sorted((one for one in offered if one.taught_on), key=attrgetter("taught_on"))
    days = [(day, tuple(lessons)) for day, lessons in groupby(dated, key=attrgetter("taught_on"))]
    return [Part(day.isoformat(), lessons, lessons) for day, lessons in days]


def rotation_parts(offered: Sequence[Offered], *, share: int, salt: str) -> list[Part]:
    """Parts of `share` lessons each, to be handed out in turn, in which every lesson stands equally often.

    The lessons stand in a circle and each part takes the next `share` of them. However many parts were handed out, and
    wherever one began, no lesson was offered more than once oftener than another. Components lie spread over the
    circle, so that each part has some of each. A lesson may be picked whether or not the part asks about it.

    A part is named by the lessons that it holds: if the lessons change, an old name means nothing rather than others.
    """
    circle = _spread(offered, salt)
    number = len(circle) // gcd(len(circle), share)
    blocks = [{circle[(turn * share + place) % len(circle)].key for place in range(share)} for turn in range(number)]
    parts = [tuple(one for one in offered if one.key in block) for block in blocks]
    return [Part(_name(asked), asked, tuple(offered)) for asked in parts]


def unoffered(places: dict[str, Place], part: Part | None) -> list[str]:
    """Names of the places about lessons that a part leaves out; of a sheet whose part is not known, all of them."""
    asked = {one.key for one in part.asked} if part else set()
    return [name for name, place in places.items() if place.offered and place.offered.key not in asked]


def unpickable(keys: Iterable[str], part: Part | None) -> list[str]:
    """Those of the lessons that could not be picked on a part; of a sheet whose part is not known, all of them."""
    pickable = {one.key for one in part.pickable} if part else set()
    return [key for key in keys if key not in pickable]


def _spread(offered: Sequence[Offered], salt: str) -> list[Offered]:
    """The lessons in an order of their own for each evaluation, those of a component as far apart as they can be."""
    drawn = sorted(offered, key=lambda one: _digest(f"{salt}/{one.key}"))
    components: dict[str, list[Offered]] = {}
    for one in drawn:
        components.setdefault(one.component, []).append(one)
    spread = [
        ((place + 0.5) / len(some), key, one) for key, some in components.items() for place, one in enumerate(some)
    ]
    return [one for _, _, one in sorted(spread, key=lambda place: place[:2])]


def _name(asked: Sequence[Offered]) -> str:
    return _digest("/".join(one.key for one in asked))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=4).hexdigest()
