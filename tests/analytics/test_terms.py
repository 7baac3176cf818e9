"""Terms that comments have in common are counted by comments, after masking, and only where many people wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics import TERMS, FrameError, frequent_terms, readable_comments
from analytics.comments.segmentation import stop_words, words_of
from tests.analytics.written import comments, demo_texts

OTHER = ["Giảng rất vội."] * 10


def terms(written, **options):
    shown = frequent_terms(written, **options).drop_nulls("term")
    return dict(shown.select("term", "comments").rows())


def words(*texts):
    return words_of(pl.Series("masked", texts, dtype=pl.String)).to_list()


def test_compound_words_are_one_word():
    assert words("Nên thêm tình huống và thực tế.") == [["tình huống", "thực tế"]]
    [said] = words("Nội dung còn nặng lý thuyết, tài liệu ít thực hành")
    assert {"nội dung", "lý thuyết", "tài liệu", "thực hành"} <= set(said)


def test_the_same_word_is_the_same_at_the_beginning_of_a_sentence():
    assert words("Bài tập hay") == words("bài tập hay") == [["bài tập"]]


def test_stop_words_figures_and_signs_are_no_terms():
    assert words("và the 15 % 👍 !!! của") == [[]]
    assert all(word == word.lower().strip() for word in stop_words())


def test_a_term_is_counted_once_in_a_comment():
    written = comments(*["Tình huống hay, tình huống sát, tình huống mới"] * 10, *OTHER)
    assert terms(written)["tình huống"] == 10


def test_a_term_of_fewer_than_ten_people_is_not_shown():
    nine = comments(*["Thêm tình huống."] * 9, *["Thêm bài tập."] * 10, *OTHER)
    assert "tình huống" not in terms(nine)
    assert terms(nine)["bài tập"] == 10
    assert terms(nine, smallest_group=9)["tình huống"] == 9


def test_a_term_that_all_but_nine_wrote_is_not_shown_nor_one_that_all_wrote():
    nearly_all = comments(*["Thêm tình huống."] * 30, *OTHER[:9])
    assert terms(nearly_all) == {}
    assert terms(comments(*["Thêm tình huống."] * 30)) == {}
    assert terms(comments(*["Thêm tình huống."] * 30, *OTHER))["tình huống"] == 30


def test_modules_with_fewer_than_ten_comments_are_left_out_and_said_so_where_enough_answered():
    few = comments(*["Thêm tình huống."] * 9)
    assert frequent_terms(few).is_empty()
    [row] = frequent_terms(comments(*["Thêm tình huống."] * 9, answered=40)).rows(named=True)
    assert row == {"cohort": "K1", "module": "Họp", **dict.fromkeys(TERMS), "withheld": True}


def test_a_module_without_a_common_term_says_how_many_wrote():
    [row] = frequent_terms(comments(*(f"{word} rất hay" for word in "abcdefghijkl"))).rows(named=True)
    assert (row["n"], row["term"], row["withheld"]) == (12, None, False)


def test_what_may_not_be_read_is_not_counted_either():
    written = pl.concat(
        [
            comments(*["Thêm tình huống."] * 12, *OTHER),
            comments(*["Thêm tình huống."] * 9, module="Nhỏ"),
        ]
    )
    for by in (("cohort", "module"), ("cohort",), ("module",)):
        shown = frequent_terms(written, by=by)
        assert shown.filter(pl.col("term") == "tình huống")["comments"].to_list() == [12]
        assert shown["n"].unique().to_list() == [22]


def test_two_comments_of_a_person_are_not_two_people():
    one, two = (comments(*["Thêm tình huống."] * 6, *OTHER, item=item) for item in ("change", "keep"))
    assert "tình huống" not in terms(pl.concat([one, two]))


def test_comments_on_two_modules_are_not_those_of_two_people():
    one, two = (comments(*["Thêm tình huống."] * 6, *OTHER, module=module) for module in ("Họp", "Dân vận"))
    assert "tình huống" not in terms(pl.concat([one, two]), by=("cohort",))
    assert terms(pl.concat([one, one.with_columns(cohort=pl.lit("K2"))]), by=("module",))["tình huống"] == 12


def test_a_name_never_becomes_a_frequent_term():
    written = comments(*["Thầy Minh và cô Lan, 0900 000 000, dạy tình huống hay."] * 20, *OTHER)
    shown = terms(written)
    assert "tình huống" in shown
    assert not {"minh", "lan", "tên", "số điện thoại", "điện thoại"} & set(shown)


def test_shares_are_of_all_comments_and_the_most_frequent_comes_first():
    shown = frequent_terms(comments(*["Thêm bài tập."] * 10, *["Thêm tình huống."] * 20, *OTHER))
    assert dict(shown.schema) == {"cohort": pl.String, "module": pl.String, **TERMS}
    assert shown["term"].to_list()[0] == "tình huống"
    assert shown["share"].to_list()[0] == 0.5


def test_the_whole_course_has_no_module_and_is_counted_like_one():
    shown = frequent_terms(comments(*["Thêm tình huống."] * 10, *OTHER, module=None))
    assert shown.filter(pl.col("term") == "tình huống").select("module", "comments").rows() == [(None, 10)]


def test_comments_are_not_counted_by_who_wrote_them():
    written = comments("a", **{"class": "A"})
    with pytest.raises(ValueError, match="'class' says who wrote"):
        frequent_terms(written, by=("cohort", "class"))
    with pytest.raises(ValueError, match="none is named"):
        frequent_terms(written, by=())
    with pytest.raises(FrameError, match="'version' is missing"):
        frequent_terms(written, by=("version",))


def test_people_who_answered_count_where_they_are_known():
    assert readable_comments(comments("a", "b", answered=10)).height == 2
    assert readable_comments(comments("a", "b", answered=9)).height == 0
    with pytest.raises(FrameError, match="The column 'answered'"):
        readable_comments(comments("a", answered="ten"))


def test_blank_texts_are_no_comments():
    assert readable_comments(comments(*["  "] * 9, "hay")).is_empty()


def test_no_comments_have_no_terms():
    assert frequent_terms(comments()).is_empty()
    assert dict(frequent_terms(comments()).schema) == {"cohort": pl.String, "module": pl.String, **TERMS}


@settings(max_examples=5, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 12))
def test_the_order_of_comments_does_not_matter_and_no_count_is_small(chance, k):
    texts = demo_texts()
    usual = frequent_terms(comments(*texts), smallest_group=k)
    chance.shuffle(texts)
    assert frequent_terms(comments(*texts), smallest_group=k).equals(usual)
    assert usual["comments"].drop_nulls().is_between(k, len(texts) - k).all()


def test_three_hundred_modules_are_counted_apart():
    written = pl.concat([comments(*["Thêm tình huống."] * 10, *OTHER, module=f"{i}") for i in range(300)])
    assert frequent_terms(written).filter(pl.col("term") == "tình huống")["comments"].to_list() == [10] * 300


def test_the_lock_files_leave_out_what_would_fetch_models():
    for lock in ("run", "dev"):
        text = (Path(__file__).parents[2] / f"requirements/{lock}.txt").read_text("utf-8")
        assert "underthesea==" in text
        assert "huggingface" not in text


def test_the_words_are_not_loaded_before_they_are_needed_and_never_fetched():
    run = """
import socket, sys, warnings
warnings.simplefilter("error")
def refuse(*_): raise AssertionError("the network was asked")
socket.socket.connect = socket.getaddrinfo = refuse
import analytics, polars as pl
assert "underthesea" not in sys.modules
from analytics.comments.segmentation import words_of
assert words_of(pl.Series("masked", ["tình huống"])).to_list() == [["tình huống"]]
assert "huggingface_hub" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", run], check=True)
