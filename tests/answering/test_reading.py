"""The body of a form is read as the standard library reads it."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answering.reading import Sent, form_fields


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12))))
def test_fields_are_those_that_were_sent(fields):
    assert form_fields(urlencode(fields)) == fields


@given(st.lists(st.sampled_from(["a", "=", "&", "+", ";", "%2C", "%C3%A9", "%zz", "1"]), max_size=30).map("".join))
def test_whatever_arrives_is_read_as_the_standard_library_reads_it(text):
    assert form_fields(text) == parse_qsl(text, keep_blank_values=True, errors="strict")


def test_what_is_no_utf8_is_refused():
    with pytest.raises(UnicodeDecodeError):
        form_fields("a=%C0%AF")


def test_what_is_sent_again_is_what_was_sent_with_its_receipt_and_part():
    sent = Sent([("01.useful", "5")], sequence=3, receipt="R", part="2026-11-20")
    assert sent.carried() == [("01.useful", "5"), ("sequence", "3"), ("receipt", "R"), ("part", "2026-11-20")]
    assert Sent([]).carried() == [("sequence", "1")]
