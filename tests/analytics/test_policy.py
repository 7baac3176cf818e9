"""A policy is data, and one that protects nobody is refused."""

from __future__ import annotations

import dataclasses

import pytest

from analytics import Policy


def test_the_policy_of_the_domain_unless_somebody_says_otherwise():
    assert dataclasses.asdict(Policy()) == {
        "smallest_group": 5,
        "smallest_group_for_lecturers": 10,
        "smallest_group_for_comments": 10,
        "few": 10,
        "unanimous_below": 30,
    }


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"smallest_group": 2}, "'smallest_group' must be 3 or more, not 2"),
        ({"smallest_group": -1}, "'smallest_group' must be 3 or more"),
        ({"smallest_group": 5.0}, "'smallest_group' must be a whole number of people, not 5.0"),
        ({"few": True}, "'few' must be a whole number"),
        ({"few": 4}, "'few' must not be below the smallest group for numbers, 5"),
        ({"smallest_group_for_lecturers": 4}, "'smallest_group_for_lecturers' must not be below"),
        ({"smallest_group": 12}, "'smallest_group_for_lecturers' must not be below the smallest group for numbers, 12"),
        ({"smallest_group_for_comments": 0}, "'smallest_group_for_comments' must not be below"),
        ({"unanimous_below": 5}, "'unanimous_below' must be 0 .never. or above the smallest group, 5"),
        ({"unanimous_below": -1}, "'unanimous_below' must be 0"),
    ],
)
def test_a_policy_that_protects_nobody_is_refused(values, sentence):
    with pytest.raises(ValueError, match=sentence):
        Policy(**values)


def test_stricter_policies_are_possible():
    strict = Policy(smallest_group=8, few=15, unanimous_below=0)
    assert (strict.smallest_group, strict.few, strict.unanimous_below) == (8, 15, 0)


def test_nobody_loosens_a_policy_at_run_time():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Policy().smallest_group = 3
