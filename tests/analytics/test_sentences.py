"""Sentences say what the numbers bear, in Vietnamese and in English, and nothing of what is withheld."""

from __future__ import annotations

import re
from string import Formatter

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics import SENTENCES, Finding, findings_of_measures, measures, said, sentences, sentences_of
from analytics.finding_rules import ALL_RULES
from dashboards import numbers
from tests.analytics import shown
from tests.analytics.answers import answers, scale, some_examples
from tests.analytics.shown import UNCLEAR, finding
from tests.analytics.test_finding_rules import BORDERS

NAMES = {
    "module": {"Họp": "Điều hành cuộc họp"},
    "cohort": {"K3": "Khóa 3", "K4": "Khóa 4"},
    "item": {"useful": ""},
}
EXAMPLES = {what: finding(kind, **given) for kind, *sides in BORDERS for given, what in (sides[:2], sides[2:])}
LANGUAGES = pytest.mark.parametrize("language", sentences.LANGUAGES)
OF_EVERY_SENTENCE = pytest.mark.parametrize("what", [rule.what for rule in ALL_RULES])

ARROWS = "←↑→↓↗↘▲▼△▽⇧⇩⬆⬇➚➘"


UNCHANGED = {
    "verdict": "no evidence",
    "mean_before": 4.05,
    "difference": -0.05,
    "p_value": 0.2,
    "p_adjusted": 0.4,
    "p_higher": 0.48,
    "p_higher_low": 0.41,
    "p_higher_high": 0.55,
}


def vietnamese(found):
    return said(found, language="vi", names=NAMES)


def english(found):
    return said(found, language="en", names=NAMES)


def places(sentence):
    return sorted((field, form) for _, field, form, _ in Formatter().parse(sentence) if field)


def test_both_languages_say_the_same_things_of_the_same_places():
    in_vietnamese, in_english = (sentences.catalogue(language) for language in sentences.LANGUAGES)
    assert list(in_vietnamese) == list(in_english)
    for key, sentence in in_english.items():
        assert places(in_vietnamese[key]) == places(sentence), key


def test_every_condition_has_its_sentence():
    kinds = {"change", "effect", "trend", "standing", "rank", "measure", "response", "silence"}
    conditional = {key for key in sentences.catalogue("en") if key.partition(".")[0] in kinds}
    assert conditional == {rule.what for rule in ALL_RULES}


@LANGUAGES
def test_every_line_of_a_catalogue_is_said_by_somebody(language, monkeypatch):
    used = set()

    class Noting(dict):
        def __getitem__(self, key):
            used.add(key)
            return super().__getitem__(key)

        def get(self, key, default=None):
            return self[key] if key in self.keys() else default

    words = Noting(sentences.catalogue(language))
    monkeypatch.setattr(sentences, "catalogue", lambda _: words)
    everywhere = dict.fromkeys(("programme", "version", "component", "cohort", "class", "unit", "item", "post"), "x")
    odd = [
        *(Finding("measure.mean", where, "uncertain", 5, (), {}) for where in (everywhere, {"module": None}, {})),
        finding("change", direction="down"),
        finding("change", p_adjusted=0.05),
        finding("change", p_higher_low=None, mean_after=3.0),
        finding("effect", effect=-0.2, **UNCLEAR),
    ]
    for found in [*EXAMPLES.values(), *odd]:
        said(found, language=language)
    assert used == set(words)


@LANGUAGES
def test_nothing_is_said_with_an_arrow(language):
    assert not set(ARROWS) & set("".join(sentences.catalogue(language).values()))


def test_a_change_without_evidence_is_called_so():
    unchanged = finding("change", **UNCHANGED)
    assert vietnamese(unchanged) == (
        "Chưa có bằng chứng là chuyên đề “Điều hành cuộc họp” đã thay đổi từ Khóa 3 sang Khóa 4: điểm trung bình 4,00 "
        "trên 5, trước đó 4,05 (chênh lệch −0,05); chọn ngẫu nhiên mỗi khóa một học viên thì xác suất học viên của "
        "Khóa 4 hài lòng hơn là 48,0\N{NO-BREAK SPACE}% (bằng nhau thì tính một nửa; khoảng tin cậy "
        "95\N{NO-BREAK SPACE}%: 41,0\N{NO-BREAK SPACE}% đến 55,0\N{NO-BREAK SPACE}%; 38 và 41 lượt đánh giá)."
    )
    assert english(unchanged) == (
        "No evidence that module “Điều hành cuộc họp” changed from Khóa 3 to Khóa 4: mean 4.00 of 5, before 4.05 "
        "(difference −0.05); of two trainees, one from each cohort, the one from Khóa 4 is the more satisfied with a "
        "probability of 48.0% (ties count half; 95% interval 41.0% to 55.0%; 38 and 41 ratings)."
    )


@pytest.mark.parametrize("what", ["change.none", "trend.none", "standing.around"])
def test_without_evidence_that_comes_first(what):
    assert english(EXAMPLES[what]).startswith("No evidence that ")
    assert vietnamese(EXAMPLES[what]).startswith("Chưa có bằng chứng là ")


def test_what_is_a_change_only_if_seen_alone_is_no_evidence_and_says_why():
    alone = english(finding("change", verdict="no evidence", p_adjusted=0.3))
    assert alone.startswith("No evidence that ")
    assert alone.endswith("but among several comparisons chance alone may bring one like it.")


def test_a_clear_change_says_on_what_it_rests():
    assert english(finding("change")) == (
        "Module “Điều hành cuộc họp” was rated better in Khóa 4 than in Khóa 3: mean 4.00 of 5, before 3.50; of two "
        "trainees, one from each cohort, the one from Khóa 4 is the more satisfied with a probability of 64.0% "
        "(ties count half; 95% interval 53.0% to 75.0%; 38 and 41 ratings)."
    )


def test_a_revised_module_that_only_seems_better_names_what_came_by_itself_and_what_could_have_been_seen():
    found = finding("effect", **UNCLEAR)
    assert english(found) == (
        "After its revision module “Điều hành cuộc họp” only seems better, without a clear change: it changed by "
        "+0.60 from Khóa 3 to Khóa 4, while modules of a similar start changed by +0.20 by themselves (judged by 27 "
        "unrevised modules). The difference is +0.40 (positive is better; 95% interval −0.10 to +0.75; 38 and 41 "
        "ratings); the smallest shift that could have been seen is 0.45."
    )
    in_vietnamese = vietnamese(found)
    assert "chỉ có vẻ tốt lên chứ chưa thay đổi rõ rệt" in in_vietnamese
    assert "tự thay đổi +0,20 (tính theo 27 chuyên đề không chỉnh sửa)" in in_vietnamese
    assert in_vietnamese.endswith("mức thay đổi nhỏ nhất có thể nhận ra là 0,45.")


def test_a_revision_that_changed_nothing_names_the_same():
    unchanged = english(finding("effect", **UNCLEAR, change=-0.1))
    assert unchanged.startswith("No clear change of module ")
    assert "changed by +0.20 by themselves" in unchanged
    assert "the smallest shift that could have been seen is 0.45" in unchanged


@pytest.mark.parametrize(("direction", "rose", "more"), [("up", 0.1, 0.7), ("down", -0.1, -0.7)])
def test_a_revised_module_that_rose_less_than_others_does_not_seem_better(direction, rose, more):
    less = {"effect": -0.6, "effect_low": -1.15, "effect_high": -0.05, "p_value": 0.04, "p_adjusted": 0.08}
    found = finding("effect", **less, direction=direction, change=rose, expected=more, verdict="no clear change")
    assert english(found).startswith("No clear change of module ")
    assert "better," not in english(found)
    assert "không thay đổi rõ rệt" in vietnamese(found)
    assert "có vẻ tốt lên" not in vietnamese(found)


def test_of_a_single_module_neither_a_rank_nor_a_distance_is_said():
    ranked = finding("rank", modules=1, rank=1, rank_high=1)
    standing = finding("standing", modules=1, cohort_mean=4.08, from_cohort=0.0, standing="around")
    assert english(ranked) == (
        "Module “Điều hành cuộc họp” (Khóa 4) is the only one of its cohort with enough answers: it has no rank "
        "(38 ratings)."
    )
    assert vietnamese(ranked) == (
        "Trong khóa chỉ có chuyên đề “Điều hành cuộc họp” (Khóa 4) có đủ câu trả lời nên không thể xếp hạng "
        "(38 lượt đánh giá)."
    )
    assert english(standing) == (
        "Module “Điều hành cuộc họp” (Khóa 4) is the only one of its cohort with enough answers: there is nothing to "
        "compare it with (38 ratings)."
    )
    assert vietnamese(standing) == (
        "Trong khóa chỉ có chuyên đề “Điều hành cuộc họp” (Khóa 4) có đủ câu trả lời nên không có gì để so sánh "
        "(38 lượt đánh giá)."
    )


@pytest.mark.parametrize(
    ("shares", "in_english", "in_vietnamese"),
    [
        ({}, "(1 in all) were unhappy, most would", "(1 người) không hài lòng thì vẫn có đa số hài lòng"),
        (
            {"top2_if_unhappy": 0.3, "top2_if_happy": 0.4},
            "(1 in all) were satisfied, fewer than half would",
            "(1 người) hài lòng thì vẫn chưa đến một nửa hài lòng",
        ),
        ({"top2_if_unhappy": 0.4}, "(1 in all) could turn the picture", "Ý kiến của 1 người không trả lời về "),
    ],
)
def test_one_who_was_silent_is_not_spoken_of_as_many(shares, in_english, in_vietnamese):
    of_one = finding("silence", silent=1, **shares)
    assert in_english in english(of_one)
    assert in_vietnamese in vietnamese(of_one)
    assert not re.search(r"\b(all 1|the 1|tất cả 1|cả họ|đều)\b", f"{english(of_one)} {vietnamese(of_one)}".lower())


def test_numbers_that_may_be_one_do_not_stand_before_a_plural():
    one = finding("effect", expected=None, effect=None, controls=1)
    assert "but what was not revised (modules: 1) does not show what changes by itself." in english(one)
    one = finding("measure", n=5, top2_share=0.2, top2_low=0.04, top2_high=0.62)
    assert english(one).startswith(
        "Ratings of module “Điều hành cuộc họp” (Khóa 4) on the two best steps: 1 of 5 (20.0%;"
    )


def test_where_all_gave_the_same_answer_no_interval_is_said_but_why_there_is_none():
    [found] = findings_of_measures(measures(answers([0, 0, 40]), scale(steps=3)))
    assert english(found) == (
        "Mean of module “Điều hành cuộc họp” (K1): 3.00 of 3 (40 ratings; all of them gave the same answer, so that no "
        "interval can be computed)."
    )
    assert vietnamese(found) == (
        "Điểm trung bình của chuyên đề “Điều hành cuộc họp” (K1): 3,00 trên 3 (40 lượt đánh giá; tất cả đều chọn cùng "
        "một mức nên không tính được khoảng tin cậy)."
    )


def test_an_interval_without_width_is_said_where_everybody_answered_and_differed():
    asked_all = measures(answers([10, 20, 10]), scale(steps=3), population=40)
    assert "(95% interval 2.00 to 2.00; 40 ratings)" in english(findings_of_measures(asked_all)[0])


@OF_EVERY_SENTENCE
@LANGUAGES
def test_every_sentence_contains_its_n(what, language):
    found = EXAMPLES[what]
    sentence = said(found, language=language)
    counted = [found.numbers[name] for name in ("n", "n_before", "n_after", "answered") if name in found.numbers]
    assert bool(counted) == (found.sure != "too few")
    for n in counted:
        assert re.search(rf"(?<![\d.,]){n}(?![\d.,]\d)", sentence), n


@OF_EVERY_SENTENCE
@LANGUAGES
def test_no_place_of_a_sentence_stays_empty(what, language):
    sentence = said(EXAMPLES[what], language=language, names=NAMES)
    assert not re.search(r"–|None|nan|[{}]|  | \)|\( ", sentence)
    assert sentence[0].isupper()
    assert sentence.endswith(".")


@pytest.mark.parametrize("kind", shown.ROWS)
@LANGUAGES
def test_of_too_few_answers_no_number_is_said(kind, language):
    withheld = {"standing": "too few"} if kind == "standing" else {"withheld": True}
    digits = {"K3": "trước", "K4": "sau"}
    sentence = said(finding(kind, **withheld), language=language, names={"cohort": digits})
    assert not re.search(r"\d", sentence)
    assert ("quá ít câu trả lời" if language == "vi" else "too few answers") in sentence.lower()


CLAIMS = {
    "en": ("was rated better", "was rated worse", "did better", "did worse", "is rated clearly"),
    "vi": ("được đánh giá tốt hơn", "được đánh giá kém hơn", "đạt kết quả tốt hơn", "đạt kết quả kém hơn"),
}


@OF_EVERY_SENTENCE
@LANGUAGES
def test_better_and_worse_are_claimed_only_by_what_is_clear(what, language):
    kind, _, verdict = what.partition(".")
    claims = any(claim in said(EXAMPLES[what], language=language) for claim in CLAIMS[language])
    assert claims == (
        kind in ("change", "effect", "standing") and verdict.removeprefix("blurred_") in ("better", "worse")
    )


def test_where_the_lowest_step_is_the_best_that_is_said_of_every_number():
    down = finding("change", direction="down", mean_after=3.0)
    assert down.what == "change.better"
    assert english(down).endswith(" On this scale the lowest step is the best.")
    assert vietnamese(down).endswith(" Ở thang đo này, mức thấp nhất là mức tốt nhất.")
    for other in ({"direction": "up"}, {"direction": "middle"}, {"direction": "down", "withheld": True}):
        assert "lowest step" not in english(finding("change", **other))


def test_where_there_is_no_interval_that_is_said():
    without = dict.fromkeys(("p_higher_low", "p_higher_high"))
    assert "(ties count half; no interval can be computed; 38 and 41 ratings)" in english(finding("change", **without))


def test_the_confidence_is_the_one_of_the_frame():
    [found] = findings_of_measures(shown.frame(shown.MEASURE), confidence=0.9)
    assert "90% interval 64.0% to 89.0%" in english(found)
    [found] = findings_of_measures(shown.frame(shown.MEASURE), confidence=0.999)
    assert "99.9% interval 64.0% to 89.0%" in english(found)
    with pytest.raises(ValueError, match="between 0 and 1, not be 95"):
        findings_of_measures(shown.frame(shown.MEASURE), confidence=95)


def test_a_rank_is_never_said_without_its_interval():
    between = english(finding("rank", rank_high=9))
    assert between.endswith("lies between 1 and 9 (1 is the most in need of revision; 95% interval; 38 ratings).")
    assert "could have any rank among the 32 modules" in english(finding("rank", rank_high=32))


def test_how_many_of_how_many():
    assert "30 trên 38 (78,9\N{NO-BREAK SPACE}%;" in vietnamese(finding("measure"))
    assert "30 of 38 (78.9%;" in english(finding("measure"))
    assert "80 of 90 (88.9%)" in english(finding("response"))


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({"module": "Họp"}, "Module “Điều hành cuộc họp”"),
        ({"cohort": "K4", "module": "Họp", "item": "useful"}, "Module “Điều hành cuộc họp” (Khóa 4)"),
        ({"module": "Họp", "item": "clear"}, "Module “Điều hành cuộc họp” (question “clear”)"),
        ({"cohort": "K4", "module": None, "item": "useful"}, "The course as a whole (Khóa 4)"),
        ({"cohort": "K4", "component": "Kỹ năng"}, "Component “Kỹ năng” (Khóa 4)"),
        ({"cohort": "K4", "class": "A", "item": "useful"}, "Khóa 4 (class A)"),
        ({"item": "useful"}, "All cohorts together"),
        ({"module": "{n}"}, "Module “{n}”"),
    ],
)
def test_where_is_said_with_titles(where, place):
    found = Finding("standing.worse", where, "clear", 38, (), {})
    assert english(found).startswith(f"{place} is rated clearly worse")


def test_a_language_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="no sentences in 'fr'; the languages are vi, en"):
        said(finding("change"), language="fr")


@some_examples
@given(st.floats(-1e6, 1e6), st.sampled_from(["vi", "en"]))
def test_numbers_are_written_as_the_tables_write_them(value, language):
    numbers_of = {"confidence": 0.95, "n": round(value), "mean": value, "top2_share": value, "favourable": 1}
    sentence = said(Finding("measure.most", {}, "clear", 1, (), numbers_of), language=language)
    count = numbers.count(round(value), language=language)
    share = numbers.share(value, language=language)
    mean = numbers.number(value, language=language)
    assert f" {count} ({share}; " in sentence
    assert f" {mean} " in sentence


def test_findings_become_a_frame_with_their_keys_in_front():
    told = sentences_of([finding("change"), finding("rank", withheld=True)], language="en", names=NAMES)
    assert told.columns == ["module", "item", "before", "after", "cohort", *SENTENCES]
    assert told.select("what", "sure", "n").rows() == [
        ("change.better", "clear", 38),
        ("rank.too_few", "too few", None),
    ]
    assert told["sentence"].to_list() == [english(finding("change")), english(finding("rank", withheld=True))]


def test_no_findings_are_an_empty_frame():
    assert sentences_of([], language="vi").schema == SENTENCES
    assert isinstance(sentences_of([], language="vi"), pl.DataFrame)
