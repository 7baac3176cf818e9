"""Comments are found by their words, whatever the case and, when asked, whatever the diacritics."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import FOUND, FrameError, found_comments
from analytics.comments.letters import folded
from tests.analytics.answers import some_examples
from tests.analytics.written import comments, demo_texts

LETTERS = "aáàảãạăắâấeéêếiíoóôốơớuúưứyýdđbcghnt AÁĂẮÂẤĐÊÔƠƯß.*([?$\\|^\"'̣́"
texts = st.text(alphabet=LETTERS, max_size=12)


def found(query, *written, **options):
    return found_comments(comments(*written), query, smallest_group=1, **options)


def said(query, *written, **options):
    return found(query, *written, **options)["text"].to_list()


def marked(query, text, **options):
    [row] = found(query, text, **options).rows(named=True)
    return [row["text"][place["start"] : place["end"]] for place in row["places"]]


def test_case_never_counts():
    assert said("THỰC HÀNH", "Thêm thực hành.", ignore_diacritics=False) == ["Thêm thực hành."]
    assert said("đổi mới", "ĐỔI MỚI") == ["ĐỔI MỚI"]


def test_diacritics_do_not_count_when_asked():
    assert said("doi moi", "Đổi mới cách dạy") == ["Đổi mới cách dạy"]
    assert said("đổi mới", "doi moi cach day") == ["doi moi cach day"]
    assert said("doi moi", "Đổi mới cách dạy", ignore_diacritics=False) == []
    assert said("day", "dạy", "đay", "dày", "day", "đậy") == ["dạy", "đay", "dày", "day", "đậy"]
    assert said("dạy", "dạy", "đay", "dày", "day", ignore_diacritics=False) == ["dạy"]


def test_words_are_found_in_any_order_and_all_of_them():
    written = ("Thực hành ở xã", "Ở xã khó thực hành", "Thực hành nhiều")
    assert said("xa hanh", *written) == list(written[:2])


def test_words_in_quotation_marks_stand_together():
    assert said('"thuc te" hoc', "học từ thực tế", "thực ra học rất tế nhị") == ["học từ thực tế"]
    assert said("“thuc te”", "thực   tế") == ["thực   tế"]


def test_a_word_is_found_where_a_word_begins():
    assert said("an", "an ninh", "bàn ghế", "toàn khóa", "(ăn trưa)") == ["an ninh", "(ăn trưa)"]


@pytest.mark.parametrize("query", ["(", "[a-z]+", "\\d", "a|b", "^x$", "c++", ".*", "{2}", "$1", "${1}", "?", "(?i)a"])
def test_a_query_is_literal(query):
    assert said(query, "nội dung hay", f"viết {query} ở đây") == [f"viết {query} ở đây"]


@pytest.mark.parametrize("query", ["", "   ", '""', "\u0301"])
def test_an_empty_query_finds_everything(query):
    shown = found(query, "một", "hai")
    assert shown["text"].to_list() == ["một", "hai"]
    assert shown["places"].to_list() == [[], []]


def test_places_slice_the_text_to_what_was_found():
    assert marked("hanh thuc", "Phần THỰC hành, thực hành") == ["THỰC", "hành", "thực", "hành"]
    assert marked('"thuc hanh" thuc', "THỰC hành và thực tế") == ["THỰC hành", "thực"]
    assert marked("hoc", unicodedata.normalize("NFD", "Lớp học 👩🏽‍🏫 học")) == ["học", "học"]


def test_composed_and_decomposed_letters_are_the_same():
    apart = unicodedata.normalize("NFD", "thực hành")
    assert said("thực hành", apart, ignore_diacritics=False) == ["thực hành"]
    assert said(apart, "thực hành", ignore_diacritics=False) == ["thực hành"]
    assert said("o", apart, "ộ", ignore_diacritics=False) == []


def test_the_frame_keeps_its_order_its_keys_and_its_schema():
    shown = found_comments(comments("b thực", "a thực", component="4"), "thuc", smallest_group=1)
    assert shown["text"].to_list() == ["b thực", "a thực"]
    assert dict(shown.schema) == {**FOUND, "component": pl.String}
    assert dict(found("gì", "không").schema) == dict(found("", "không").schema) == dict(FOUND)
    assert dict(found("gì").schema) == dict(FOUND)


@some_examples
@given(st.lists(texts, min_size=1, max_size=4), texts)
def test_without_diacritics_at_least_as_much_is_found(written, query):
    exact = found(query, *written, ignore_diacritics=False)["text"].to_list()
    loose = found(query, *written)["text"].to_list()
    assert set(exact) <= set(loose)


@some_examples
@given(
    st.lists(texts, min_size=1, max_size=4), st.sampled_from(["a", "D", "ơ", "an hoc", '"o t"', "đ", "ß", ".", "b u"])
)
def test_every_place_holds_a_word_of_the_query(written, query):
    words = [folded(word) for word in query.replace('"', "").split()]
    for row in found(query, *written).rows(named=True):
        held = [folded(row["text"][place["start"] : place["end"]]) for place in row["places"]]
        assert held
        assert all(any(part.startswith(word) for word in words) for part in held)
        assert all(one["end"] <= other["start"] for one, other in zip(row["places"], row["places"][1:], strict=False))


@pytest.mark.parametrize("ignore", [True, False])
def test_every_comment_of_the_demo_is_found_by_its_own_words(ignore):
    written = demo_texts()
    for text in written[::7]:
        assert text in said(text, *written, ignore_diacritics=ignore)


def test_texts_of_few_people_are_not_searched():
    written = pl.concat([comments(*["thực hành"] * 10), comments(*["thực hành"] * 9, module="Nhỏ")])
    assert found_comments(written, "thực")["module"].unique().to_list() == ["Họp"]


def test_a_frame_without_texts_is_refused():
    with pytest.raises(FrameError, match="The column 'text' is missing"):
        found_comments(comments("a").drop("text"), "a")
