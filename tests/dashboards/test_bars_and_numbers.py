"""Numbers and small bars for tables: in the reader's language, without script and inline style."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from dashboards import colour_key, distribution_bar, interval_bar, numbers
from dashboards.theme import UNFAVOURABLE_TO_FAVOURABLE

WORDS = {"translate": lambda sentence: sentence, "language": "vi"}
LABELS = ["Rất kém", "Kém", "Tạm", "Tốt", '"Rất" <tốt>']


def bar(counts, **options):
    return distribution_bar(counts, step_labels=LABELS, **WORDS, **options)


def test_vietnamese_numbers_have_their_own_marks():
    assert numbers.number(1234567.891, language="vi") == "1.234.567,89"
    assert numbers.share(0.8731, language="vi") == "87,3\u00a0%"
    assert numbers.count(1527, language="vi") == "1.527"
    assert numbers.interval(3.5, 4, language="vi") == "3,50\u00a0–\u00a04,00"
    assert numbers.share_interval(0.5, 0.755, language="vi") == "50\u00a0%\u00a0–\u00a076\u00a0%"


def test_english_numbers_have_theirs():
    assert numbers.number(1234567.891, language="en") == "1,234,567.89"
    assert numbers.share(0.8731, language="en") == "87.3%"


def test_what_is_written_as_nothing_has_no_sign():
    assert numbers.number(-0.001, language="vi") == "0,00"
    assert numbers.share(-0.0001, language="en") == "0.0%"
    assert numbers.number(-0.01, language="en") == "−0.01"


@pytest.mark.parametrize(("language", "written"), [("vi", "−0,27\u00a0–\u00a00,12"), ("en", "−0.27\u00a0–\u00a00.12")])
def test_a_number_below_nothing_has_a_minus_and_no_hyphen(language, written):
    assert numbers.interval(-0.27, 0.12, language=language) == written


def test_where_there_is_no_number_there_is_a_dash():
    assert numbers.number(None, language="vi") == numbers.share(None, language="vi") == "–"
    assert numbers.interval(None, None, language="vi") == numbers.share_interval(0.1, None, language="en") == "–"


def test_the_parts_of_a_bar_fill_it_in_the_order_of_the_steps():
    svg = ElementTree.fromstring(bar([10, 0, 10, 0, 20]))
    parts = [(float(part.get("width")), part.get("fill")) for part in svg.iter("rect")]
    worst, _, middle, _, best = UNFAVOURABLE_TO_FAVOURABLE
    assert parts == [(40, worst), (40, middle), (80, best)]
    assert ElementTree.fromstring(bar([1, 0, 0, 0, 0], direction="down")).find("rect").get("fill") == best


def test_a_bar_says_in_words_what_it_shows():
    svg = ElementTree.fromstring(bar([1, 0, 0, 0, 1200]))
    said = 'Ratings: 1.201. Rất kém: 1; Kém: 0; Tạm: 0; Tốt: 0; "Rất" <tốt>: 1.200'
    assert (svg.get("role"), svg.get("aria-label"), svg.find("title").text) == ("img", said, said)


def test_an_interval_stands_where_it_is_on_the_scale():
    svg = ElementTree.fromstring(interval_bar(2.0, 3.0, 4.0, lowest=1, highest=5, **WORDS))
    _, reach = svg.iter("rect")
    assert float(svg.find("circle").get("cx")) == 80
    assert (float(reach.get("x")), float(reach.get("width"))) == (42.5, 75)
    assert svg.get("aria-label") == "mean 3,00 (2,00\u00a0–\u00a04,00)"


def test_a_mean_without_an_interval_is_a_point():
    svg = ElementTree.fromstring(interval_bar(None, 3.0, None, lowest=1, highest=5, **WORDS))
    assert (len(svg.findall("rect")), svg.get("aria-label")) == (1, "mean 3,00")


@pytest.mark.parametrize(
    "nothing", [bar(None), bar([0] * 5), interval_bar(None, None, None, lowest=1, highest=5, **WORDS)]
)
def test_nothing_is_drawn_of_what_is_withheld(nothing):
    assert nothing == ""


def test_no_inline_style_stands_in_a_bar():
    drawn = bar([1, 2, 3, 4, 5]) + interval_bar(2, 3, 4, lowest=1, highest=5, **WORDS) + colour_key("#b35806")
    assert not re.search(r"style|script|href", drawn)
