"""The page of `gopy report` in a real browser: its figures on a phone."""

from __future__ import annotations

import pytest

from tests.browser import PHONE, cut_off_names
from tests.reporting.files import COURSE, course
from tests.results.school import FAIR

pytestmark = pytest.mark.browser

LONG = "Chuyên đề số 1 với một cái tên rất dài để xem chữ có bị cắt hay tràn ra ngoài khung hình"
AGREED = [0, 0, 0, 20, 0]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_on_a_phone_cohort_and_n_of_a_long_name_are_not_cut_off(browser, run, tmp_path, language):
    text = course({f"K{i}": {LONG: FAIR, f"{LONG} 2": AGREED, f"{LONG} 3": [1, 1]} for i in (1, 2)})
    assert run(text, *COURSE, language=language).exit_code == 0
    page = browser.new_page(**PHONE)
    page.goto((tmp_path / "answers.report.html").as_uri())
    assert cut_off_names(page) == []
    names = page.locator("figure .annotation").all_text_contents()
    assert len(names) >= 6
    assert [name for name in names if "K1 · " not in name and "K2 · " not in name] == []
