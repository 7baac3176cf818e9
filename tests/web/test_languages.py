"""Vietnamese and English are complete: no sentence without a translation, none that nobody says any more."""

import ast
import datetime
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import survey
from survey.forms import checking
from survey.problems import Refusal
from survey.web import languages

ROOT = Path(survey.__file__).parent.parent
FOLDERS = [ROOT / "survey", ROOT / "dashboards"]


def marked_sentences():
    """Every literal `_("...")` of templates and code, with the file where it stands."""
    for folder in FOLDERS:
        for path in folder.rglob("*.html"):
            options = {"trim_blocks": "true", "lstrip_blocks": "true"}
            for _, _, message, _ in babel_extract(BytesIO(path.read_bytes()), ["_"], [], options):
                if message is not None:  # _(a variable): its sentences are written down elsewhere
                    yield message, path.name
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="_" | "translate"), args=[ast.Constant(value=str(sentence)), *_]):
                        yield sentence, path.name


def named_sentences():
    """Sentences that are written down in one place and said in another."""
    for refusal in Refusal:
        yield refusal.heading, "problems.py"
        yield refusal.sentence, "problems.py"
    for name, value in vars(checking).items():
        if name.isupper() and isinstance(value, str):
            yield value, "checking.py"


def test_every_sentence_has_its_vietnamese():
    known = languages.catalogue("vi")
    missing = {
        (sentence, place) for sentence, place in [*marked_sentences(), *named_sentences()] if not known.get(sentence)
    }
    assert missing == set()


def test_placeholders_are_the_same_in_both_languages():
    for english, vietnamese in languages.catalogue("vi").items():
        assert set(re.findall(r"{\w*}", english)) == set(re.findall(r"{\w*}", vietnamese)), english


@pytest.mark.parametrize("path", sorted((languages.FOLDER / "vi").glob("*.po")), ids=lambda path: path.name)
def test_catalogues_have_no_empty_or_doubtful_entries(path):
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="vi") if message.id]
    assert messages
    assert not [message.id for message in messages if not message.string or message.fuzzy]


def test_no_two_catalogues_say_one_sentence_differently():
    said = {}
    for path in (languages.FOLDER / "vi").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi"):
                if message.id:
                    assert said.setdefault(message.id, message.string) == message.string, path.name


def test_numbers_and_dates_are_written_as_the_language_writes_them():
    assert languages.number(1234567.891, "vi", 2) == "1.234.567,89"
    assert languages.number(1234567.891, "en", 2) == "1,234,567.89"
    assert languages.percent(0.873, "vi", 1) == "87,3\N{NO-BREAK SPACE}%"
    assert languages.percent(0.873, "en", 1) == "87.3%"
    assert languages.number(None, "vi") == "–"
    assert languages.date(datetime.date(2026, 11, 2), "vi") == "02/11/2026"
    assert languages.date(datetime.date(2026, 11, 2), "en") == "2 Nov 2026"


def test_a_text_that_lacks_a_language_is_given_in_vietnamese():
    assert languages.in_language({"vi": "Chuyên đề"}, "en") == "Chuyên đề"
    assert languages.in_language({}, "en") == ""
