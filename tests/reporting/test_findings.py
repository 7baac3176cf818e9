"""`gopy report FILE` says what stands out in sentences, and nothing more strongly than the answers bear."""

from __future__ import annotations

import re
from pathlib import Path

from analytics import Finding
from survey.report_findings import shared_out, without_evidence
from tests.reporting.files import COURSE, course, drawn, programme, wide

POOR, FAIR, GOOD = [10, 12, 6, 2, 0], [2, 6, 12, 8, 2], [0, 1, 4, 15, 10]
FEW = [0, 1, 2, 1, 0]


def one_with(lines, *words):
    [line] = [line for line in lines if all(word in line for word in words)]
    return line


def modules(**counts):
    return {name.replace("_", " "): ratings for name, ratings in counts.items()}


def test_what_stands_out_of_its_cohort_is_said_with_its_n_and_the_rest_is_counted(said):
    lines = said(course({"K1": modules(Poor=POOR, Good=GOOD, A=FAIR, B=FAIR)}), *COURSE)
    assert "(30 ratings)" in one_with(lines, "“Poor”", "clearly worse than the mean of its cohort: 2.00 of 5")
    one_with(lines, "“Good”", "clearly better")
    one_with(lines, "No evidence of a distance from the mean of their cohort in 2 of 4 modules (30 ratings or more).")
    assert not [line for line in lines if "“A”" in line]


def test_every_sentence_has_its_n(said):
    lines = said(course({"K1": programme(cohort=1), "K2": programme(cohort=2, lift=1)}), *COURSE, "--revised", "CĐ3")
    assert len(lines) > 3
    for line in lines:
        assert re.search(r"\d+ ratings\b", line), line


def test_changes_are_said_where_there_are_two_cohorts_and_trends_where_there_are_three(said):
    first, second, third = modules(A=POOR, B=FAIR), modules(A=FAIR, B=FAIR), modules(A=GOOD, B=FAIR)
    one = " ".join(said(course({"K1": first}), *COURSE))
    two = " ".join(said(course({"K1": first, "K2": second}), *COURSE))
    three = " ".join(said(course({"K1": first, "K2": second, "K3": third}), *COURSE))
    assert ("previous cohort" in one, "trend" in one) == (False, False)
    assert "Module “A” was rated better in K2 than in K1" in two
    assert "No evidence of a change to the previous cohort in 1 of 2 modules" in two
    assert "over 3 cohorts" not in two
    assert "The ratings of module “A” get better over 3 cohorts" in three
    assert "No evidence of a trend over the cohorts in 1 of 2 modules (90 ratings or more)." in three


def test_cohorts_stand_in_the_order_of_the_file_unless_told_otherwise(said):
    text = course({"Thu": modules(A=GOOD, B=FAIR), "Xuân": modules(A=POOR, B=FAIR)})
    one_with(said(text, *COURSE), "was rated worse in Xuân than in Thu")
    one_with(said(text, *COURSE, "--cohorts", "Xuân,Thu"), "was rated better in Thu than in Xuân")
    one_with(said(text, *COURSE, "--cohorts", "Xuân", "--cohorts", "Thu"), "was rated better in Thu than in Xuân")


def test_cohorts_that_are_not_named_are_in_the_tables_only(said, run):
    text = course({"K1": modules(A=POOR, B=FAIR), "K2": modules(A=GOOD, B=FAIR), "K3": modules(A=POOR, B=FAIR)})
    lines = said(text, *COURSE, "--cohorts", "K1,K3")
    assert not [line for line in lines if "K2" in line]
    assert "K2" in Path(run(text, *COURSE, "--cohorts", "K1,K3").stdout.strip()).read_text("utf-8")


def test_a_cohort_with_a_comma_is_named_as_it_stands(said):
    text = course({'"Xuân, 1"': modules(A=GOOD, B=FAIR), "Thu": modules(A=POOR, B=FAIR)})
    one_with(said(text, *COURSE, "--cohorts", "Thu", "--cohorts", "Xuân, 1"), "was rated better in Xuân, 1 than in Thu")


def test_a_revision_that_worked_is_said_to_have_worked(said):
    before, after = programme(cohort=1), programme(cohort=2, lift=1.5)
    line = one_with(said(course({"K1": before, "K2": after}), *COURSE, "--revised", "CĐ0"), "After its revision")
    assert "module “CĐ0” did better than modules of a similar start" in line
    assert "(judged by 11 unrevised modules)" in line


def by_luck():
    """Twelve modules of one quality: whichever came out worst improves by itself."""
    before, after = ({f"CĐ{i}": drawn(3.6, people=20, seed=cohort * 50 + i) for i in range(12)} for cohort in (1, 2))
    worst = min(before, key=lambda name: sum(step * n for step, n in enumerate(before[name])))
    return course({"K1": before, "K2": after}), worst


def test_what_only_returned_to_the_mean_is_no_clear_change(said):
    text, worst = by_luck()
    line = one_with(said(text, *COURSE, "--revised", worst), "after its revision")
    assert line.startswith(f"No clear change of module “{worst}” after its revision: it changed by +0.45")
    assert "The difference is −" in line


def test_the_change_of_a_revised_module_is_not_said_a_second_time_without_what_came_by_itself(said):
    text = course({"K1": programme(cohort=1), "K2": programme(cohort=2, lift=1.5)})
    assert one_with(said(text, *COURSE), "“CĐ0”", "was rated better in K2")
    assert len([line for line in said(text, *COURSE, "--revised", "CĐ0") if "than in K1" in line]) == 0


def test_revised_modules_are_listed_and_repeated(said):
    text = course({"K1": programme(cohort=1), "K2": programme(cohort=2)})
    lines = said(text, *COURSE, "--revised", "CĐ1,CĐ2", "--revised", "CĐ3")
    for name in ("CĐ1", "CĐ2", "CĐ3"):
        one_with(lines, f"“{name}”", "revision")


def test_modules_of_few_are_never_named_with_numbers(said):
    cohorts = {"K1": programme(cohort=1) | {"Nhỏ": FEW}, "K2": programme(cohort=2) | {"Nhỏ": FEW}}
    lines = said(course(cohorts), *COURSE)
    assert not [line for line in lines if "Nhỏ" in line]
    assert "Modules with too few answers to say anything of them: 1." in lines
    line = one_with(said(course(cohorts), *COURSE, "--revised", "Nhỏ"), "Nhỏ")
    assert line == "Too few answers to say whether the revision of module “Nhỏ” had an effect from K1 to K2."


def test_modules_of_one_name_in_two_components_are_two(said):
    """Ten in one component are shown, four in the other are not: their sum would give the four away."""
    rows = [("A", "Ôn tập", 2)] * 10 + [("B", "Ôn tập", 5)] * 4 + [("A", "Họp", step) for step in (4, 5) * 10]
    text = "hp,cd,q\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    shown = text + "A,Ôn tập,1\n" * 2
    options = ("--component", "hp", "--module", "cd", "--items", "q", "--steps", "1-5")
    lines = said(shown, *options)
    one_with(lines, "“Ôn tập · A”", "(12 ratings)")
    assert not [line for line in lines if "“Ôn tập”" in line or "Ôn tập · B" in line or "16 ratings" in line]


def test_components_without_modules_are_told_apart_as_in_the_tables(said):
    """Their sum less the one that is shown would be the four of the other."""
    text = "hp,q\n" + "A,2\nA,3\n" * 6 + "B,5\n" * 4 + "C,4\nC,5\n" * 6
    lines = said(text, "--component", "hp", "--items", "q", "--steps", "1-5")
    one_with(lines, "“A”", "clearly worse", "(12 ratings)")
    assert not [line for line in lines if "“B”" in line or "course as a whole" in line or "28" in line]


OF_COMPONENTS = ("--cohort", "k", "--component", "cd", "--items", "q", "--steps", "1-5")


def test_components_without_modules_are_called_components(said):
    first, last = modules(A=POOR, B=FAIR, Nhỏ=FEW), modules(A=GOOD, B=FAIR, Nhỏ=FEW)
    text = course({"K1": first, "K2": modules(A=FAIR, B=FAIR, Nhỏ=FEW), "K3": last})
    lines = said(text, *OF_COMPONENTS)
    one_with(lines, "Component “A” was rated better in K3 than in K2")
    one_with(lines, "The ratings of component “A” get better over 3 cohorts")
    one_with(lines, "No evidence of a change to the previous cohort in 1 of 2 components")
    one_with(lines, "No evidence of a trend over the cohorts in 1 of 2 components")
    one_with(lines, "Components with too few answers to say anything of them: 1.")
    assert not [line for line in lines if "odule" in line]
    even = said(course({"K1": modules(A=FAIR, B=FAIR, C=FAIR)}), *OF_COMPONENTS)
    one_with(even, "No evidence of a distance from the mean of their cohort in 3 of 3 components")
    in_vietnamese = said(text, *OF_COMPONENTS, language="vi")
    one_with(in_vietnamese, "Hợp phần “A” ở K3 được đánh giá tốt hơn so với ở K2")
    one_with(in_vietnamese, "so với khóa trước ở 1 trên 2 hợp phần")
    one_with(in_vietnamese, "Số hợp phần có quá ít câu trả lời")
    assert not [line for line in in_vietnamese if "chuyên đề" in line.lower()]


def test_modules_of_components_stay_modules(said):
    text = "hp,cd,q\n" + "X,A,1\nX,A,2\n" * 10 + "Y,B,4\nY,B,5\n" * 10
    lines = said(text, "--component", "hp", "--module", "cd", "--items", "q", "--steps", "1-5")
    one_with(lines, "Module “A” is rated clearly worse")


def test_what_few_people_all_rated_alike_is_not_called_clear(said):
    lines = said(course({"K1": modules(Five=[0, 0, 0, 0, 5], A=GOOD, B=GOOD, C=GOOD)}), *COURSE)
    assert not [line for line in lines if "Five" in line]


def test_rows_without_a_module_are_no_module(said):
    lines = said(course({"K1": modules(A=GOOD, B=FAIR) | {"": POOR}}), *COURSE)
    assert not [line for line in lines if "course as a whole" in line]
    one_with(lines, "“A”", "clearly better")


def test_where_nothing_can_be_compared_the_sentences_are_about_the_answers(said):
    assert said(wide(*[5] * 18, 4, 4), "--module", "Module", "--items", "Q1", "--steps", "1-5") == [
        "Most ratings of module “Họp” are on the two best steps: 20 of 20 (100.0%; 95% interval 83.9% to 100.0%); "
        "mean 4.90 of 5."
    ]
    assert said(wide(*[5] * 20), "--module", "Module", "--items", "Q1", "--steps", "1-5") == [
        "The mean of module “Họp” on a scale to 5 is not given exactly (95% interval 4.38 to 5.00; 20 ratings). "
        "No more exact number is given, because here, or in a part of this, nearly everybody gave the same answer, "
        "and they are few."
    ]
    assert said(wide(5, 5, 4), "--items", "Q1", "--steps", "1-5") == ["Too few answers to say what stands out."]


def test_means_are_in_the_values_of_the_scale_as_in_the_tables(said):
    text = course({"K1": modules(A=[0] * 9 + [10, 10], B=[0] * 3 + [10, 10])})
    one_with(said(text, *COURSE[:-1], "1-11"), "“A”", "of 11 against")
    zero = re.sub(r",(\d+)$", lambda found: f",{int(found[1]) - 1}", text, flags=re.MULTILINE)
    line = one_with(said(zero, *COURSE[:-1], "0-10"), "“A”")
    assert "9.50 of 10 against 6.50, a distance of +3.00 (20 ratings)" in line


def test_no_more_than_a_dozen_are_listed_and_what_is_left_out_is_counted(said):
    text = course({"K1": {f"CĐ{i}": (POOR if i % 2 else GOOD) for i in range(20)}})
    lines = said(text, *COURSE)
    assert len([line for line in lines if "clearly" in line]) == 12
    assert "Further findings of this kind that are not listed here: 8." in lines


def found(what, module, sure="clear", n=30):
    return Finding(what, {"module": module, "item": "q"}, sure, n, (), {})


def test_every_kind_has_its_turn_among_those_listed():
    changes = [found("change.better", f"{i}") for i in range(9)]
    standings = [found("standing.worse", f"{i}") for i in range(2)]
    assert shared_out([changes, standings], 5) == [*changes[:3], *standings]
    assert shared_out([[], standings], 5) == standings
    assert shared_out([], 5) == []


def test_a_module_with_evidence_in_one_question_is_not_among_those_without():
    one = [found("change.none", "A", "uncertain", 12), found("change.better", "A")]
    other = [found("change.none", "B", "uncertain", 20), found("change.none", "B", "uncertain", 25)]
    few = found("change.too_few", "C", "too few", None)
    assert without_evidence([*one, *other, few]) == {"count": 1, "all": 2, "low": 20}
    assert without_evidence([few]) == {}


def test_sentences_are_vietnamese_unless_somebody_wants_english(said):
    text = course({"K1": programme(cohort=1), "K2": programme(cohort=2, lift=1.5)})
    lines = said(text, *COURSE, "--revised", "CĐ0", language="vi")
    one_with(lines, "Sau khi chỉnh sửa, chuyên đề “CĐ0” đạt kết quả tốt hơn")
    one_with(lines, "Chưa có bằng chứng là có thay đổi so với khóa trước ở ", " trên 11 chuyên đề")


def test_the_sentences_stand_on_the_page_before_the_tables(run, said):
    text = course({"K1": modules(Poor=POOR, Good=GOOD, A=FAIR)})
    page = Path(run(text, *COURSE).stdout.strip()).read_text("utf-8")
    assert (
        page.index("<h2>What stands out</h2>") < page.index("<li>Module “Poor” (K1) is rated") < page.index("<table>")
    )
    for line in said(text, *COURSE):
        assert f"<li>{line}</li>" in page
    assert "<h2>Whole forms</h2>" not in page
    vietnamese = Path(run(text, *COURSE, language="vi").stdout.strip()).read_text("utf-8")
    assert "<h2>Những điểm nổi bật</h2>" in vietnamese


def test_names_in_sentences_are_never_markup(run):
    evil = "</li><script>alert(1)</script>"
    text = course({"K1": {evil: POOR, "A": GOOD, "B": GOOD}})
    page = Path(run(text, *COURSE).stdout.strip()).read_text("utf-8")
    assert "Module “&lt;/li&gt;&lt;script&gt;alert(1)&lt;/script&gt;” (K1) is rated clearly worse" in page
    assert "<script>alert" not in page


def test_rows_of_json_are_the_same_whatever_the_sentences_are_asked(rows):
    text = course({"K1": programme(cohort=1), "K2": programme(cohort=2)})
    assert rows(text, *COURSE, "--revised", "CĐ0", "--cohorts", "K2,K1") == rows(text, *COURSE)


def test_sentences_are_written_where_they_are_wanted(run, tmp_path):
    place = tmp_path / "said.txt"
    result = run(course({"K1": modules(A=POOR, B=GOOD)}), *COURSE, "--format", "text", "--output", str(place))
    assert result.stdout.strip() == str(place)
    assert "clearly worse" in place.read_text("utf-8")
