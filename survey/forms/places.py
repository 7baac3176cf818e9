"""A form laid over what an evaluation offers: every place where something can be answered, by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from survey.forms.shape import NOT_ATTENDED, Choice, Comment, Form, Item, Offered, Pick, Rating


class Place(msgspec.Struct, frozen=True):
    """One question that somebody is asked. Its name is the name of the form's field and of the sealed column."""

    name: str
    item: Item
    offered: Offered | None
    # Highest step; 0 where nothing is rated.
    top: int = 0
    # What a field may say, as it arrives, and the step that is kept of it (of a pick: the modules' keys).
    values: dict[str, int] = msgspec.field(default_factory=dict)


def places(form: Form, offered: Sequence[Offered], pickable: Sequence[Offered] | None = None) -> dict[str, Place]:
    """All places of a form by name, in the order in which they are asked.

    It asks about the lessons `offered`; picks choose among those, or among the `pickable` where they are others.
    """
    return {place.name: place for place in _places(form, offered, offered if pickable is None else pickable)}


def column(pick: str, key: str) -> str:
    """Name of the sealed column that says whether a module was picked."""
    return f"{pick}:{key}"


def _places(form: Form, offered: Sequence[Offered], pickable: Sequence[Offered]) -> Iterator[Place]:
    for section in form.sections:
        for one in (None,) if section.per == "course" else offered:
            for item in section.items:
                name = f"{one.key}.{item.key}" if one else item.key
                match item:
                    case Rating():
                        scale = form.scale(item.scale)
                        top, may_miss = len(scale.steps), scale.not_attended is not None and one is not None
                    case Choice():
                        top, may_miss = len(item.options), False
                    case Comment() | Pick():
                        top, may_miss = 0, False
                steps = range(NOT_ATTENDED if may_miss else 1, top + 1)
                values = {str(step): step for step in steps}
                if isinstance(item, Pick):
                    values = {other.key: 1 for other in pickable}
                yield Place(name, item, one, top, values)
