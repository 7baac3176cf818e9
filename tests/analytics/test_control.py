"""The p chart: limits from eight cohorts on, and a cohort outside of them is called so."""

from __future__ import annotations

import polars as pl
import pytest

from analytics import COUNTS, LIMITS, control_limits
from tests.analytics.answers import FIVE_STEPS, answers, scale, together

# Montgomery, Introduction to Statistical Quality Control, table 7.4: purchase orders with mistakes, of so many.
FOUND = [12, 8, 6, 9, 10, 12, 11, 16, 10, 6, 20, 15, 9, 8, 6, 8, 10, 7, 5, 8, 5, 8, 10, 6, 9]
OF = [100, 80, 80, 100, 110, 110, 100, 100, 90, 90, 110, 120, 120, 120, 110, 80, 80, 80, 90, 100, 100, 100, 100, 90, 90]


def chart(best, people, items=FIVE_STEPS, **options):
    names = [f"K{number:02}" for number in range(len(best))]
    rows = zip(names, best, people, strict=True)
    counts = together(*(answers([n - k, 0, 0, 0, k], cohort=name) for name, k, n in rows))
    return control_limits(counts, items, cohorts=names, **options)


def test_the_chart_of_montgomery():
    said = chart(FOUND, OF)
    assert said["centre"].unique().to_list() == [pytest.approx(0.096, abs=5e-4)]
    by_n = dict(said.select("n", "limit_high").rows())
    # 0.096 + 3 sqrt(0.096 * 0.904 / n)
    assert [by_n[n] for n in (80, 100, 120)] == [pytest.approx(x, abs=1.5e-3) for x in (0.194, 0.184, 0.176)]
    assert said.filter(pl.col("standing") != "inside")["cohort"].to_list() == ["K10"]
    assert said["standing"][10] == "above"


def test_fewer_than_eight_cohorts_have_shares_and_no_limits():
    seven, eight = chart(FOUND[:7], OF[:7]), chart(FOUND[:8], OF[:8])
    for name in ("centre", "limit_low", "limit_high", "standing"):
        assert seven[name].to_list() == [None] * 7
        assert eight[name].null_count() == 0
    assert seven["top2_share"].to_list() == pytest.approx([k / n for k, n in zip(FOUND[:7], OF[:7], strict=True)])


def test_a_cohort_far_below_is_called_so_and_where_the_first_step_is_best_above():
    best = [80] * 8 + [30]
    assert chart(best, [100] * 9)["standing"].to_list() == ["inside"] * 8 + ["below"]
    assert chart(best, [100] * 9, scale(direction="down"))["standing"].to_list() == ["inside"] * 8 + ["above"]


def test_limits_do_not_leave_the_shares_that_can_be():
    said = chart([2] * 8, [12] * 8)
    assert (said["limit_low"].min(), said["limit_high"].max()) == (0.0, pytest.approx(1 / 6 + 3 * (5 / 36 / 12) ** 0.5))
    all_content = chart([20] * 9, [20] * 9)
    assert set(all_content["standing"]) == {"inside"}
    assert (all_content["limit_low"].min(), all_content["limit_high"].max()) == (1.0, 1.0)
    # Twenty of twenty are nearly unanimous: their share is not shown, while the centre counts them.
    assert (all_content["top2_share"].null_count(), all_content["centre"].to_list()) == (9, [1.0] * 9)


def test_a_small_group_is_withheld_and_moves_no_limit():
    without, with_small = chart(FOUND[:9], OF[:9]), chart([*FOUND[:9], 4], [*OF[:9], 4])
    assert with_small.head(9).equals(without)
    row = with_small.row(9, named=True)
    assert (row["withheld"], row["standing"]) == (True, None)
    assert {row[name] for name in ("n", "top2_share", "centre", "limit_low", "limit_high")} == {None}
    seven_shown = chart([*FOUND[:7], 4], [*OF[:7], 4])
    assert seven_shown["centre"].null_count() == 8


def test_no_share_of_the_best_two_of_three_steps():
    names = [f"K{number}" for number in range(9)]
    counts = together(*(answers([5, 5, 5], cohort=name) for name in names))
    said = control_limits(counts, scale(steps=3), cohorts=names)
    assert said["top2_share"].null_count() == said["standing"].null_count() == 9


def test_rows_stand_in_the_order_of_the_cohorts():
    names = ["K9", "K10", "K8"]
    counts = together(*(answers([5, 5, 5, 5, 5], cohort=name) for name in sorted(names)))
    assert control_limits(counts, FIVE_STEPS, cohorts=names)["cohort"].to_list() == names


def test_nothing_comes_from_nothing():
    said = control_limits(COUNTS.to_frame(), FIVE_STEPS, cohorts=["K1"])
    assert said.schema == {**dict.fromkeys(["module", "item", "cohort"], pl.String), **LIMITS}
    assert said.height == 0
