"""Themes are counted by a dictionary that everybody can read, and only where many people wrote."""

from __future__ import annotations

import polars as pl
import pytest

from analytics import NO_THEME, THEMES, theme_counts
from analytics.comments.letters import folded
from analytics.comments.themes import dictionary
from tests.analytics.written import comments, demo_texts


def counts(*texts, **options):
    shown = theme_counts(comments(*texts), **options).filter(~pl.col("withheld"))
    return dict(shown.select("theme", "comments").rows())


def themes_of(text):
    """With another text beside it that has no theme, so that a group of one has a complement."""
    return set(counts(text, "mmm", "mmm", smallest_group=1)) - {NO_THEME}


@pytest.mark.parametrize(
    ("text", "themes"),
    [
        ("Thời lượng ngắn so với nội dung", {"time", "content"}),
        ("THOI LUONG ngan so voi noi dung", {"time", "content"}),
        ("Bớt lý thuyết, thêm tình huống", {"theory_and_practice", "cases"}),
        ("Tài liệu phát sau buổi học", {"documents"}),
        ("Giảng viên nói nhanh", {"lecturers"}),
        ("Bàn ghế hội trường chật", {"facilities"}),
        ("Nên đi tham quan", {"field_trips"}),
        ("More practice, fewer slides", {"theory_and_practice", "documents"}),
        ("giảng nói đúng, số đó", set()),  # not "nội dung", not "sơ đồ"
    ],
)
def test_a_comment_belongs_to_the_themes_whose_words_it_holds(text, themes):
    assert themes_of(text) == themes


def test_every_word_of_the_dictionary_leads_to_its_theme():
    words = {
        (key, word)
        for key, theme in dictionary().items()
        for word in [*theme["words"], *theme["exact"], *map(folded, theme["words"])]
    }
    written = pl.concat([comments(f"Xin {word}, cảm ơn", "mmm", module=word) for _, word in words])
    shown = theme_counts(written, smallest_group=1).filter(~pl.col("withheld"))
    assert words <= set(shown.select("theme", "module").rows())


def test_every_theme_has_a_name_in_both_languages():
    assert all(set(theme["names"]) == {"vi", "en"} for theme in dictionary().values())
    assert NO_THEME not in dictionary()


def test_comments_without_a_theme_are_counted_as_such():
    assert counts(*["Rất hay"] * 12, *["Thêm thời gian"] * 11) == {"time": 11, NO_THEME: 12}


def test_every_comment_has_a_theme_or_none():
    shown = theme_counts(comments(*demo_texts(), *["mmm"] * 3), smallest_group=1)
    assert shown["comments"].sum() >= len(demo_texts()) + 3
    assert shown["share"].is_between(0, 1).all()


def test_a_theme_of_few_or_of_all_but_few_is_withheld_with_its_numbers():
    few = theme_counts(comments(*["Thêm thời gian"] * 9, *["Hay"] * 20)).filter(pl.col("theme") == "time")
    most = theme_counts(comments(*["Thêm thời gian"] * 20, *["Hay"] * 9)).filter(pl.col("theme") == "time")
    for [row] in (few.rows(named=True), most.rows(named=True)):
        assert (row["n"], row["comments"], row["share"], row["withheld"]) == (29, None, None, True)


def test_n_is_withheld_where_few_wrote():
    shown = theme_counts(comments(*["Thêm thời gian"] * 9, answered=40))
    assert shown["n"].null_count() == shown.height == len(dictionary()) + 1
    assert shown["withheld"].all()


def test_rows_stand_in_the_order_of_the_dictionary_for_every_module():
    written = pl.concat([comments(*["Thêm thời gian"] * 10, module=module) for module in ("b", "a")])
    shown = theme_counts(written)
    assert dict(shown.schema) == {"cohort": pl.String, "module": pl.String, **THEMES}
    expected = [(module, theme) for module in ("b", "a") for theme in [*dictionary(), NO_THEME]]
    assert shown.select("module", "theme").rows() == expected


def test_names_and_addresses_are_no_words_of_a_theme():
    assert themes_of("thầy Ví Dụ") == {"lecturers"}


def test_no_comments_have_no_themes():
    assert dict(theme_counts(comments()).schema) == {"cohort": pl.String, "module": pl.String, **THEMES}
    assert theme_counts(comments()).is_empty()
