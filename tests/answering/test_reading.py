"""The body of a form is read as the standard library reads it."""

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.answering.reading import LAST, Sent, _taken_apart, form_fields, usual_fields
from survey.forms.checking import check_sheet
from survey.forms.library import library
from survey.forms.places import places
from survey.forms.shape import Offered

OFFERED = [Offered(key=key, module=key, component="C1", titles={"vi": key}) for key in ("01", "02", "số 3")]
PLACES = places(library()["core"], OFFERED)


@given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=12))))
def test_fields_are_those_that_were_sent(fields):
    assert form_fields(urlencode(fields)) == fields


@given(st.lists(st.sampled_from(["a", "=", "&", "+", ";", "%2C", "%C3%A9", "%zz", "1"]), max_size=30).map("".join))
def test_whatever_arrives_is_read_as_the_standard_library_reads_it(text):
    assert form_fields(text) == parse_qsl(text, keep_blank_values=True, errors="strict")


def test_what_is_no_utf8_is_refused():
    with pytest.raises(UnicodeDecodeError):
        form_fields("a=%C0%AF")


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*PLACES, "05.useful", "nobody"]),
            st.sampled_from(["", "0", "1", "5", "6", "01", "02", "số 3", "Thêm ví dụ"]),
        ),
        max_size=12,
    )
)
def test_usual_fields_mean_what_checking_each_of_them_finds(fields):
    sheet = _taken_apart(f"{urlencode([*fields, ('sequence', '1')])}&{LAST}", usual_fields(PLACES)).sheet(PLACES)
    plain = check_sheet(PLACES, fields)
    # Of two different answers to one question the first that is looked at stays; either way it is a slip.
    doubtful = {slip.place for slip in plain.slips}
    assert {slip.place for slip in sheet.slips} == doubtful
    for mine, theirs in ((sheet.ratings, plain.ratings), (sheet.comments, plain.comments)):
        assert {name: one for name, one in mine.items() if name not in doubtful} == {
            name: one for name, one in theirs.items() if name not in doubtful
        }
    assert {name: set(keys) for name, keys in sheet.picks.items()} == {
        name: set(keys) for name, keys in plain.picks.items()
    }


def test_what_is_sent_again_is_what_was_sent_with_its_receipt_and_part():
    sent = Sent("sequence=3&01.useful=5&complete=1", [], [], sequence=3, receipt="R", part="2026-11-20")
    assert sent.carried() == [("01.useful", "5"), ("sequence", "3"), ("receipt", "R"), ("part", "2026-11-20")]
    assert Sent("", [], []).carried() == [("sequence", "1")]
