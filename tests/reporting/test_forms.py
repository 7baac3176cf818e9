"""`gopy report FILE` says of whole forms how many may be unread, and whether the answers go together."""

from __future__ import annotations

import numpy as np

from analytics import Shape, parse_scale, read_table, shaped
from analytics.persons import cronbach_alpha

ITEMS = ("--items", "Q*", "--steps", "1-5")


def forms(*rows, who=None):
    items = [f"Q{i}" for i in range(1, len(rows[0]) + 1)]
    named = [[*(() if who is None else (who[i],)), *row] for i, row in enumerate(rows)]
    header = [*(() if who is None else ("who",)), *items]
    return "".join(",".join(map(str, row)) + "\n" for row in [header, *named])


VARIED = np.random.default_rng(1).integers(1, 6, (20, 10)).tolist()
SAME = [[4] * 10] * 7
LONG_RUN = [[4] * 8 + [1, 2]] * 6


def test_careless_forms_are_counted_by_kind_and_never_deleted(said, rows):
    text = forms(*VARIED, *SAME, *LONG_RUN)
    lines = said(text, *ITEMS)
    assert (
        "Forms that give one and the same answer to everything: 7 (21.2% of the forms that are long enough)." in lines
    )
    assert (
        "Forms that give the same answer to half of the questions or more in a row, and to 8 at the least: "
        "6 (18.2% of the forms that are long enough)." in lines
    )
    assert "Forms that do neither: 20 (60.6% of the forms that are long enough)." in lines
    assert [line for line in lines if line.startswith("None of this proves that nobody read the questions")]
    assert {row["n"] for row in rows(text, *ITEMS)} == {33}


def test_kinds_of_few_forms_are_withheld(said):
    lines = said(forms(*VARIED, *SAME[:3]), *ITEMS)
    assert (
        "Forms that give one and the same answer to everything: withheld, because they or the others are too few."
        in lines
    )
    assert not [line for line in lines if "everything: 3" in line or "neither: 20" in line]
    assert [
        line for line in said(forms(*VARIED, *SAME[:3]), *ITEMS, "--smallest-group", "3") if "everything: 3" in line
    ]


def test_short_forms_are_not_judged(said):
    lines = said(forms(*(row[:3] for row in VARIED)), *ITEMS)
    assert "Forms with fewer than 8 ratings, too short to judge by: 20." in lines
    assert not [line for line in lines if "proves" in line or "neither" in line]


def test_alpha_is_said_with_its_interval_and_n(said):
    # Cronbach's alpha of these is 0.9375 by its definition: 3 / 2 * (1 - 3 * 2.5 / 20) = 0.9375.
    table = [[1, 1, 1], [2, 2, 2], [3, 3, 4], [4, 5, 3], [5, 4, 5]]
    variances, total = np.var(table, axis=0, ddof=1).sum(), np.var(np.sum(table, axis=1), ddof=1)
    lines = said(forms(*table, [5, "", 4]), *ITEMS)
    [line] = [line for line in lines if "alpha" in line]
    assert f"Cronbach's alpha of the 3 questions: {1.5 * (1 - variances / total):.2f} (95% interval" in line
    assert "5 forms that rate all of them; 1 that rate only some are left out" in line


def test_nobody_is_told_that_no_form_is_left_out(said):
    [line] = [line for line in said(forms(*VARIED), *ITEMS) if "alpha" in line]
    assert "20 forms that rate all of them). It tells" in line


def test_of_few_forms_and_of_equal_ones_there_is_no_alpha(said):
    assert not [line for line in said(forms([1, 2], [3, 3], [5, 4]), *ITEMS) if "alpha" in line]
    assert not [line for line in said(forms(*[[4, 4]] * 9), *ITEMS) if "alpha" in line]


def test_rows_that_are_no_forms_are_not_taken_for_some(said):
    assert not [line for line in said(forms(*([step] for step in (1, 2, 3, 4, 5))), *ITEMS) if "form" in line]
    long = "item,rating\n" + "useful,5\nclear,4\n" * 6
    assert not [line for line in said(long, "--item", "item", "--rating", "rating", "--steps", "1-5") if "form" in line]
    # The same people rate two modules, a row for each: a person's form is two rows.
    sheets = "who,cd,Q1,Q2\n" + "".join(f"{i},{cd},{1 + i % 5},{1 + i % 4}\n" for i in range(9) for cd in "AB")
    options = (*ITEMS, "--module", "cd")
    assert not [line for line in said(sheets, *options, "--respondent", "who") if "form" in line]
    assert "Each of the 18 rows is taken as the form of one person." in said(sheets, *options)


def test_who_says_which_row_is_whose_is_not_told_what_rows_are_taken_for(said):
    text = forms(*VARIED, who=[f"TC{i}" for i in range(20)])
    lines = said(text, *ITEMS, "--respondent", "who")
    assert [line for line in lines if "do neither: 20" in line]
    assert not [line for line in lines if "is taken as" in line or "TC" in line]


def test_what_does_not_parse_is_no_answer_of_a_form(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(forms(*([i % 5 + 1, 5 - i % 4] for i in range(8)), ["?", 3], ["x", 3]))
    found = shaped(read_table(path), Shape(items=["Q*"], scale=parse_scale("1-5"), not_attended=["x"]))
    assert found.forms["Q1"].to_list()[-2:] == [-2, 0]
    places = found.items.select("item", "steps", column="item").cast({"steps": found.items.schema["steps"]})
    [row] = cronbach_alpha(found.forms, places, by=(), smallest_group=5).rows(named=True)
    assert (row["people"], row["incomplete"]) == (8, 2)


def test_forms_stand_in_a_section_of_their_own_in_both_languages(run, tmp_path):
    for language, heading in (("en", "Whole forms"), ("vi", "Xét cả phiếu")):
        run(forms(*VARIED), *ITEMS, language=language)
        page = (tmp_path / "answers.report.html").read_text("utf-8")
        assert page.index(f"<h2>{heading}</h2>") < page.index("<table>")
