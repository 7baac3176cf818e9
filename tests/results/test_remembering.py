"""What is remembered is remembered by everything it was worked out from."""

from __future__ import annotations

import polars as pl
import pytest

from survey.results.remembering import remembered


def counting(most=2):
    calls = []

    @remembered(most)
    def total(frame, names):
        calls.append(names)
        return {"sum": frame["n"].sum()}

    return total, calls


ONE, OTHER = pl.DataFrame({"n": [1, 2]}), pl.DataFrame({"n": [1, 3]})


def test_the_same_frame_is_worked_out_once():
    total, calls = counting()
    assert total(ONE, {"vi": "a"}) is total(ONE.clone(), {"vi": "a"})
    assert len(calls) == 1


def test_another_cell_another_name_or_another_argument_is_another_result():
    total, calls = counting()
    assert total(ONE, "vi") == {"sum": 3}
    assert total(OTHER, "vi") == {"sum": 4}
    total(ONE.rename({"n": "m"}).rename({"m": "n"}).with_columns(m=1), "vi")
    total(ONE, "en")
    assert len(calls) == 4


def test_the_oldest_is_forgotten_first_and_everything_on_demand():
    total, calls = counting(most=2)
    for frame in (ONE, OTHER, ONE.head(1), OTHER):
        total(frame, "vi")
    assert len(calls) == 3
    total(ONE, "vi")
    assert len(calls) == 4
    total.forget()
    total(ONE, "vi")
    assert len(calls) == 5


def test_a_failure_is_not_remembered():
    @remembered(2)
    def fails(frame):
        raise ValueError

    for _ in range(2):
        with pytest.raises(ValueError):
            fails(ONE)


def test_nothing_is_remembered_by_what_cannot_be_read():
    total, _ = counting()
    with pytest.raises(NotImplementedError):
        total(ONE, object())
