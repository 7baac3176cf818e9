"""Sentences that are chosen by rule have their Vietnamese too (the others: tests/web/test_languages.py)."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract

import survey.results
from survey.results import comparison_page, sentences, speaking
from survey.web.languages import catalogue

FOLDER = Path(survey.results.__file__).parent


def said():
    yield from (message for _, message, _, _ in extract("python", BytesIO(source()), {"say": None}))
    for words in (
        speaking.VERDICTS,
        speaking.STANDINGS,
        sentences.REASONS,
        sentences.FIRST,
        speaking.STATES,
        sentences.OVERALL,
        comparison_page.CAUTIONS,
    ):
        yield from words.values()


def source():
    return (FOLDER / "sentences.py").read_bytes().replace(b"speaker.say(", b"say(")


def test_every_sentence_that_a_rule_chooses_has_its_vietnamese():
    sentences_said = {sentence for sentence in said() if " " in sentence}
    assert len(sentences_said) > 25
    assert {sentence for sentence in sentences_said if not catalogue("vi").get(sentence)} == set()
