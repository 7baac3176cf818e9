"""The page that `gopy report FILE` writes: whole, safe, and in words."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from survey.report_words import FORMS, NOT_LISTED, NOT_LISTED_OF_COMPONENTS, REFUSALS, SLIPS
from survey.web.languages import catalogue
from tests.reporting.files import wide

HOUSE = Path(__file__).parent.parent.parent


def page_of(run, tmp_path, content, *options, **others):
    result = run(content, *options, **others)
    assert result.exit_code == 0, result.stderr
    return Path(result.stdout.strip()).read_text(encoding="utf-8")


def without_plotly(page):
    return re.sub(r"<script>(?s:.{100000,}?)</script>", "", page)


def test_the_page_stands_beside_the_file_and_needs_nothing_else(run, tmp_path):
    page = page_of(run, tmp_path, wide(5, 5, 4, 3, 2), "--items", "Q1", "--steps", "1-5")
    assert (tmp_path / "answers.report.html").exists()
    assert page.count("Plotly.newPlot(figure") == 1
    assert not re.findall(r'(?:src|href)="(?!#)', without_plotly(page))


def test_the_page_says_in_words_what_is_withheld(run, tmp_path):
    text = "m,q\n" + "Họp,5\n" * 9 + "Nhỏ,2\n" * 4
    page = without_plotly(page_of(run, tmp_path, text, "--module", "m", "--items", "q", "--steps", "1-5"))
    assert "withheld: too few answers" in page
    assert "Results from fewer than 5 ratings, whose numbers are withheld: 1 of 2." in page
    assert "0 · 4 · 0" not in re.sub("<[^>]+>", "", page)


def test_what_stands_in_the_file_is_never_markup(run, tmp_path):
    evil = "</script><script>alert(1)</script><b>"
    text = f'm,"{evil}"\n' + f'"{evil}",5\n' * 6
    page = without_plotly(page_of(run, tmp_path, text, "--module", "m", "--items", "*", "--steps", f"{evil};b;c;d;5"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_page_is_vietnamese_unless_somebody_wants_english(run, tmp_path):
    page = without_plotly(page_of(run, tmp_path, wide(5, 5, 4, 3, 2), "--items", "Q1", "--steps", "1-5", language="vi"))
    assert '<html lang="vi">' in page
    assert "Điểm trung bình" in page
    assert "3,80" in page
    assert "60,0\u00a0%" in page


def sentences_of_the_code():
    """Every sentence that this part of the house gives to `translate`."""
    files = [*(HOUSE / "dashboards").glob("*.py"), *(HOUSE / "survey").glob("report*.py")]
    calls = [node for file in files for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
    translated = [call for call in calls if getattr(call.func, "id", "") in {"translate", "said"} and call.args]
    constants = [call.args[0].value for call in translated if isinstance(call.args[0], ast.Constant)]
    template = (HOUSE / "dashboards/templates/report.html").read_text()
    in_template = [b or a for a, b in re.findall(r"""translate\((?:'([^']+)'|"([^"]+)")\)""", template)]
    written = [
        one for words in (REFUSALS, SLIPS, NOT_LISTED, NOT_LISTED_OF_COMPONENTS, FORMS) for one in words.values()
    ]
    return {*constants, *in_template, *written}


def test_every_sentence_has_its_vietnamese_with_the_same_blanks():
    vietnamese = catalogue("vi")
    sentences = sentences_of_the_code()
    assert len(sentences) > 50
    assert not [sentence for sentence in sentences if not vietnamese.get(sentence)]
    blanks = re.compile(r"\{\w+\}")
    assert not [s for s in sentences if set(blanks.findall(s)) != set(blanks.findall(vietnamese[s]))]
