"""The demo's model: believable, the same everywhere, with one true improvement and one that only seems to be one."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from analytics import COUNTS, compare
from survey.demo import model
from survey.demo.school import programme_outline
from tests.analytics.answers import FIVE_STEPS

OUTLINE = programme_outline()
MODULES = [module.key for component in OUTLINE.components for module in component.modules]
COMPONENTS = [component.key for component in OUTLINE.components for _ in component.modules]
IMPROVED, SEEMS_IMPROVED = "15", "12"
MANY = 8_000


def simulated(cohort, trainees=90):
    return model.simulate(MODULES, COMPONENTS, cohort=cohort, trainees=trainees)


def steps(sheets, module):
    """Ratings of one module by those who were there and answered."""
    return [sheet.modules[module] for sheet in sheets if sheet.modules.get(module, 0) > 0]


def counts(*cohorts):
    rows = [
        {"cohort": f"k{cohort}", "component": component, "module": module, "item": "useful", "step": step, "n": n}
        for cohort in cohorts
        for module, component in zip(MODULES, COMPONENTS, strict=True)
        for step, n in enumerate(np.bincount(steps(simulated(cohort), module), minlength=6)[1:].tolist(), 1)
    ]
    return pl.DataFrame(rows, schema=COUNTS)


def test_the_programme_is_shaped_like_the_real_one():
    assert len(MODULES) == len(set(MODULES)) == 32
    assert [component.names["vi"] for component in OUTLINE.components] == [
        "Kiến thức lý luận - chính trị",
        "Kiến thức hành chính - chính quyền địa phương",
        "Định hướng đổi mới",
        "Kỹ năng lãnh đạo, quản lý, điều hành",
        "Học tập kinh nghiệm trong, ngoài nước",
    ]
    assert len({len(component.modules) for component in OUTLINE.components}) > 2


def test_the_same_answers_come_out_every_time():
    assert simulated(2) == simulated(2)
    assert simulated(2) != simulated(3)


@pytest.mark.parametrize(("cohort", "fewest", "most"), [(1, 72, 86), (2, 72, 86), (3, 72, 86), (4, 36, 44)])
def test_as_many_answer_as_in_such_courses(cohort, fewest, most):
    assert fewest <= len(simulated(cohort)) <= most


def test_the_improved_module_truly_improves_by_about_seven_tenths_of_a_step():
    before, after = (np.mean(steps(simulated(cohort, MANY), IMPROVED)) for cohort in (2, 3))
    assert after - before == pytest.approx(0.7, abs=0.05)


def test_the_other_revised_module_has_no_effect_in_the_model():
    before, after = (model.module_quality(MODULES, cohort)[MODULES.index(SEEMS_IMPROVED)] for cohort in (2, 3))
    assert before == after


def test_only_revised_modules_change():
    changed = model.module_quality(MODULES, 3) - model.module_quality(MODULES, 2)
    assert [MODULES[place] for place in np.flatnonzero(changed)] == [IMPROVED]


def test_our_own_statistics_tell_the_two_apart():
    changes = compare(counts(2, 3), FIVE_STEPS, before="k2", after="k3")
    found = {row["module"]: row for row in changes.iter_rows(named=True)}
    assert found[IMPROVED]["verdict"] == "higher"
    assert found[SEEMS_IMPROVED]["verdict"] == "no evidence"
    assert 0.1 < found[SEEMS_IMPROVED]["difference"] < 0.4


def test_both_were_revised_because_they_had_come_out_lowest():
    means = {module: np.mean(steps(simulated(2), module)) for module in MODULES}
    assert sorted(means, key=means.get)[:2] == [IMPROVED, SEEMS_IMPROVED]


def test_ratings_lie_where_officials_rate_their_seniors():
    sheets = simulated(1, MANY)
    means = [np.mean(steps(sheets, module)) for module in MODULES]
    assert 3.7 < np.mean(means) < 4.1
    share_of_best = np.mean([step == 5 for module in MODULES for step in steps(sheets, module)])
    assert 0.15 < share_of_best < 0.4


def test_people_differ_in_leniency():
    means = [np.mean(list(filter(None, sheet.modules.values()))) for sheet in simulated(1, 4000)]
    assert 0.35 < np.std(means) < 0.6


def test_some_were_away_and_some_for_days_together():
    sheets = simulated(1, 4000)
    missed = [[sheet.modules.get(module) == 0 for module in MODULES] for sheet in sheets]
    assert 0.02 < np.mean(missed) < 0.05
    in_a_row = [any(a and b for a, b in pairwise(one)) for one in missed]
    assert 0.08 < np.mean(in_a_row) < 0.2


def test_more_is_left_blank_towards_the_end():
    sheets = simulated(1, 4000)
    blank = [np.mean([module not in sheet.modules for sheet in sheets]) for module in MODULES]
    assert blank[0] < 0.02
    assert 0.04 < blank[-1] < 0.12


def test_some_give_one_answer_to_everything():
    alike = [len(set(sheet.modules.values())) == 1 and len(sheet.modules) == 32 for sheet in simulated(1, 4000)]
    assert 0.04 < np.mean(alike) < 0.09


def test_picks_follow_the_ratings():
    for sheet in simulated(1):
        assert all(1 <= sheet.modules[module] <= 3 for module in sheet.revise_first)
        assert all(sheet.modules[module] >= 4 for module in sheet.most_useful)
        assert max(len(sheet.revise_first), len(sheet.most_useful)) <= model.MOST_PICKS
