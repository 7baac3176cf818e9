"""Reads a definition of a questionnaire and says, with the place, what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from survey.forms.shape import Choice, Comment, Form, Pick, Rating, Section, Words

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

# Fields of the sheet and columns of the sealed ratings that are no items.
RESERVED = frozenset({"class", "complete", "invalid", "part", "receipt", "sequence"})


class Slip(msgspec.Struct, frozen=True):
    """One thing wrong: where (`sections[2].items[0].text.en`) and what."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class WrongDefinition(Exception):
    """A definition with slips; the message names the source and every place."""

    def __init__(self, source: str, slips: list[Slip]) -> None:
        super().__init__("\n".join(f"{source}: {slip}" for slip in slips))
        self.slips = slips


def read_form(source: str | Path) -> Form:
    """A proofread form from a TOML text or a file of it.

    Raises:
        WrongDefinition: with every slip found; where the text is no TOML or has a wrong shape, with the first.
    """
    name, text = (source.name, source.read_bytes()) if isinstance(source, Path) else ("definition", source.encode())
    try:
        form = msgspec.toml.decode(text, type=Form)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at `$.")
        raise WrongDefinition(name, [Slip(place.rstrip("`") or "form", what)]) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise WrongDefinition(name, [Slip("form", f"is not TOML: {error}")]) from error
    if slips := list(proofread(form)):
        raise WrongDefinition(name, slips)
    return form


def proofread(form: Form) -> Iterator[Slip]:
    """Every slip of a form, in reading order."""
    if not KEY.fullmatch(form.key.replace("-", "_")):
        yield Slip("key", "use small letters, digits and hyphens, beginning with a letter")
    if form.version < 1:
        yield Slip("version", "counts from 1")
    if not form.languages:
        yield Slip("languages", "name at least one language")
    yield from _worded(form, "title", form.title)
    yield from _scales(form)
    if not form.sections:
        yield Slip("sections", "a form asks something: add a section")
    for number, section in enumerate(form.sections):
        yield from _section(form, f"sections[{number}]", section)
    yield from _repeated("sections", (section.key for section in form.sections))
    yield from _repeated_items(form)
    if form.policy is not None:
        yield from _worded(form, "policy.legal_basis", form.policy.legal_basis)
        if form.policy.blank_limit is not None and not 0 <= form.policy.blank_limit < 1:
            yield Slip("policy.blank_limit", "is a share from 0 to below 1 (0.05 is 5 %)")


def _worded(form: Form, place: str, words: Words) -> Iterator[Slip]:
    for language in form.languages:
        if not words.get(language, "").strip():
            yield Slip(f"{place}.{language}", "is missing: every text is needed in every language of the form")
    for language in words:
        if language not in form.languages:
            yield Slip(f"{place}.{language}", "is in a language that the form does not list")


def _scales(form: Form) -> Iterator[Slip]:
    yield from _repeated("scales", (scale.key for scale in form.scales))
    for number, scale in enumerate(form.scales):
        place = f"scales[{number}]"
        if not KEY.fullmatch(scale.key):
            yield Slip(f"{place}.key", "use small letters, digits and _, beginning with a letter")
        if len(scale.steps) < 2:
            yield Slip(f"{place}.steps", "a scale needs two or more steps")
        if len(scale.steps) > 11:
            yield Slip(f"{place}.steps", "more than eleven steps cannot be told apart")
        for step, words in enumerate(scale.steps):
            yield from _worded(form, f"{place}.steps[{step}]", words)
        for language in form.languages:
            labels = [words.get(language, "") for words in scale.steps]
            yield from _repeated(f"{place}.steps ({language})", filter(None, labels))
        if scale.not_attended is not None:
            yield from _worded(form, f"{place}.not_attended", scale.not_attended)


def _section(form: Form, place: str, section: Section) -> Iterator[Slip]:
    if not KEY.fullmatch(section.key):
        yield Slip(f"{place}.key", "use small letters, digits and _, beginning with a letter")
    yield from _worded(form, f"{place}.title", section.title)
    if not section.items:
        yield Slip(f"{place}.items", "a section asks something: add an item")
    for number, item in enumerate(section.items):
        here = f"{place}.items[{number}]"
        if not KEY.fullmatch(item.key):
            yield Slip(f"{here}.key", "use small letters, digits and _, beginning with a letter")
        if item.key in RESERVED:
            yield Slip(f"{here}.key", f"“{item.key}” is a word of the service's own: choose another")
        yield from _worded(form, f"{here}.text", item.text)
        match item:
            case Rating():
                if item.scale not in {scale.key for scale in form.scales}:
                    yield Slip(f"{here}.scale", f"there is no scale “{item.scale}”")
            case Choice():
                if len(item.options) < 2:
                    yield Slip(f"{here}.options", "a choice needs two or more options")
                for option, words in enumerate(item.options):
                    yield from _worded(form, f"{here}.options[{option}]", words)
            case Comment():
                if not 1 <= item.limit <= 10_000:
                    yield Slip(f"{here}.limit", "is a number of characters from 1 to 10000")
            case Pick():
                if section.per != "course":
                    yield Slip(f"{here}.kind", "modules are picked once for the course, not per module")
                if item.up_to < 1:
                    yield Slip(f"{here}.up_to", "is 1 or more")


def _repeated(place: str, keys: Iterable[str]) -> Iterator[Slip]:
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            yield Slip(place, f"“{key}” stands twice")
        seen.add(key)


def _repeated_items(form: Form) -> Iterator[Slip]:
    # Keys are unique in the whole form: they name columns of the sealed ratings, where sections are forgotten.
    yield from _repeated("items", (item.key for section in form.sections for item in section.items))
