"""A revision is said to have worked only if its module changed more than unrevised ones of its starting score."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analytics import COUNTS, EFFECTS, FrameError, revision_effects
from benchmarks.effects import World, naive_changes, simulated_pairs, verdicts
from tests.analytics.answers import FIVE_STEPS, answers, scale, together
from tests.demo.test_model import IMPROVED, SEEMS_IMPROVED
from tests.demo.test_model import counts as demo_counts

POOR, FAIR, GOOD = [10, 20, 40, 20, 10], [4, 10, 30, 36, 20], [1, 4, 15, 40, 40]
NUMBERS = [name for name, dtype in EFFECTS.items() if dtype in (pl.Int64, pl.Float64) and name != "controls"]
OF_EFFECT = ["expected", "effect", "effect_low", "effect_high", "shift", "p_value", "p_adjusted"]


def unrevised(modules, people=100, *, seed=1, mirrored=False):
    """Modules of different quality which nobody revised, in both cohorts."""
    random = np.random.default_rng(seed)
    latent = random.normal(3.6, 0.4, modules)
    parts = []
    for cohort in ("K1", "K2"):
        for module, quality in enumerate(latent):
            drawn = np.clip(np.rint(random.normal(quality, 0.8, people)), 1, 5).astype(int)
            ratings = np.bincount(drawn, minlength=6)[1:].tolist()
            parts.append(answers(ratings[::-1] if mirrored else ratings, cohort=cohort, module=f"CĐ{module:03}"))
    return together(*parts)


def revised(before, after, module="Họp"):
    return together(answers(before, cohort="K1", module=module), answers(after, cohort="K2", module=module))


def effects(*parts, items=FIVE_STEPS, modules=("Họp",), **options):
    return revision_effects(together(*parts), items, before="K1", after="K2", revised=list(modules), **options)


def effect(*parts, **options):
    [row] = effects(*parts, **options).rows(named=True)
    return row


def means_of(counts, cohort):
    rated = counts.filter(cohort=cohort).group_by("module", maintain_order=True)
    return rated.agg((pl.col("step") * pl.col("n")).sum() / pl.col("n").sum())["step"].to_numpy()


@pytest.mark.parametrize("modules", [5, 12, 31])
@pytest.mark.parametrize("after", [[0, 0, 90, 10, 0], [0, 0, 30, 70, 0]])
def test_effect_and_interval_as_the_prediction_interval_of_statsmodels(modules, after):
    others, before = unrevised(modules), [0, 20, 80, 0, 0]
    said = effect(others, revised(before, after))
    line = sm.OLS(means_of(others, "K2"), sm.add_constant(means_of(others, "K1"))).fit()
    predicted = line.get_prediction([[1, said["mean_before"]]])
    [low, high] = predicted.conf_int(obs=True)[0]
    assert said["controls"] == modules
    assert said["expected"] == pytest.approx(predicted.predicted_mean[0] - said["mean_before"])
    assert said["effect"] == pytest.approx(said["change"] - said["expected"])
    assert said["effect_low"] == pytest.approx(said["mean_after"] - high)
    assert said["effect_high"] == pytest.approx(said["mean_after"] - low)
    t = (said["mean_after"] - predicted.predicted_mean[0]) / predicted.se_obs[0]
    assert said["p_value"] == pytest.approx(2 * stats.t.sf(abs(t), modules - 2))


def test_without_effect_hardly_any_revision_is_called_one():
    """`make bench` does this with 1,000 pairs. Chance alone moves the share by two points with so many."""
    pairs = list(simulated_pairs(150, World(), seed=11))
    said = verdicts(pairs)
    assert said.height == 450
    assert said["verdict"].is_in(["better", "worse"]).mean() <= 0.05
    assert 0.02 < (said["p_value"] < 0.05).mean() < 0.09
    # The worst improve by themselves, and that is not put down to the revision.
    assert naive_changes(pairs)["difference"].mean() > 0.04
    assert abs(said["effect"].mean()) < 0.02


def test_in_small_programmes_of_few_people_no_more_is_called_an_effect():
    pairs = list(simulated_pairs(100, World(people=12, modules=9, revised=2), seed=12))
    said = verdicts(pairs)
    assert said["verdict"].is_in(["better", "worse"]).mean() <= 0.05
    assert naive_changes(pairs)["difference"].mean() > 0.15
    assert abs(said["effect"].mean()) < 0.1


def test_who_was_rated_by_few_returns_further_to_the_mean_and_that_is_no_effect():
    """The worst of four modules that ten people rated, among twenty that ninety rated."""
    random, changes = np.random.default_rng(3), []
    steps, people = np.arange(1, 6), np.array([10] * 4 + [90] * 20)
    for _ in range(120):
        cuts = np.array([1.5, 2.5, 3.5, 4.5]) - random.normal(3.8, 0.25, (24, 1))
        shares = np.diff(stats.norm.cdf(cuts / 0.8), prepend=0, append=1)
        before, after = random.multinomial(people, shares), random.multinomial(people, shares)
        worst = (before[:4] @ steps).argmin()
        parts = [revised(*pair, module=f"{i}") for i, pair in enumerate(zip(before, after, strict=True))]
        changes.append(effect(*parts, modules=[f"{worst}"]))
    said = pl.DataFrame(changes)
    assert said["change"].mean() > 0.14
    assert abs(said["effect"].mean()) < 0.07
    # One test in each, so that there is nothing to correct for: 5 %, and what chance adds with so many.
    assert said["verdict"].is_in(["better", "worse"]).mean() < 0.1


def test_a_large_effect_is_seen_and_a_harmful_revision_too():
    for shift, word in ((0.8, "better"), (-0.8, "worse")):
        said = verdicts(list(simulated_pairs(20, World(), seed=13, shift=shift))).filter("improved")
        assert (said["verdict"] == word).mean() >= 0.9


def test_the_shift_is_seen_with_the_power_that_it_promises():
    for modules in (5, 8, 30):
        said = effect(unrevised(modules), revised(POOR, FAIR))
        seen_from = stats.t.ppf(0.975, modules - 2)
        error = (said["effect_high"] - said["effect_low"]) / 2 / seen_from
        power = stats.nct.sf(seen_from, modules - 2, said["shift"] / error)
        assert power == pytest.approx(0.8, abs=0.025)


def test_with_more_revisions_to_judge_the_shift_that_would_be_seen_is_larger():
    others, two = unrevised(12), [revised(POOR, FAIR), revised(POOR, FAIR, "Dân vận")]
    alone = effect(others, two[0])
    [first, _] = effects(others, *two, modules=["Họp", "Dân vận"]).rows(named=True)
    assert (first["effect"], first["p_value"]) == (pytest.approx(alone["effect"]), pytest.approx(alone["p_value"]))
    assert first["shift"] > alone["shift"]


def test_a_lenient_cohort_is_lenient_with_all_modules_and_that_is_no_effect():
    lowered = together(unrevised(12), revised([5, 20, 60, 15, 0], [2, 18, 50, 30, 0]))
    lowered = (
        lowered.with_columns(step=pl.col("step").clip(upper_bound=4)).group_by(COUNTS.names()[:-1]).agg(pl.sum("n"))
    )
    raised = lowered.with_columns(step=pl.col("step") + (pl.col("cohort") == "K2").cast(pl.Int16))
    plain, lenient = effect(lowered), effect(raised)
    assert lenient["change"] == pytest.approx(plain["change"] + 1)
    for name in ("effect", "effect_low", "effect_high", "p_value"):
        assert lenient[name] == pytest.approx(plain[name])


def test_positive_is_better_also_where_the_first_step_is_best():
    up = effect(unrevised(12), revised(POOR, GOOD))
    down = effect(unrevised(12, mirrored=True), revised(POOR[::-1], GOOD[::-1]), items=scale(direction="down"))
    assert up["verdict"] == down["verdict"] == "better"
    assert down["change"] == pytest.approx(-up["change"])
    for name in ("effect", "effect_low", "effect_high", "shift", "p_value"):
        assert down[name] == pytest.approx(up[name])


def test_fewer_answers_make_a_wider_interval():
    few, many = ([2, 4, 8, 4, 2], [2, 2, 6, 6, 4]), ([10, 20, 40, 20, 10], [10, 10, 30, 30, 20])
    wide, narrow = (effect(unrevised(12), revised(*pair)) for pair in (few, many))
    assert wide["change"] == pytest.approx(narrow["change"])
    assert wide["effect_high"] - wide["effect_low"] > 1.2 * (narrow["effect_high"] - narrow["effect_low"])


def test_p_values_are_adjusted_as_statsmodels_adjusts_them():
    parts = [revised(POOR, after, name) for name, after in (("A", GOOD), ("B", FAIR), ("C", POOR))]
    said = effects(unrevised(20), *parts, modules="ABC")
    np.testing.assert_allclose(said["p_adjusted"], multipletests(said["p_value"], method="fdr_bh")[1])
    assert said["verdict"].to_list()[0] == "better"


def test_small_groups_are_withheld():
    for before, after in (([0, 0, 2, 2, 0], GOOD), (POOR, [0, 0, 0, 2, 2])):
        said = effect(unrevised(12), revised(before, after))
        assert (said["withheld"], said["verdict"], said["controls"]) == (True, "too few answers", 12)
        assert {said[name] for name in NUMBERS} == {None}


def test_a_withheld_module_is_no_control():
    with_small = effect(unrevised(12), revised([0, 0, 1, 1, 1], [0, 0, 0, 1, 3], "Nhỏ"), revised(POOR, GOOD))
    assert with_small == effect(unrevised(12), revised(POOR, GOOD))


def test_a_revised_module_is_no_control_for_another():
    said = effects(unrevised(12), revised(POOR, GOOD), revised(POOR, GOOD, "Khác"), modules=["Họp", "Khác"])
    assert said["controls"].to_list() == [12, 12]


def test_with_fewer_than_five_unrevised_modules_a_change_has_no_verdict():
    said = effect(unrevised(4), revised(POOR, GOOD))
    assert (said["withheld"], said["verdict"], said["controls"]) == (False, "too few answers", 4)
    assert {said[name] for name in OF_EFFECT} == {None}
    assert said["change"] > 1
    assert effect(unrevised(5), revised(POOR, GOOD))["verdict"] != "too few answers"


def test_without_any_unrevised_module_there_is_a_change_and_nothing_to_hold_it_against():
    said = effect(revised(POOR, GOOD))
    assert (said["controls"], said["verdict"], said["effect"]) == (0, "too few answers", None)
    assert said["change"] is not None


def test_where_nothing_varies_nothing_is_claimed():
    equal = together(*(revised([0, 0, 0, 50, 0], [0, 0, 0, 50, 0], f"{i}") for i in range(8)))
    said = effect(equal, revised([0, 0, 0, 50, 0], [0, 0, 0, 0, 50]))
    assert (said["verdict"], said["effect"], said["change"]) == ("too few answers", None, 1.0)


def test_each_item_has_its_own_controls():
    two = pl.concat([FIVE_STEPS, FIVE_STEPS.with_columns(item=pl.lit("clear"))])
    clear = together(unrevised(7, seed=5), revised(POOR, FAIR)).with_columns(item=pl.lit("clear"))
    said = effects(unrevised(12), revised(POOR, GOOD), clear, items=two)
    assert dict(said.select("item", "controls").rows()) == {"useful": 12, "clear": 7}
    alone = effect(unrevised(12), revised(POOR, GOOD))
    [useful] = said.filter(item="useful").rows(named=True)
    assert useful["effect"] == pytest.approx(alone["effect"])


def test_the_order_of_the_rows_does_not_matter():
    counts = together(unrevised(12), revised(POOR, FAIR))
    assert effect(counts.sample(fraction=1.0, shuffle=True, seed=1)) == pytest.approx(effect(counts))


def test_only_what_both_cohorts_rated_has_an_effect():
    assert effects(unrevised(12), answers(GOOD, cohort="K2")).height == 0
    assert effects(unrevised(12), modules=[]).height == 0
    assert effects(COUNTS.to_frame()).schema == {"module": pl.String, "item": pl.String, **EFFECTS}
    assert effects(unrevised(12), revised(POOR, GOOD), items=scale(direction="middle")).height == 0


def test_who_did_not_attend_does_not_count():
    absent = revised([60], [60]).with_columns(step=pl.lit(0, pl.Int16))
    assert effect(unrevised(12), absent)["verdict"] == "too few answers"
    assert effect(unrevised(12), revised(POOR, GOOD), absent) == effect(unrevised(12), revised(POOR, GOOD))


def test_three_hundred_modules_are_judged_at_once():
    names = [f"CĐ{module:03}" for module in range(100)]
    said = effects(unrevised(300, people=40), modules=names)
    assert (said.height, set(said["controls"])) == (100, {200})
    assert said["verdict"].is_in(["better", "worse"]).mean() <= 0.05


def test_the_revised_modules_may_come_as_a_frame():
    counts = together(unrevised(12), revised(POOR, GOOD))
    frame = pl.DataFrame({"module": ["Họp"], "version": ["2"]})
    assert revision_effects(counts, FIVE_STEPS, before="K1", after="K2", revised=frame).equals(effects(counts))


def test_impossible_options_are_refused_with_a_sentence():
    counts = unrevised(6)
    with pytest.raises(ValueError, match="two cohorts"):
        revision_effects(counts, FIVE_STEPS, before="K1", after="K1", revised=["Họp"])
    with pytest.raises(ValueError, match="list of modules"):
        revision_effects(counts, FIVE_STEPS, before="K1", after="K2", revised="Họp")
    with pytest.raises(FrameError, match="'module'"):
        revision_effects(counts, FIVE_STEPS, before="K1", after="K2", revised=pl.DataFrame({"name": ["Họp"]}))
    with pytest.raises(FrameError, match="'step'"):
        revision_effects(counts.drop("step"), FIVE_STEPS, before="K1", after="K2", revised=["Họp"])


def test_in_the_demo_the_true_improvement_is_told_from_the_one_that_only_seems_so():
    said = revision_effects(
        demo_counts(1, 2, 3), FIVE_STEPS, before="k2", after="k3", revised=[IMPROVED, SEEMS_IMPROVED]
    )
    rows = {row["module"]: row for row in said.rows(named=True)}
    assert rows[IMPROVED]["verdict"] == "better"
    assert rows[SEEMS_IMPROVED]["verdict"] == "no clear change"
    assert rows[SEEMS_IMPROVED]["change"] > 0
