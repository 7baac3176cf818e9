"""Figures show what their frame says, in the colours and numbers of the house."""

from __future__ import annotations

import json

import polars as pl
import pytest

from analytics import CHANGES, MEASURES, compare, measures
from dashboards import distribution_figure, dumbbell_figure, means_figure, trend_figure
from dashboards.theme import UNFAVOURABLE_TO_FAVOURABLE, step_colours
from tests.analytics.answers import FIVE_STEPS, answers, scale, together

LABELS = ["Rất kém", "Kém", "Tạm", "Tốt", "Rất tốt"]
WORDS = {"translate": lambda sentence: sentence, "language": "vi"}


def two_modules():
    return measures(together(answers([1, 2, 5, 20, 12]), answers([0, 0, 0, 2, 1], module="Nhỏ <b>")), FIVE_STEPS)


def names_in(figure):
    return [annotation.text for annotation in figure.layout.annotations]


def test_a_distribution_has_a_trace_for_each_step_in_its_order_and_colour():
    figure = distribution_figure(two_modules(), step_labels=LABELS, **WORDS)
    assert [trace.name for trace in figure.data] == LABELS
    assert [trace.marker.color for trace in figure.data] == list(UNFAVOURABLE_TO_FAVOURABLE)
    assert [trace.x[0] for trace in figure.data] == [1, 2, 5, 20, 12]
    assert figure.layout.barnorm == "percent"


def test_every_row_says_its_n_and_withheld_rows_say_so():
    figure = distribution_figure(two_modules(), step_labels=LABELS, **WORDS)
    assert names_in(figure) == ["Họp · n = 40 · 80\u00a0%", "Nhỏ &lt;b&gt; · <i>too few answers</i>"]
    assert {trace.x[1] for trace in figure.data} == {None}
    assert names_in(means_figure(two_modules(), **WORDS)) == [
        "Họp · n = 40",
        "Nhỏ &lt;b&gt; · <i>too few answers</i>",
    ]


def test_a_long_name_is_shortened_and_never_what_stands_beside_it():
    long = "Chuyên đề số 1 với một cái tên rất dài để xem chữ có bị cắt hay tràn ra ngoài khung hình"
    kinds = answers([1, 2, 5, 20, 12], cohort="K1"), answers([0, 0, 0, 20, 0], cohort="Khóa <2>")
    said = measures(together(*kinds), FIVE_STEPS).with_columns(module=pl.lit(long))
    short, beside = "Chuyên đề số 1 với một cái tên rất dài để x…", {"beside": "cohort", **WORDS}
    spread = distribution_figure(said, step_labels=LABELS, **beside)
    same = "n = 20 · <i>nearly all the same</i>"
    assert names_in(spread) == [f"{short}<br>K1 · n = 40 · 80\u00a0%", f"{short}<br>Khóa &lt;2&gt; · {same}"]
    assert names_in(means_figure(said, **beside)) == [
        f"{short}<br>K1 · n = 40",
        f"{short}<br>Khóa &lt;2&gt; · {same}",
    ]


def test_a_row_has_room_for_all_lines_of_its_name():
    changed = two_modules()
    heights = [
        distribution_figure(rows, step_labels=LABELS, **WORDS).layout.height
        for rows in (changed, changed.with_columns(module=pl.lit("Họp " * 20)))
    ]
    assert heights == [2 * 48 + 100, 2 * 65 + 100]


def test_where_the_first_step_is_best_it_has_the_colour_of_the_best():
    said = measures(answers([12, 20, 5, 2, 1]), scale(direction="down"))
    figure = distribution_figure(said, step_labels=LABELS, **WORDS)
    assert figure.data[0].marker.color == UNFAVOURABLE_TO_FAVOURABLE[-1]


@pytest.mark.parametrize("steps", range(2, 12))
def test_a_scale_of_any_length_has_as_many_different_colours(steps):
    colours = step_colours(steps)
    assert len(set(colours)) == steps
    assert (colours[0], colours[-1]) == (UNFAVOURABLE_TO_FAVOURABLE[0], UNFAVOURABLE_TO_FAVOURABLE[-1])
    assert step_colours(steps, "down") == colours[::-1]


def test_means_reach_as_far_as_their_intervals_on_the_whole_scale():
    said = two_modules()
    [points] = means_figure(said, **WORDS).data
    assert points.x[0] == said["mean"][0]
    assert points.x[0] + points.error_x.array[0] == pytest.approx(said["mean_high"][0])
    assert points.x[0] - points.error_x.arrayminus[0] == pytest.approx(said["mean_low"][0])
    assert tuple(means_figure(said, **WORDS).layout.xaxis.range) == (0.85, 5.15)


def test_a_line_stands_where_the_version_changed():
    said = measures(
        together(*(answers([1, 2, 5, 20, 12], cohort=cohort) for cohort in ("K1", "K2", "K3", "K4"))), FIVE_STEPS
    ).with_columns(version=pl.Series(["1", "1", "2", "2"]))
    figure = trend_figure(said, version="version", **WORDS)
    assert [line.x0 for line in figure.layout.shapes] == [1.5]
    assert names_in(figure) == ["new version"]
    assert figure.layout.xaxis.ticktext[0] == "K1<br>n = 40"
    assert not trend_figure(said, **WORDS).layout.shapes


def test_a_dumbbell_is_sorted_by_change_and_carries_the_interval_of_the_difference():
    counts = together(
        answers([5, 5, 10, 10, 10], cohort="K3"),
        answers([5, 5, 10, 10, 10], cohort="K4"),
        answers([10, 10, 10, 5, 5], cohort="K3", module="Dân vận"),
        answers([0, 0, 5, 15, 20], cohort="K4", module="Dân vận"),
        answers([1, 1], cohort="K3", module="Nhỏ"),
        answers([1, 1], cohort="K4", module="Nhỏ"),
    )
    changes = compare(counts, FIVE_STEPS, before="K3", after="K4")
    figure = dumbbell_figure(changes, before="Khóa 3", after="Khóa 4", **WORDS)
    assert names_in(figure) == [
        "Dân vận · n = 40 → 40 · clearly better",
        "Họp · n = 40 → 40 · no evidence of change",
    ]
    _, old, new = figure.data
    risen = changes.row(by_predicate=pl.col("module") == "Dân vận", named=True)
    assert (old.name, new.name) == ("Khóa 3", "Khóa 4")
    assert new.x[0] - new.error_x.arrayminus[0] == pytest.approx(risen["mean_before"] + risen["difference_low"])


def test_where_the_first_step_is_best_the_dumbbell_is_sorted_by_what_is_better():
    better, worse = [20, 15, 5, 0, 0], [0, 0, 5, 15, 20]
    counts = together(
        answers(better, cohort="K3"),
        answers(worse, cohort="K4"),
        answers(worse, cohort="K3", module="Dân vận"),
        answers(better, cohort="K4", module="Dân vận"),
    )
    changes = compare(counts, scale(direction="down"), before="K3", after="K4")
    figure = dumbbell_figure(changes, before="K3", after="K4", **WORDS)
    assert [name.partition(" · ")[0] for name in names_in(figure)] == ["Dân vận", "Họp"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_figures_of_nothing_are_figures_and_all_are_json(language):
    words = {"translate": str, "language": language}
    keys = {"cohort": pl.String, "module": pl.String, "item": pl.String}
    nothing = pl.DataFrame(schema={**keys, **MEASURES})
    figures = [
        distribution_figure(nothing, step_labels=LABELS, **words),
        means_figure(nothing, **words),
        trend_figure(nothing, **words),
        dumbbell_figure(pl.DataFrame(schema={**keys, **CHANGES}), before="K3", after="K4", **words),
    ]
    for figure in figures:
        assert (
            json.loads(figure.to_json())["layout"]["template"]["layout"]["separators"]
            == {"vi": ",.", "en": ".,"}[language]
        )
