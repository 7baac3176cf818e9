"""The order of revision: what may be first, what chance alone may have put there, and what nobody may see."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analytics import COUNTS, PICKS, RANKING, FrameError, measures, pick_shares, ranked
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together

CLEAR = together(
    answers([2, 6, 16, 12, 4], module="Báo cáo"),
    answers([0, 2, 8, 18, 12], module="Họp"),
    answers([0, 2, 7, 19, 12], module="Tiếp dân"),
    answers([0, 0, 0, 5, 35], module="Dân vận"),
)


def by_module(said, *columns):
    return {row["module"]: tuple(row[name] for name in columns) for row in said.rows(named=True)}


def picked(**shares):
    rows = [
        {"cohort": "K1", "module": module, "n": 40, "picked": round(40 * share), "share": share, "withheld": False}
        for module, share in shares.items()
    ]
    return pl.DataFrame(rows, schema={"cohort": pl.String, "module": pl.String, **PICKS})


def test_the_worst_is_first_and_a_rank_says_how_far_it_is_known():
    said = ranked(CLEAR, FIVE_STEPS)
    assert by_module(said, "rank", "rank_low", "rank_high", "modules", "verdict") == {
        "Báo cáo": (1, 1, 1, 4, "told apart"),
        "Họp": (2, 2, 3, 4, "told apart"),
        "Tiếp dân": (3, 2, 3, 4, "told apart"),
        "Dân vận": (4, 4, 4, 4, "told apart"),
    }
    assert said["module"].to_list() == ["Báo cáo", "Họp", "Tiếp dân", "Dân vận"]
    assert said.schema == {**dict.fromkeys(["cohort", "module", "item"], pl.String), **RANKING}


def test_a_scale_read_backwards_gives_the_same_order():
    backwards = CLEAR.with_columns(step=6 - pl.col("step"))
    up, down = ranked(CLEAR, FIVE_STEPS), ranked(backwards, scale(direction="down"))
    assert down.select("module", "rank", "rank_low", "rank_high").equals(
        up.select("module", "rank", "rank_low", "rank_high")
    )
    assert down["shrunken"].to_list() == pytest.approx((6 - up["shrunken"]).to_list())


def test_an_item_without_a_best_end_and_the_course_as_a_whole_have_no_order():
    assert ranked(CLEAR, scale(direction="middle")).height == 0
    assert ranked(answers([1, 2, 3, 4, 5], module=None), FIVE_STEPS).height == 0


def test_a_module_with_few_answers_is_drawn_towards_the_others_and_not_first_by_luck():
    many = [answers([2, 8, 30, 40, 10], module=f"{i}") for i in range(6)]
    others = [answers([0, 2, 10, 40, 38], module=f"{i}") for i in range(6, 12)]
    said = ranked(together(*many, *others, answers([1, 1, 2, 1, 0], module="Nhỏ")), FIVE_STEPS)
    [small] = said.filter(module="Nhỏ").rows(named=True)
    assert said.sort("mean")["module"][0] == "Nhỏ"
    assert small["mean"] < small["shrunken"]
    assert (small["rank_low"], small["rank_high"]) == (1, 13)
    assert small["verdict"] == "no evidence"


def test_one_module_is_itself_with_students_interval_and_no_evidence_of_anything():
    alone = answers([2, 2, 4, 6, 6])
    [said], [of_measures] = ranked(alone, FIVE_STEPS).rows(named=True), measures(alone, FIVE_STEPS).rows(named=True)
    for ours, theirs in (("shrunken", "mean"), ("shrunken_low", "mean_low"), ("shrunken_high", "mean_high")):
        assert said[ours] == pytest.approx(of_measures[theirs])
    assert (said["rank"], said["rank_low"], said["rank_high"], said["verdict"]) == (1, 1, 1, "no evidence")


def test_identical_modules_could_have_any_rank_and_share_the_first():
    said = ranked(together(*(answers([1, 2, 3, 8, 6], module=f"{i}") for i in range(10))), FIVE_STEPS)
    assert said.select("rank", "rank_low", "rank_high", "between", "verdict").unique().rows() == [
        (1, 1, 10, 0.0, "no evidence")
    ]


@pytest.mark.parametrize("second", [[0, 0, 0, 0, 9], [0, 0, 0, 9, 0]])
def test_where_people_differ_nowhere_there_is_nothing_to_judge_by(second):
    said = ranked(together(answers([0, 0, 0, 0, 9]), answers(second, module="Dân vận")), FIVE_STEPS)
    assert said.select("rank_low", "rank_high", "shrunken_low", "shrunken_high", "verdict").unique().rows() == [
        (1, 2, None, None, "no evidence")
    ]


def test_five_people_who_agree_by_chance_do_not_lead_the_list():
    agreed = answers([0, 0, 5, 0, 0], module="Nhỏ")
    others = [answers([0, 4, 12, 14, 10], module=f"{i}") for i in range(10)]
    said = ranked(together(agreed, *others), FIVE_STEPS)
    assert by_module(said, "rank_low", "rank_high")["Nhỏ"] == (1, 11)


def test_withheld_modules_stand_apart_and_are_in_nobodys_number():
    small = answers([4], module="Nhỏ")
    said, without = ranked(together(small, CLEAR), FIVE_STEPS), ranked(CLEAR, FIVE_STEPS)
    assert said.head(4).equals(without)
    last = said.row(4, named=True)
    assert (last["module"], last["withheld"], last["verdict"]) == ("Nhỏ", True, "too few")
    assert {last[name] for name in RANKING if name not in {"steps", "direction", "verdict", "blurred", "withheld"}} == {
        None
    }
    assert last["blurred"] is False


def test_nobody_and_nothing_have_no_rank():
    assert ranked(COUNTS.to_frame(), FIVE_STEPS).schema == ranked(CLEAR, FIVE_STEPS).schema
    [said] = ranked(answers([9]).with_columns(step=pl.lit(0, pl.Int16)), FIVE_STEPS, smallest_group=0).rows(named=True)
    assert (said["rank"], said["n"], said["verdict"]) == (None, 0, "too few")


def test_one_answer_each_has_an_order_and_no_evidence():
    ones = together(answers([0, 0, 0, 1]), answers([1], module="Dân vận"))
    said = ranked(ones, FIVE_STEPS, smallest_group=1)
    assert by_module(said, "rank", "rank_low", "rank_high") == {"Dân vận": (1, 1, 2), "Họp": (2, 1, 2)}


def test_cohorts_and_items_are_lists_of_their_own():
    other = CLEAR.with_columns(cohort=pl.lit("K2"), step=6 - pl.col("step"))
    said = ranked(together(CLEAR, other, CLEAR.with_columns(cohort=pl.lit(None, pl.String))), FIVE_STEPS)
    firsts = said.filter(pl.col("rank") == 1).select("cohort", "module").rows()
    assert firsts == [("K1", "Báo cáo"), ("K2", "Dân vận"), (None, "Báo cáo")]
    assert said["modules"].to_list() == [4] * 12


def test_picks_decide_between_what_ratings_cannot_tell_apart_and_turn_nothing_round():
    picks = picked(**{"Tiếp dân": 0.3, "Họp": 0.1, "Dân vận": 0.9})
    said = ranked(CLEAR, FIVE_STEPS, picks=picks)
    assert said["module"].to_list() == ["Báo cáo", "Tiếp dân", "Họp", "Dân vận"]
    assert by_module(said, "rank", "picked_share") == {
        "Báo cáo": (1, None),
        "Tiếp dân": (3, 0.3),
        "Họp": (2, 0.1),
        "Dân vận": (4, 0.9),
    }


def test_picks_come_as_they_are_counted_and_one_pick_at_a_time():
    counts = together(answers([9], item="revise"), answers([31], item="revise").with_columns(step=pl.lit(-1, pl.Int16)))
    shares = pick_shares(counts)
    [hop] = ranked(CLEAR, FIVE_STEPS, picks=shares).filter(module="Họp").rows(named=True)
    assert (hop["picked_share"], hop["picked_low"]) == (9 / 40, shares["share_low"][0])
    with pytest.raises(FrameError, match="names a module twice"):
        ranked(CLEAR, FIVE_STEPS, picks=together(shares, shares))
    with pytest.raises(FrameError, match="'share' is missing"):
        ranked(CLEAR, FIVE_STEPS, picks=shares.drop("share"))


def test_impossible_options_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        ranked(CLEAR, FIVE_STEPS, confidence=95)


def test_a_rank_by_shrunken_means_is_never_outside_of_its_interval():
    """Five people's bold fives are shrunken past a sure mean that is clearly lower: the intervals give way."""
    crowd = [answers([30 - d, 45, 20 + d, 5, 0], module=f"{d}{i}") for i in range(30) for d in (-6, 6)]
    bold, sure = answers([0, 0, 0, 0, 5], module="bold"), answers([5, 35, 40, 20, 0], module="sure")
    said = ranked(together(*crowd, bold, sure), FIVE_STEPS)
    ranks = by_module(said, "rank", "rank_low", "rank_high")
    assert (ranks["bold"], ranks["sure"]) == ((61, 61, 62), (62, 61, 62))
    assert said["module"].to_list()[-2:] == ["sure", "bold"]


distributions = st.lists(st.integers(0, 20), min_size=5, max_size=5).filter(lambda d: sum(d) >= 5)


@some_examples
@given(st.lists(distributions, min_size=1, max_size=8), st.randoms())
def test_intervals_contain_what_they_are_about_and_the_order_of_rows_does_not_matter(modules, chance):
    parts = [answers(one, module=f"{i}") for i, one in enumerate(modules)]
    said = ranked(together(*parts), FIVE_STEPS)
    assert (said["rank_low"] <= said["rank"]).all()
    assert (said["rank"] <= said["rank_high"]).all()
    inside = said.drop_nulls("shrunken_low")
    assert (inside["shrunken_low"] <= inside["shrunken"] + 1e-9).all()
    assert (inside["shrunken"] <= inside["shrunken_high"] + 1e-9).all()
    chance.shuffle(parts)
    # Equals stand as they came, and sums end in other digits.
    told = ["module", "rank", "rank_low", "rank_high"]
    assert ranked(together(*parts), FIVE_STEPS).select(told).sort("module").equals(said.select(told).sort("module"))


def cohorts_of_chance(*, cohorts, modules, smallest, largest, apart, seed):
    """Ratings on five steps whose true means are known: counts, and the true mean of each cohort and module."""
    chance = np.random.default_rng(seed)
    places = (1 + apart * chance.standard_normal((cohorts, modules))).round(1)  # rounded, so that some are equal
    below = stats.norm.cdf(np.array([-1.8, -1.0, 0.2, 1.3]) - places[..., None])
    shares = np.diff(below, prepend=0, append=1, axis=-1)
    counts = chance.multinomial(chance.integers(smallest, largest + 1, (cohorts, modules)), shares)
    keys = pl.DataFrame({"cohort": [f"{i}" for i in range(cohorts)]}).join(
        pl.DataFrame({"module": [f"{i}" for i in range(modules)]}), how="cross", maintain_order="left_right"
    )
    true = keys.with_columns(true=pl.Series((shares @ np.arange(1, 6)).ravel()).round(9))
    steps = keys.join(pl.DataFrame({"step": range(1, 6)}), how="cross", maintain_order="left_right")
    return steps.select(
        "cohort", "module", "step", component=pl.lit("c"), item=pl.lit("useful"), n=pl.Series(counts.ravel())
    ).select(pl.col(name).cast(dtype) for name, dtype in COUNTS.items()), true


@pytest.mark.parametrize(("modules", "smallest", "largest"), [(2, 10, 40), (6, 5, 12), (20, 5, 90), (32, 90, 90)])
@pytest.mark.parametrize("apart", [0.0, 0.5])
def test_the_intervals_of_all_ranks_of_a_cohort_hold_together(modules, smallest, largest, apart):
    counts, true = cohorts_of_chance(
        cohorts=200, modules=modules, smallest=smallest, largest=largest, apart=apart, seed=3
    )
    said = ranked(counts, FIVE_STEPS).join(true, on=["cohort", "module"])
    # A module that shares its true mean with others has all of their ranks.
    first, last = (pl.col("true").rank(method).over("cohort") for method in ("min", "max"))
    holds = (pl.col("rank_low") <= first) & (pl.col("rank_high") >= last)
    # 95 % is promised; of 200 cohorts one more or less is 0.5 %, and chance moves the share by 1.5 %.
    assert said.group_by("cohort").agg(holds.all())["rank_low"].mean() >= 0.93
    inside = (pl.col("shrunken_low") <= pl.col("true")) & (pl.col("true") <= pl.col("shrunken_high"))
    # Two modules, 400 means: chance moves it by 1.1 %, and ratings crowd at one end, which Student's t does not know.
    assert said.select(inside.mean()).item() >= 0.91


def test_three_hundred_modules_far_apart_are_told_apart():
    counts, true = cohorts_of_chance(cohorts=1, modules=300, smallest=2000, largest=2000, apart=1.0, seed=3)
    said = ranked(counts, FIVE_STEPS)
    assert (said["verdict"] == "told apart").all()
    assert said["module"][0] in true.sort("true").head(20)["module"]
    assert (said["rank_high"] - said["rank_low"]).mean() < 60
