"""A second release gives away nobody whom the first did not."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import DIFFERENCING, MEASURES, FrameError, differencing, measures, merge_counts
from tests.analytics.answers import FIVE_STEPS, answers, some_examples, together

MODULE = ("cohort", "module", "item")
CLASS = (*MODULE, "class")

distributions = st.lists(st.integers(0, 6), min_size=5, max_size=5)


def release(*parts, by=MODULE, **options):
    return measures(merge_counts(*parts), FIVE_STEPS, by=by, **options)


def why(before, after, *, keys=MODULE, **options):
    return differencing(before, after, keys=keys, **options)["why"].to_list()


def test_one_late_answer_is_found_by_subtraction():
    before, after = release(answers([0, 1, 4, 20, 15])), release(answers([0, 1, 4, 20, 15]), answers([1]))
    said = differencing(before, after, keys=MODULE)
    assert said.rows() == [("K1", "Họp", "useful", "small difference")]
    assert said.schema == {**dict.fromkeys(MODULE, pl.String), **DIFFERENCING}


@pytest.mark.parametrize(("more", "listed"), [(1, True), (4, True), (5, False), (30, False)])
def test_one_more_class_may_be_released_once_it_reaches_the_smallest_group(more, listed):
    half = more // 2
    before, after = release(answers([0, 1, 4, 20, 15])), release(answers([0, 1, 4, 20 + half, 15 + more - half]))
    assert why(before, after) == ["small difference"] * listed
    assert why(after, before) == ["small difference"] * listed


def test_a_correction_of_few_answers_leaves_n_as_it_was_and_is_found_all_the_same():
    assert why(release(answers([0, 1, 4, 20, 15])), release(answers([0, 0, 4, 20, 16]))) == ["small difference"]
    assert why(release(answers([3, 9, 4, 20, 15])), release(answers([0, 6, 4, 23, 18]))) == []


def test_few_who_went_are_found_behind_many_who_came():
    assert why(release(answers([2, 1, 4, 20, 15])), release(answers([0, 1, 4, 20, 45]))) == ["small difference"]


@pytest.mark.parametrize("step", [0, -1])
def test_a_late_sheet_that_says_nothing_is_a_person_too(step):
    silent = answers([9]).with_columns(step=pl.lit(step, pl.Int16))
    one_more = silent.with_columns(n=pl.col("n") + 1)
    rated = answers([0, 1, 4, 20, 15])
    assert why(release(rated, silent), release(rated, one_more)) == ["small difference"]


def test_without_counts_of_steps_n_alone_is_compared():
    before, after = (release(answers([0, 1, 4, 20, n])).drop("counts", "not_attended", "blank") for n in (15, 17))
    assert why(before, after) == ["small difference"]
    assert why(before, before) == []


def test_a_cell_that_was_blurred_is_compared_by_its_n():
    plain = release(answers([0, 0, 0, 0, 20]))
    blurred = release(answers([0, 0, 0, 0, 22])).with_columns(counts=pl.lit(None, MEASURES["counts"]))
    assert why(plain, blurred) == ["small difference"]


ALIKE = ["nearly unanimous difference"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([0, 0, 0, 0, 7], ALIKE),
        ([0, 0, 0, 1, 6], ALIKE),  # he who differs knows what all others said
        ([0, 0, 0, 2, 5], []),
        ([0, 0, 0, 0, 29], ALIKE),
        ([0, 0, 0, 0, 30], []),
        ([0, 0, 0, 0, 4], ["small difference"]),
    ],
)
def test_newcomers_who_all_said_the_same_are_found_by_subtraction(more, said):
    first = answers([2, 3, 5, 10, 15])
    before, after = release(first), release(first, answers(more))
    assert why(before, after) == said
    assert why(after, before) == said
    assert why(before, after, unanimous_below=0) == [one for one in said if one not in ALIKE]


def test_who_did_not_attend_hides_nobody_of_those_who_rated():
    away = answers([9]).with_columns(step=pl.lit(0, pl.Int16))
    before, after = release(answers([2, 3, 5, 10, 15])), release(answers([2, 3, 5, 10, 22]), away)
    assert why(before, after) == ALIKE


def test_what_was_blurred_in_one_release_only_is_not_to_be_found_from_the_other():
    """Twenty agreed, which is blurred; with seven more of one mind, the counts of both are known."""
    before, after = release(answers([0, 0, 0, 0, 20])), release(answers([7, 0, 0, 0, 20]))
    assert (before["blurred"].item(), after["blurred"].item()) == (True, False)
    assert why(before, after) == why(after, before) == ALIKE
    assert why(before, release(answers([10, 10, 10, 10, 20]))) == []  # who came are many
    assert why(before, release(answers([0, 0, 0, 0, 27]))) == []  # blurred in both: the later says as much of them


def test_two_ways_of_withholding_give_away_what_each_of_them_hides():
    """Before, B hides C; in between B grew and now A hides it: with A from before and the total of now, C is known."""
    sizes = {"before": {"A": 30, "B": 20, "C": 3}, "after": {"A": 30, "B": 35, "C": 3}}
    frames = {
        when: release(*(answers([0, 0, 0, n - 2, 2], **{"class": name}) for name, n in of.items()), by=CLASS)
        for when, of in sizes.items()
    }
    hidden = {when: set(frame.filter("withheld")["class"]) for when, frame in frames.items()}
    assert hidden == {"before": {"B", "C"}, "after": {"A", "C"}}
    total, shown_now, shown_before = 68, 35, 30
    assert total - shown_now - shown_before == 3
    said = differencing(frames["before"], frames["after"], keys=CLASS)
    assert said.select("class", "why").rows() == [("C", "other cells withheld")]


def test_a_cell_that_has_grown_large_enough_may_be_shown():
    assert why(release(answers([0, 0, 0, 2, 2])), release(answers([0, 0, 0, 4, 4]))) == []


def test_a_new_module_is_no_difference():
    old = answers([0, 1, 4, 20, 15])
    assert why(release(old), measures(together(old, answers([9], module="Mới")), FIVE_STEPS)) == []


@some_examples
@given(st.lists(distributions, min_size=1, max_size=5), st.integers(1, 8))
def test_the_same_release_twice_gives_nothing(classes, k):
    parts = [answers(one, **{"class": str(i)}) for i, one in enumerate(classes)]
    said = release(*parts, by=CLASS, smallest_group=k)
    assert differencing(said, said.reverse(), keys=CLASS, smallest_group=k).is_empty()


@some_examples
@given(distributions.filter(lambda d: sum(d) >= 5), distributions, st.integers(1, 5))
def test_of_cells_that_only_grew_exactly_those_are_listed_that_grew_by_few(first, more, k):
    before, after = (release(*parts, smallest_group=k) for parts in ([answers(first)], [answers(first), answers(more)]))
    said = why(before, after, smallest_group=k, unanimous_below=0)
    assert said == ["small difference"] * (0 < sum(more) < k)


def test_no_cells_and_strange_releases():
    said = release(answers([0, 1, 4, 20, 15]))
    assert differencing(said.clear(), said.clear(), keys=MODULE).is_empty()
    with pytest.raises(FrameError, match="The column 'withheld' is missing"):
        differencing(said.drop("withheld"), said, keys=MODULE)
    with pytest.raises(FrameError, match="name a cell more than once"):
        differencing(said, pl.concat([said, said]), keys=MODULE)
    with pytest.raises(FrameError, match="other steps than before"):
        differencing(said, said.with_columns(counts=pl.col("counts").list.head(4)), keys=MODULE)
    with pytest.raises(ValueError, match="The group 'class' is not among"):
        differencing(said, said, keys=MODULE, group=["class"])
