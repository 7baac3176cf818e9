"""Stored documents become one wide frame: every answer in its column, and nothing else."""

import msgspec
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from analytics import BLANK, NOT_OFFERED
from survey.answering import wide
from survey.answering.wide import is_answered, wide_frame, wide_schema
from survey.forms.library import library
from survey.forms.places import column
from survey.forms.places import places as places_of
from survey.forms.shape import Offered
from tests.analytics.answers import some_examples

OFFERED = [Offered(key, key, "C1", {"vi": key}) for key in ("01", "02", "03")]
PLACES = places_of(library()["core"], OFFERED)
RATED = [name for name, place in PLACES.items() if place.top]

documents = st.lists(
    st.fixed_dictionaries(
        {},
        optional={name: st.integers(0, 5) for name in RATED}
        | {
            "revise_first": st.lists(st.sampled_from(["01", "02", "03"]), unique=True),
            "part": st.sampled_from(["a", "b"]),
        },
    ),
    max_size=12,
)


def everything_asked(part):
    return {}


def stored(*sheets):
    return [msgspec.json.encode(sheet) for sheet in sheets]


def written_out(sheet, silent):
    """The row of a sheet, said the slow way."""
    row = dict.fromkeys(wide_schema(PLACES), BLANK) | silent(sheet.get("part"))
    row |= {name: sheet[name] for name in RATED if name in sheet}
    return row | {column("revise_first", key): 1 for key in sheet.get("revise_first", [])}


@some_examples
@given(documents)
def test_every_answer_stands_in_its_column(sheets):
    def silent(part):
        return {"01.useful": NOT_OFFERED, "revise_first:01": NOT_OFFERED} if part == "a" else {}

    rows = [written_out(sheet, silent) for sheet in sheets]
    expected = pl.DataFrame(rows, schema=wide_schema(PLACES))
    assert_frame_equal(wide_frame(stored(*sheets), PLACES, silent), expected)


def test_texts_are_read_like_bytes():
    sheets = stored({"01.useful": 4}, {"02.useful": 5})
    texts = [sheet.decode() for sheet in sheets]
    assert_frame_equal(wide_frame(texts, PLACES, everything_asked), wide_frame(sheets, PLACES, everything_asked))


def test_documents_are_read_in_portions(monkeypatch):
    sheets = stored(*({"01.useful": number % 5 + 1} for number in range(7)))
    whole = wide_frame(sheets, PLACES, everything_asked)
    monkeypatch.setattr(wide, "PORTION", 3)
    assert_frame_equal(wide_frame(iter(sheets), PLACES, everything_asked), whole)
    assert whole["01.useful"].to_list() == [1, 2, 3, 4, 5, 1, 2]


def test_what_there_is_no_more_is_left_out():
    frame = wide_frame(stored({"99.useful": 3, "revise_first": ["99", "02"]}), PLACES, everything_asked)
    assert frame["revise_first:02"].to_list() == [1]
    assert frame.drop("revise_first:02").row(0) == (BLANK,) * (frame.width - 1)


def test_a_sheet_without_rating_or_pick_is_not_answered():
    sheets = stored({}, {"part": "a"}, {"01.useful": 0}, {"revise_first": ["01"]}, {"revise_first": []})

    def silent(part):
        return {"02.useful": NOT_OFFERED} if part else {}

    frame = wide_frame(sheets, PLACES, silent)
    assert frame.select(is_answered(PLACES)).to_series().to_list() == [False, False, True, True, False]


def test_a_document_that_is_none_of_ours_fails_loudly():
    for document in (b'{"01.useful": "four"}', b'{"01.useful": 300}', b"[]"):
        with pytest.raises((msgspec.ValidationError, ValueError)):
            wide_frame([document], PLACES, everything_asked)


def test_no_documents_give_no_rows():
    assert_frame_equal(wide_frame([], PLACES, everything_asked), pl.DataFrame(schema=wide_schema(PLACES)))
