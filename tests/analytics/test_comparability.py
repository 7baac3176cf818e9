"""Only the same question is compared, and what is not has its reason."""

from __future__ import annotations

import polars as pl
import pytest

from analytics import ASKED, COMPARABILITY, FrameError, comparability


def asked(*items, **labels):
    rows = [
        {"item": "useful", "steps": 5, "direction": "up", "wording": "Hữu ích?", "mode": "module", **item}
        for item in items
    ]
    return pl.DataFrame(rows, schema={**ASKED, **dict.fromkeys(labels, pl.String)}).with_columns(
        pl.lit(value).alias(name) for name, value in labels.items()
    )


def reason(before, after):
    return comparability(asked(before), asked(after))["reason"].item()


def test_the_same_question_is_comparable():
    said = comparability(asked({}), asked({}))
    assert said.rows() == [("useful", True, None)]
    assert said.schema == COMPARABILITY


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"steps": 7}, "scale"),
        ({"direction": "down"}, "scale"),
        ({"wording": "Có ích không?"}, "wording"),
        ({"mode": "course"}, "mode"),
        # The first reason is said: a scale weighs more than a mode, a mode more than the wording.
        ({"steps": 7, "mode": "course", "wording": "?"}, "scale"),
        ({"mode": "course", "wording": "?"}, "mode"),
    ],
)
def test_what_changed_is_the_reason(changed, why):
    assert reason({}, changed) == reason(changed, {}) == why


def test_other_labels_are_another_scale():
    before, after = asked({}, labels="kém, tốt"), asked({}, labels="tốt, kém")
    assert comparability(before, after)["reason"].to_list() == ["scale"]
    assert comparability(before, before)["comparable"].to_list() == [True]
    with pytest.raises(FrameError, match="'labels'"):
        comparability(before, asked({}))


def test_without_a_best_end_there_is_nothing_to_call_a_rise():
    middle = {"direction": "middle"}
    assert reason(middle, middle) == "no best end"
    assert reason(middle, {}) == "scale"


def test_what_was_asked_on_one_side_only_is_listed_after_what_was_asked_last():
    said = comparability(asked({"item": "old"}, {}), asked({"item": "new"}, {}))
    assert said.rows() == [("new", False, "only after"), ("useful", True, None), ("old", False, "only before")]


def test_texts_that_nobody_gave_are_equal_to_each_other_and_to_no_other():
    assert reason({"wording": None}, {"wording": None}) is None
    assert reason({"wording": None}, {}) == "wording"


def test_nothing_asked_is_nothing_to_compare():
    assert comparability(asked(), asked()).height == 0
    assert comparability(asked(), asked({}))["reason"].to_list() == ["only after"]


def test_frames_that_are_not_questions_are_refused():
    with pytest.raises(FrameError, match="'mode'"):
        comparability(asked({}).drop("mode"), asked({}))
    with pytest.raises(FrameError, match="more than once"):
        comparability(asked({}, {}), asked({}))
