"""A sheet is checked place by place: what is right is kept, what is not is worded."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.forms.checking import check_sheet, clean
from survey.forms.library import library
from survey.forms.places import places
from survey.forms.shape import Offered

OFFERED = [Offered(key=f"{n:02}", module=f"{n:02}", component="C1", titles={"vi": "x"}) for n in range(1, 6)]
CORE = places(library()["core"], OFFERED)


def check(*fields):
    return check_sheet(CORE, fields)


def test_ratings_picks_and_comments_are_kept():
    sheet = check(("01.useful", "5"), ("02.useful", "0"), ("revise_first", "03"), ("one_change", " Ít lý thuyết hơn "))
    assert sheet.ratings == {"01.useful": 5, "02.useful": 0}
    assert sheet.picks == {"revise_first": ["03"]}
    assert sheet.comments == {"one_change": "Ít lý thuyết hơn"}
    assert sheet.slips == []


def test_the_document_is_one_flat_object():
    sheet = check(("01.useful", "5"), ("revise_first", "03"), ("one_change", "x"))
    assert msgspec.json.decode(sheet.document()) == {"01.useful": 5, "revise_first": ["03"]}


def test_an_empty_field_is_no_answer():
    sheet = check(("01.useful", ""), ("one_change", "  "), ("revise_first", ""))
    assert (sheet.ratings, sheet.picks, sheet.comments, sheet.slips) == ({}, {}, {}, [])


@pytest.mark.parametrize("value", ["6", "-1", "5.0", "x", "٣", "05", "1 "])
def test_a_step_out_of_scale_is_worded_and_the_rest_kept(value):
    sheet = check(("01.useful", value), ("02.useful", "4"))
    assert [slip.place for slip in sheet.slips] == ["01.useful"]
    assert sheet.ratings == {"02.useful": 4}


def test_not_attended_is_no_answer_about_the_whole_course():
    assert check(("objectives", "0")).slips


def test_an_unknown_field_is_worded_and_the_rest_kept():
    sheet = check(("99.useful", "3"), ("02.useful", "4"))
    assert sheet.slips[0].numbers == {"name": "99.useful"}
    assert sheet.ratings == {"02.useful": 4}


def test_two_different_answers_to_one_question_are_a_slip():
    assert check(("01.useful", "3"), ("01.useful", "4")).slips
    assert not check(("01.useful", "3"), ("01.useful", "3")).slips


def test_more_picks_than_allowed_are_a_slip_and_all_of_them_are_kept():
    sheet = check(*(("revise_first", f"{n:02}") for n in range(1, 5)))
    assert sheet.slips[0].numbers == {"up_to": 3, "given": 4}
    assert sheet.picks["revise_first"] == ["01", "02", "03", "04"]


def test_a_pick_of_an_unknown_module_is_a_slip():
    sheet = check(("revise_first", "77"), ("revise_first", "01"))
    assert [slip.place for slip in sheet.slips] == ["revise_first"]
    assert sheet.picks == {"revise_first": ["01"]}


def test_a_comment_beyond_its_limit_is_a_slip_and_nothing_of_it_is_lost():
    sheet = check(("01.remark", "ế" * 1001))
    assert sheet.slips[0].numbers == {"given": 1001, "limit": 1000}
    assert len(sheet.comments["01.remark"]) == 1001


def test_texts_are_kept_composed_and_without_control_characters():
    assert clean("Tie\u0302\u0301ng\x00 Vie\u0323\u0302t\r\n\x07mới\t!") == "Tiếng Việt\nmới\t!"


@given(st.lists(st.tuples(st.sampled_from([*CORE, "x", ""]) | st.text(max_size=20), st.text(max_size=30)), max_size=40))
def test_whatever_is_sent_is_kept_or_worded(fields):
    sheet = check_sheet(CORE, fields)
    assert all(0 <= step <= 5 for step in sheet.ratings.values())
    assert set(sheet.ratings) | set(sheet.picks) | set(sheet.comments) <= set(CORE)
    assert len(sheet.slips) <= len(fields) + 2
