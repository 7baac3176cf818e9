"""Parts of a form: the lessons of each day, or a share of all lessons dealt out evenly."""

import datetime
from collections import Counter
from itertools import count, islice

from hypothesis import given, settings
from hypothesis import strategies as st

from survey.forms.library import library
from survey.forms.parts import day_parts, parts_of, rotation_parts, unoffered, unpickable
from survey.forms.places import places
from survey.forms.shape import Offered

MONDAY = datetime.date(2026, 11, 23)


def lessons(number, components=5):
    return [
        Offered(key=f"{n:02}", module=f"{n:02}", component=f"C{n * components // number}", titles={"vi": "x"})
        for n in range(number)
    ]


@st.composite
def shares(draw):
    number = draw(st.integers(2, 40))
    return lessons(number, draw(st.integers(1, 6))), draw(st.integers(1, number - 1)), draw(st.text(max_size=4))


def dealt(parts, start, number):
    """The parts as so many trainees get them in turn."""
    return islice((parts[turn % len(parts)] for turn in count(start)), number)


@settings(max_examples=60, deadline=None)
@given(shares(), st.integers(0, 1000), st.integers(1, 100))
def test_every_lesson_is_offered_equally_often_wherever_the_rotation_starts_and_stops(shared, start, trainees):
    offered, share, salt = shared
    parts = rotation_parts(offered, share=share, salt=salt)
    assert all(len(part.asked) == share for part in parts)
    asked = Counter(one.key for part in dealt(parts, start, trainees) for one in part.asked)
    times = [asked[one.key] for one in offered]
    assert max(times) - min(times) <= 1
    whole_run = Counter(one.key for part in parts for one in part.asked)
    assert len(set(whole_run.values())) == 1
    assert len(whole_run) == len(offered)


@settings(max_examples=60, deadline=None)
@given(shares())
def test_parts_have_names_of_their_own_and_keep_the_order_of_the_lessons(shared):
    offered, share, salt = shared
    parts = rotation_parts(offered, share=share, salt=salt)
    assert len({part.key for part in parts}) == len(parts)
    assert all(list(part.asked) == [one for one in offered if one in part.asked] for part in parts)
    assert parts == rotation_parts(offered, share=share, salt=salt)


def test_every_part_mixes_the_components():
    for salt in ("1", "2", "3"):
        for part in rotation_parts(lessons(32), share=12, salt=salt):
            assert all(2 <= number <= 3 for number in Counter(one.component for one in part.asked).values())
            assert len({one.component for one in part.asked}) == 5


def test_evaluations_deal_differently():
    parts = [rotation_parts(lessons(32), share=12, salt=salt)[0].key for salt in ("1", "2")]
    assert parts[0] != parts[1]


def test_a_day_offers_its_own_lessons_and_those_without_a_date_are_not_asked_yet():
    first, second, third, dateless = lessons(4)
    dated = [_on(first, MONDAY), _on(second, MONDAY + datetime.timedelta(1)), _on(third, MONDAY), dateless]
    parts = day_parts(dated)
    assert [(part.key, [one.key for one in part.asked]) for part in parts] == [
        ("2026-11-23", ["00", "02"]),
        ("2026-11-24", ["01"]),
    ]
    assert all(part.pickable == part.asked for part in parts)


def test_without_days_or_with_a_share_of_everything_there_are_no_parts():
    assert parts_of(lessons(4), daily=True, share=None, evaluation=1) == {}
    assert parts_of(lessons(4), daily=False, share=4, evaluation=1) == {}
    assert parts_of(lessons(4), daily=False, share=None, evaluation=1) == {}


def test_a_part_leaves_out_places_of_lessons_and_never_those_of_the_course():
    offered = lessons(4, components=2)
    whole = places(library()["core"], offered)
    part = next(iter(parts_of(offered, daily=False, share=2, evaluation=1).values()))
    left_out = {one.key for one in offered} - {one.key for one in part.asked}
    assert set(unoffered(whole, part)) == {f"{key}.{item}" for key in left_out for item in ("useful", "remark")}
    assert unpickable(["00", "01"], part) == []
    assert unpickable(["00", "01"], None) == ["00", "01"]


def test_of_a_sheet_whose_part_is_not_known_only_the_course_was_surely_asked():
    whole = places(library()["core"], lessons(2))
    assert set(unoffered(whole, None)) == {name for name in whole if "." in name}


def _on(lesson, day):
    return Offered(key=lesson.key, module=lesson.module, component=lesson.component, titles={}, taught_on=day)
