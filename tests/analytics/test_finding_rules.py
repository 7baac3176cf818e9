"""Each sentence is chosen exactly where its condition holds, and just outside of it a weaker one is."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analytics import (
    changes_to_previous,
    findings_of_changes,
    findings_of_measures,
    measures,
)
from analytics.finding_rules import ALL_RULES, ALWAYS, NOTES
from tests.analytics.answers import FIVE_STEPS, answers, scale, some_examples, together
from tests.analytics.shown import FALLING, FELL, HARMED, ROWS, UNCLEAR, finding

NO_NUMBERS = dict.fromkeys(("n_before", "n_after", "mean_before", "mean_after", "difference", "p_higher", "p_value"))
SAME_MEANS = {"mean_before": 4.0, "mean_after": 4.0}

# What a blurred row has no numbers of.
BLUR = {
    "blurred": True,
    **dict.fromkeys(("mean_before", "mean_after", "difference", "p_higher", "cliffs_delta", "mean", "top2_share")),
    **dict.fromkeys(("change", "expected", "effect", "cohort_mean", "from_cohort")),
}


def blur(kind, **other):
    """What makes the usual row of a kind a blurred one."""
    return {**{name: value for name, value in BLUR.items() if name in ROWS[kind] or name == "blurred"}, **other}


ALONE = {"modules": 1, "cohort_mean": 3.4, "from_cohort": 0.0, "standing": "around"}
ALIKE = {"counts": [0, 0, 38, 0, 0], **dict.fromkeys(("mean", "mean_low", "mean_high"), 3.0), "top2_share": None}
SANK = {"difference_low": -0.9, "difference_high": -0.1}

# What holds, what is said of it; what is just outside, what is said of that.
BORDERS = [
    ("change", {}, "change.better", {"p_higher_low": 0.5}, "change.none"),
    ("change", {"p_adjusted": 0.0499}, "change.better", {"p_adjusted": 0.05}, "change.none"),
    ("change", {}, "change.better", {"verdict": "no evidence"}, "change.none"),
    ("change", {"mean_after": 3.501}, "change.better", {"mean_after": 3.5}, "change.mixed"),
    ("change", {}, "change.better", {"direction": "down"}, "change.mixed"),
    ("change", {"direction": "down", "mean_after": 3.0}, "change.better", {"direction": "middle"}, "change.mixed"),
    ("change", FELL, "change.worse", {**FELL, "p_higher_high": 0.5}, "change.none"),
    ("change", FELL, "change.worse", {**FELL, "p_adjusted": 0.05}, "change.none"),
    ("change", FELL, "change.worse", {**FELL, "verdict": "no evidence"}, "change.none"),
    ("change", FELL, "change.worse", {**FELL, "mean_after": 3.5}, "change.mixed"),
    ("change", SAME_MEANS, "change.mixed", {**SAME_MEANS, "p_higher_low": 0.5}, "change.none"),
    ("change", {"verdict": "too few"}, "change.too_few", {"verdict": "no evidence"}, "change.none"),
    ("change", {"withheld": True}, "change.too_few", {"withheld": False}, "change.better"),
    ("change", NO_NUMBERS, "change.too_few", {}, "change.better"),
    ("change", blur("change"), "change.blurred_better", blur("change", p_higher_low=0.5), "change.blurred"),
    ("change", blur("change"), "change.blurred_better", blur("change", difference_low=-0.9), "change.blurred"),
    (
        "change",
        blur("change", p_adjusted=0.0499),
        "change.blurred_better",
        blur("change", p_adjusted=0.05),
        "change.blurred",
    ),
    (
        "change",
        blur("change", **{**FELL, **SANK, "mean_after": None, "p_higher": None}),
        "change.blurred_worse",
        blur("change", **{**FELL, "mean_after": None, "p_higher": None}),
        "change.blurred",
    ),
    (
        "change",
        blur("change", verdict="no evidence"),
        "change.blurred",
        blur("change", withheld=True),
        "change.too_few",
    ),
    ("effect", {"effect_low": 0.001}, "effect.better", {"effect_low": 0.0}, "effect.only_seems_better"),
    ("effect", {"p_adjusted": 0.0499}, "effect.better", {"p_adjusted": 0.05}, "effect.only_seems_better"),
    ("effect", {}, "effect.better", {"verdict": "no clear change"}, "effect.only_seems_better"),
    (
        "effect",
        {"direction": "down", "change": -0.6},
        "effect.better",
        {"verdict": "worse"},
        "effect.only_seems_better",
    ),
    ("effect", HARMED, "effect.worse", {**HARMED, "effect_high": 0.0}, "effect.none"),
    ("effect", {**UNCLEAR, "effect": 0.001}, "effect.only_seems_better", {**UNCLEAR, "effect": 0.0}, "effect.none"),
    (
        "effect",
        {**UNCLEAR, "direction": "down", "change": -0.1},
        "effect.only_seems_better",
        {**HARMED, "direction": "down", "change": -0.1, "p_adjusted": 0.08},
        "effect.none",
    ),
    ("effect", HARMED, "effect.worse", {**HARMED, "p_adjusted": 0.05, "change": -0.2}, "effect.none"),
    ("effect", {**UNCLEAR, "change": 0.001}, "effect.only_seems_better", {**UNCLEAR, "change": 0.0}, "effect.none"),
    (
        "effect",
        {**UNCLEAR, "direction": "down", "change": -0.1},
        "effect.only_seems_better",
        {**UNCLEAR, "direction": "down", "change": 0.1},
        "effect.none",
    ),
    ("effect", {"expected": None, "effect": None, "controls": 4}, "effect.no_controls", {}, "effect.better"),
    ("effect", {"shift": None}, "effect.no_controls", {}, "effect.better"),
    ("effect", {"withheld": True}, "effect.too_few", {}, "effect.better"),
    ("effect", blur("effect"), "effect.blurred_better", blur("effect", effect_low=0.0), "effect.blurred"),
    (
        "effect",
        blur("effect", **{**HARMED, "effect": None}),
        "effect.blurred_worse",
        blur("effect", **{**HARMED, "effect": None, "effect_high": 0.0}),
        "effect.blurred",
    ),
    ("effect", blur("effect", p_adjusted=0.05), "effect.blurred", blur("effect", withheld=True), "effect.too_few"),
    ("trend", {"slope_low": 0.001}, "trend.rising", {"slope_low": 0.0}, "trend.none"),
    ("trend", {"p_adjusted": 0.0499}, "trend.rising", {"p_adjusted": 0.05}, "trend.none"),
    ("trend", {}, "trend.rising", {"verdict": "falling"}, "trend.none"),
    (
        "trend",
        {**FALLING, "verdict": "rising", "direction": "down"},
        "trend.rising",
        {"direction": "down"},
        "trend.none",
    ),
    ("trend", {"direction": "down", "verdict": "falling"}, "trend.falling", {"verdict": "falling"}, "trend.none"),
    ("trend", FALLING, "trend.falling", {**FALLING, "slope_high": 0.0}, "trend.none"),
    ("trend", FALLING, "trend.falling", {**FALLING, "p_adjusted": 0.05}, "trend.none"),
    ("trend", {"verdict": "too few"}, "trend.too_few", {"verdict": "no evidence"}, "trend.none"),
    ("trend", {"withheld": True}, "trend.too_few", {}, "trend.rising"),
    ("standing", {"from_cohort": -0.001}, "standing.worse", {"from_cohort": 0.0}, "standing.around"),
    ("standing", {}, "standing.worse", {"standing": "around"}, "standing.around"),
    ("standing", {}, "standing.worse", {"direction": "down"}, "standing.around"),
    (
        "standing",
        {"standing": "better", "from_cohort": 0.001},
        "standing.better",
        {"standing": "better", "from_cohort": 0.0},
        "standing.around",
    ),
    ("standing", ALONE, "standing.only", {**ALONE, "modules": 2}, "standing.around"),
    ("standing", blur("standing", **ALONE), "standing.only", blur("standing", standing="around"), "standing.blurred"),
    ("standing", {"standing": "too few", "from_cohort": None}, "standing.too_few", {}, "standing.worse"),
    ("standing", blur("standing"), "standing.blurred_worse", blur("standing", standing="around"), "standing.blurred"),
    (
        "standing",
        blur("standing", standing="better"),
        "standing.blurred_better",
        blur("standing", standing="too few"),
        "standing.too_few",
    ),
    ("standing", blur("standing", standing="around"), "standing.blurred", blur("standing"), "standing.blurred_worse"),
    ("rank", {"rank_high": 8}, "rank.worst_quarter", {"rank_high": 9}, "rank.between"),
    (
        "rank",
        {"rank_low": 25, "rank_high": 32},
        "rank.best_quarter",
        {"rank_low": 24, "rank_high": 32},
        "rank.between",
    ),
    ("rank", {"modules": 4, "rank_high": 1}, "rank.worst_quarter", {"modules": 3, "rank_high": 1}, "rank.between"),
    ("rank", {"rank_high": 32}, "rank.any", {"rank_low": 2, "rank_high": 32}, "rank.between"),
    ("rank", {"rank_high": 32}, "rank.any", {"rank_high": 31}, "rank.between"),
    (
        "rank",
        {"modules": 1, "rank": 1, "rank_high": 1},
        "rank.only",
        {"modules": 2, "rank": 1, "rank_high": 2},
        "rank.any",
    ),
    ("rank", {"withheld": True, "modules": 1}, "rank.too_few", {}, "rank.worst_quarter"),
    ("rank", {"withheld": True}, "rank.too_few", {}, "rank.worst_quarter"),
    ("measure", {"top2_low": 0.9}, "measure.nearly_all", {"top2_low": 0.8999}, "measure.most"),
    ("measure", {"top2_low": 0.5001}, "measure.most", {"top2_low": 0.5}, "measure.uncertain"),
    ("measure", {"top2_low": 0.4, "top2_high": 0.6}, "measure.about_half", {"top2_low": 0.3999}, "measure.uncertain"),
    (
        "measure",
        {"top2_low": 0.4, "top2_high": 0.6},
        "measure.about_half",
        {"top2_low": 0.4, "top2_high": 0.6001},
        "measure.uncertain",
    ),
    (
        "measure",
        {"top2_low": 0.2, "top2_high": 0.4999},
        "measure.minority",
        {"top2_low": 0.2, "top2_high": 0.5},
        "measure.uncertain",
    ),
    (
        "measure",
        {"top2_low": 0.0, "top2_high": 0.1},
        "measure.hardly_any",
        {"top2_low": 0.0, "top2_high": 0.1001},
        "measure.minority",
    ),
    ("measure", {"top2_share": None, "top2_low": None, "top2_high": None}, "measure.mean", {}, "measure.most"),
    ("measure", ALIKE, "measure.alike", {**ALIKE, "counts": [0, 19, 0, 19, 0]}, "measure.mean"),
    ("measure", ALIKE, "measure.alike", {**ALIKE, "mean_low": None, "mean_high": None}, "measure.mean"),
    ("measure", ALIKE, "measure.alike", {**ALIKE, "top2_share": 0.0}, "measure.most"),
    ("measure", {"withheld": True}, "measure.too_few", {}, "measure.most"),
    ("measure", blur("measure"), "measure.blurred", blur("measure", blurred=False), "measure.too_few"),
    ("measure", {"n": 0, "mean": None}, "measure.too_few", {"n": 1, "mean": 4.0}, "measure.most"),
    ("response", {"answered": 90}, "response.all", {"answered": 89}, "response.most"),
    ("response", {"answered": 46}, "response.most", {"answered": 45}, "response.half"),
    ("response", {"answered": 45}, "response.half", {"answered": 44}, "response.minority"),
    ("response", {"answered": 91}, "response.no_rate", {"answered": 90}, "response.all"),
    ("response", {"enrolled": None}, "response.no_rate", {}, "response.most"),
    ("response", {"withheld": True}, "response.too_few", {}, "response.most"),
    ("silence", {"top2_if_unhappy": 0.5001}, "silence.still_most", {"top2_if_unhappy": 0.5}, "silence.open"),
    (
        "silence",
        {"top2_if_unhappy": 0.3, "top2_if_happy": 0.4999},
        "silence.still_minority",
        {"top2_if_unhappy": 0.3, "top2_if_happy": 0.5},
        "silence.open",
    ),
    ("silence", {"silent": 0}, "silence.nobody", {"silent": 1}, "silence.still_most"),
    ("silence", {"top2_if_unhappy": None, "top2_if_happy": None}, "silence.unknown", {}, "silence.still_most"),
    ("silence", {"top2_share": None}, "silence.unknown", {}, "silence.still_most"),
    ("silence", {"withheld": True}, "silence.too_few", {}, "silence.still_most"),
]


@pytest.mark.parametrize(("kind", "inside", "said", "outside", "instead"), BORDERS)
def test_a_sentence_is_said_where_its_condition_holds_and_not_just_outside(kind, inside, said, outside, instead):
    assert finding(kind, **inside).what == said
    assert finding(kind, **outside).what == instead


def test_every_sentence_has_its_condition_tested_from_inside_and_outside():
    """The last of each kind needs no condition: it is what is said just outside of the others."""
    inside, instead = {border[2] for border in BORDERS}, {border[4] for border in BORDERS}
    conditional = {rule.what for rule in ALL_RULES if not rule.holds.meta.eq(ALWAYS)}
    assert inside == conditional
    assert inside | instead == {rule.what for rule in ALL_RULES}
    assert {note for _, _, note, _ in NOTED} == {note.what for note in NOTES}


FIRST_STEP, SEEN_ALONE = "note.first_step_is_best", "note.only_if_seen_alone"

NOTED = [
    *((kind, {"blurred": True}, "note.blurred", {}) for kind in ("change", "effect", "trend", "rank", "measure")),
    ("change", {"direction": "down"}, FIRST_STEP, {"direction": "up"}),
    ("change", {"direction": "down"}, FIRST_STEP, {"direction": "middle"}),
    ("measure", {"direction": "down"}, FIRST_STEP, {"direction": "up"}),
    *((kind, {"p_adjusted": 0.05}, SEEN_ALONE, {"p_adjusted": 0.0499}) for kind in ("change", "effect", "trend")),
    ("change", {"p_value": 0.0499, "p_adjusted": 0.05}, SEEN_ALONE, {"p_value": 0.05, "p_adjusted": 0.05}),
]


@pytest.mark.parametrize(("kind", "inside", "note", "outside"), NOTED)
def test_a_note_is_added_where_its_condition_holds_and_not_just_outside(kind, inside, note, outside):
    assert finding(kind, **inside).notes == (note,)
    assert finding(kind, **outside).notes == ()


def test_what_is_noted_as_seen_alone_is_never_called_clear():
    for kind in ("change", "effect", "trend"):
        assert finding(kind, p_adjusted=0.05).sure == "uncertain"


def test_where_all_answers_are_equal_on_each_side_a_clear_change_has_no_interval():
    no_interval = dict.fromkeys(("p_higher_low", "p_higher_high", "difference_low", "difference_high"))
    found = finding("change", **no_interval, p_higher=1.0)
    assert found.what == "change.better"
    assert "p_higher_low" not in found.numbers
    assert finding("change", **no_interval, p_higher=0.5).what == "change.none"


distributions = st.lists(st.integers(0, 30), min_size=5, max_size=5)


@some_examples
@given(st.lists(st.tuples(distributions, distributions), min_size=1, max_size=6), st.sampled_from(["up", "down"]))
@example([([0, 0, 0, 0, 7], [3, 3, 3, 3, 3])], "up")
@example([([0, 0, 0, 0, 28], [28, 0, 0, 0, 0])], "up")
@example([([0, 0, 0, 0, 28], [28, 0, 0, 0, 0])], "down")
def test_of_real_comparisons_a_direction_is_said_where_the_verdict_says_it_and_the_means_agree(modules, direction):
    counts = together(
        *(
            answers(ratings, cohort=cohort, module=f"m{place}")
            for place, pair in enumerate(modules)
            for cohort, ratings in zip(("K3", "K4"), pair, strict=True)
        )
    )
    changes = changes_to_previous(counts, scale(direction=direction), cohorts=["K3", "K4"])
    said = {one.where["module"]: one.what.removeprefix("change.") for one in findings_of_changes(changes)}
    way = 1 if direction == "up" else -1
    for row in changes.iter_rows(named=True):
        if row["blurred"]:
            # No mean is told: the interval of their difference lies mostly on one side.
            lies = way * ((row["difference_low"] or 0) + (row["difference_high"] or 0))
            better, worse, otherwise, none = "blurred_better", "blurred_worse", "blurred", "blurred"
        else:
            lies = way * (row["difference"] or 0)
            better, worse, otherwise, none = "better", "worse", "mixed", "none"
        expected = {
            "higher": better if lies > 0 else otherwise,
            "lower": worse if lies < 0 else otherwise,
            "too few": "too_few",
            "no evidence": none,
        }
        assert said[row["module"]] == expected[row["verdict"]]


a_share = st.one_of(st.none(), st.floats(0, 1))
a_shift = st.one_of(st.none(), st.floats(-4, 4))


def ends(numbers):
    return st.tuples(numbers, numbers, numbers).map(lambda three: sorted(three, key=lambda x: (x is None, x or 0)))


@some_examples
@given(
    ends(a_share),
    a_shift,
    a_share,
    st.sampled_from(["higher", "lower", "no evidence", "too few", "no such verdict"]),
    st.sampled_from(["up", "down", "middle"]),
)
def test_whatever_the_numbers_a_change_has_the_direction_of_its_interval(interval, moved, p, verdict, direction):
    low, middle, high = interval
    found = finding(
        "change",
        p_higher_low=low,
        p_higher=middle,
        p_higher_high=high,
        mean_after=3.5 + (moved or 0),
        p_value=p,
        p_adjusted=p,
        verdict=verdict,
        direction=direction,
    )
    if found.what == "change.better":
        assert found.numbers.get("p_higher_low", found.numbers.get("p_higher")) > 0.5
    if found.what == "change.worse":
        assert found.numbers.get("p_higher_high", found.numbers.get("p_higher")) < 0.5
    assert not (found.sure == "clear" and SEEN_ALONE in found.notes)
    if found.sure == "clear":
        assert found.what == {"higher": "change.better", "lower": "change.worse"}[verdict]
        assert p < 0.05
        assert direction != "middle"


@some_examples
@given(
    ends(a_shift),
    a_share,
    st.sampled_from(["better", "worse", "no clear change", "too few answers"]),
    st.sampled_from(["rising", "falling", "no evidence", "too few"]),
    st.sampled_from(["up", "down"]),
)
def test_whatever_the_numbers_an_effect_and_a_trend_have_the_direction_of_their_interval(
    interval, p, verdict, course, direction
):
    low, middle, high = interval
    given = {"p_adjusted": p, "direction": direction}
    effect = finding("effect", effect_low=low, effect=middle, effect_high=high, verdict=verdict, **given)
    trend = finding("trend", slope_low=low, slope=middle, slope_high=high, verdict=course, **given)
    way = 1 if direction == "up" else -1
    better, worse = middle if low is None else low, middle if high is None else high
    if effect.sure == "clear":
        assert effect.what == f"effect.{verdict}"
        assert better > 0 if verdict == "better" else worse < 0
    if trend.sure == "clear":
        assert trend.what == f"trend.{course}"
        assert better > 0 if (way > 0) == (course == "rising") else worse < 0


@some_examples
@given(distributions)
def test_a_word_for_a_share_is_borne_by_its_whole_interval(ratings):
    [found] = findings_of_measures(measures(answers(ratings), FIVE_STEPS))
    low, high = (found.numbers.get(f"top2_{end}") for end in ("low", "high"))
    bounds = {
        "measure.nearly_all": (0.9, 1),
        "measure.most": (0.5, 1),
        "measure.about_half": (0.4, 0.6),
        "measure.minority": (0, 0.5),
        "measure.hardly_any": (0, 0.1),
    }
    if found.sure == "clear":
        least, most = bounds[found.what]
        assert least <= low <= high <= most
    elif found.what == "measure.uncertain":
        assert low <= 0.5 <= high
