"""The dumbbell of a table's row."""

from __future__ import annotations

import re

import pytest

from dashboards.pairs import WIDTH, change_bar

CHANGE = {"steps": 5, "mean_before": 1.0, "mean_after": 5.0, "difference_low": 3.5, "difference_high": 4.5}


def drawn(**other):
    return str(change_bar({**CHANGE, **other}, translate=str, language="vi"))


def test_the_points_stand_where_the_means_are_on_the_whole_scale():
    places = [float(x) for x in re.findall(r'cx="([\d.]+)"', drawn())]
    assert places == [7.0, WIDTH - 7.0]


def test_the_interval_is_laid_off_from_the_earlier_mean_and_ends_with_the_scale():
    [reach] = re.findall(r'class="reach" d="M([\d.]+) 10H([\d.]+)"', drawn())
    assert [float(x) for x in reach] == [pytest.approx(7 + 186 * 3.5 / 4, abs=0.06), WIDTH - 7.0]


def test_it_says_in_words_what_it_shows():
    assert 'aria-label="mean 1,00 before, 5,00 after"' in drawn()


def test_nothing_is_drawn_of_what_is_withheld():
    assert drawn(mean_before=None) == ""
    assert 'class="reach"' not in drawn(difference_low=None)


def test_no_inline_style_which_the_policy_of_the_pages_forbids():
    assert "style" not in drawn()
