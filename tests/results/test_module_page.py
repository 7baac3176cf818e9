"""D2: what Lan reads about one module, and what Minh does not."""

from __future__ import annotations

import pytest

from survey.forms.library import library
from tests.results.pages import cells, part, words
from tests.results.school import FAIR, GOOD, POOR, lan_signs_in, minh_signs_in, results_school

pytestmark = pytest.mark.anyio
COMMENTS = [("01", "Cần thêm thời gian THỰC HÀNH."), ("01", "Đề nghị đổi tài liệu."), ("02", "Khác.")]


async def module_page(client, school, key="k2", module="01", query=""):
    answer = await client.get(f"/cohorts/{school.cohorts[key].cohort.id}/modules/{module}?lang=en{query}")
    assert answer.status_code == 200, answer.text
    return answer


async def two_cohorts(**more):
    school = await results_school()
    await school.sealed("k1", {"01": POOR, "02": FAIR})
    await school.sealed("k2", {"01": GOOD, "02": FAIR}, versions={"01": 2}, **more)
    return school


async def test_the_distribution_stands_there_with_its_counts(client):
    school = await two_cohorts(absent={"01": 4})
    await lan_signs_in(client, school)
    page = await module_page(client, school)
    assert [
        cells(page, step) for step in ("Not useful", "Slightly useful", "Fairly useful", "Useful", "Very useful")
    ] == [
        ["0", "0%"],
        ["1", "2%"],
        ["8", "13%"],
        ["21", "35%"],
        ["30", "50%"],
    ]
    assert cells(page, "Did not attend")[0] == "4"


async def test_the_cohorts_stand_under_each_other_with_a_mark_where_the_version_changed(client):
    school = await two_cohorts()
    await lan_signs_in(client, school)
    page = await module_page(client, school)
    assert cells(page, "Cohort 1")[0] == "1"
    assert cells(page, "Cohort 2")[0] == "2 new version"
    assert cells(page, "Cohort 2")[3] == "4.33 (4.13 – 4.53)"


async def test_a_cohort_that_was_asked_otherwise_is_left_out_and_counted(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD}, form=library()["ten"])
    await school.sealed("k2", {"01": GOOD})
    await lan_signs_in(client, school)
    page = await module_page(client, school)
    assert "were asked another question about it: 1." in words(page.text)
    assert "Cohort 1" not in part(page, '<table class="history">', "</table>")


async def test_picks_have_their_n_and_their_interval(client):
    school = await two_cohorts(picked={"01": 15})
    await lan_signs_in(client, school)
    assert cells(await module_page(client, school), "Pick up to 3 modules to revise first") == [
        "15 of 60",
        "25% (16% – 37%)",
    ]


async def test_lan_reads_the_comments_of_this_module_only(client):
    school = await two_cohorts(comments=COMMENTS)
    await lan_signs_in(client, school)
    page = await module_page(client, school)
    assert "Đề nghị đổi tài liệu." in page.text
    assert "Khác." not in page.text
    assert "Comments: 2" in page.text


@pytest.mark.parametrize("query", ["thuc hanh", "Thực hành", "THỜI gian  thêm", "them"])
async def test_search_ignores_case_and_diacritics(client, query):
    school = await two_cohorts(comments=COMMENTS)
    await lan_signs_in(client, school)
    page = await module_page(client, school, query=f"&q={query}")
    assert "1 of 2 comments" in page.text
    assert "Cần thêm" in page.text
    assert "Đề nghị" not in part(page, '<ul class="comments">', "</ul>")


@pytest.mark.parametrize("query", ["de nghi", "doi", "ĐỔI"])
async def test_search_knows_that_the_crossed_letter_is_a_d(client, query):
    school = await two_cohorts(comments=COMMENTS)
    await lan_signs_in(client, school)
    assert "1 of 2 comments" in (await module_page(client, school, query=f"&q={query}")).text


async def test_comments_of_fewer_than_ten_trainees_are_not_shown(client):
    school = await results_school()
    await school.sealed("k1", {"01": [0, 0, 2, 4, 3], "02": GOOD}, comments=[("01", "Ai cũng biết tôi viết.")])
    await lan_signs_in(client, school)
    page = await module_page(client, school, "k1")
    assert "Fewer than 10 trainees rated this module" in words(page.text)
    assert "Ai cũng biết" not in page.text


async def test_minh_reads_numbers_and_no_comments(client):
    school = await two_cohorts(comments=COMMENTS)
    await minh_signs_in(client, school)
    page = await module_page(client, school)
    assert "Đề nghị đổi tài liệu." not in page.text
    assert "Comments are read by the designers" in words(page.text)


async def test_numbers_of_fewer_than_five_are_withheld(client):
    school = await results_school()
    await school.sealed("k1", {"01": [0, 0, 1, 2, 1], "02": GOOD})
    await lan_signs_in(client, school)
    page = await module_page(client, school, "k1")
    assert "Fewer than 5 trainees rated this; the numbers are withheld." in words(page.text)
    assert '<table class="steps">' not in page.text


async def test_a_comment_is_text_and_not_markup(client):
    school = await two_cohorts(comments=[("01", "<b>to</b> & nhỏ")])
    await lan_signs_in(client, school)
    assert "&lt;b&gt;to&lt;/b&gt; &amp; nhỏ" in (await module_page(client, school)).text
