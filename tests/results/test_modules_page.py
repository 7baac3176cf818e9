"""D1: what Lan reads about the modules of a cohort."""

from __future__ import annotations

import pytest

from survey.forms.library import library
from tests.results.pages import cells, order, part, words
from tests.results.school import FAIR, GOOD, POOR, TITLES, lan_signs_in, results_school

pytestmark = pytest.mark.anyio
FEW = [0, 0, 1, 2, 1]
BETTER = [0, 0, 2, 10, 48]


async def the_page(client, school, key="k2", query="", lang="en"):
    """The page as Lan sees it."""
    if not client.cookies:
        await lan_signs_in(client, school)
    answer = await client.get(f"/cohorts/{school.cohorts[key].cohort.id}?lang={lang}{query}")
    assert answer.status_code == 200, answer.text
    return answer


async def two_cohorts(**more):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR, "04": POOR})
    now = {"01": GOOD, "02": FAIR, "03": POOR, "04": BETTER}
    await school.sealed("k2", now, versions={"04": 2}, **more)
    return school


async def test_every_number_of_a_module_has_its_n_and_its_interval(client):
    page = await the_page(client, await two_cohorts())
    answers, favourable, mean, against, change, *_ = cells(page, "Module 01")
    assert answers == "n = 60"
    assert favourable == "85% 74% – 92%"
    assert mean == "4.33 4.13 – 4.53"
    assert against == "+0.50 of 3.83"
    assert change == "no evidence of change 0.00 (−0.28 to +0.28) · n = 60 → 60"


async def test_a_clear_change_is_called_so_and_a_new_version_is_marked(client):
    page = await the_page(client, await two_cohorts())
    assert cells(page, "Module 04")[4].startswith("clearly better +2.27 (")
    assert "Module 04 Component 2 · new version 2" in words(page.text)
    assert "new version 1" not in words(page.text)


async def test_a_change_without_evidence_is_words_and_never_an_arrow_up_or_down(client):
    page = await the_page(client, await two_cohorts())
    assert "no evidence of change" in cells(page, "Module 03")[4]
    assert not set("↑↓▲▼↗↘") & set(page.text)


async def test_what_needs_revising_stands_first_and_the_order_is_called_uncertain(client):
    page = await the_page(client, await two_cohorts())
    titles = [f"Module {key}" for key in TITLES]
    assert order(page, *titles) == ["Module 03", "Module 02", "Module 01", "Module 04"]
    assert "Within a group the order (by mean, then by “revise first”) is uncertain" in words(page.text)


async def test_standing_in_the_cohort_is_said_in_groups(client):
    text = words((await the_page(client, await two_cohorts())).text)
    worse, better = text.index("Clearly below the mean of the cohort"), text.index("Clearly above the mean")
    assert worse < text.index("Module 03") < better < text.index("Module 04")


async def test_picks_absences_and_comments_are_counted(client):
    school = await two_cohorts(
        picked={"03": 24}, absent={"03": 9}, comments=[("03", "Dài."), ("03", "Khô."), ("01", "Hay.")]
    )
    page = await the_page(client, school)
    assert cells(page, "Module 03")[0] == "n = 60 · 9 did not attend"
    assert cells(page, "Module 03")[5:] == ["24 of 60 · 40%", "2 comments on Module 03"]
    assert cells(page, "Module 01")[5:] == ["0 of 60 · 0%", "1 comments on Module 01"]
    assert cells(page, "Module 02")[6] == "0"


async def test_fewer_than_five_are_withheld_in_every_column(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FEW})
    await school.sealed("k2", {"01": GOOD, "02": FEW}, comments=[("02", "Hay.")])
    assert cells(await the_page(client, school), "Module 02") == [
        *("fewer than 5", "–", "–", "–", "too few answers", "0 of 60 · 0%", "–")
    ]


async def test_comments_of_fewer_than_ten_are_not_even_counted(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": [0, 0, 2, 4, 1]}, comments=[("02", "Hay.")])
    page = await the_page(client, school, "k1")
    assert cells(page, "Module 02")[0] == "n = 7 · few"
    assert cells(page, "Module 02")[-1] == "–"


async def test_the_filters_leave_what_was_asked_for(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR, "04": POOR})
    await school.sealed("k2", {"01": GOOD, "02": FEW, "03": [0, 0, 2, 4, 1], "04": GOOD}, versions={"04": 2})
    for query, left in [
        ("&revised=1", {"Module 04"}),
        ("&few=1", {"Module 02", "Module 03"}),
        ("&component=C1", {"Module 01", "Module 02"}),
        ("&component=C1&few=1", {"Module 02"}),
        ("", {"Module 01", "Module 02", "Module 03", "Module 04"}),
    ]:
        text = part(await the_page(client, school, query=query), "<table", "</table>")
        assert {f"Module {key}" for key in TITLES if f"Module {key}" in text} == left, query
    page = await the_page(client, school, query="&component=C1&revised=1")
    assert "No module fits these filters." in page.text


async def test_a_module_keeps_its_standing_when_others_are_filtered_away(client):
    page = await the_page(client, await two_cohorts(), query="&component=C1")
    assert cells(page, "Module 01")[3] == "+0.50 of 3.83"


async def test_components_and_the_cohort_are_rolled_up_with_people_beside_ratings(client):
    page = await the_page(client, await two_cohorts())
    assert cells(page, "The whole cohort")[0] == "n = 240 · 60 trainees"
    assert cells(page, "Component 1")[0] == "n = 120 · 60 trainees"


async def test_items_of_the_whole_course_stand_beneath(client):
    page = await the_page(client, await two_cohorts(course={"objectives": GOOD, "practice": [0, 0, 1, 2, 0]}))
    assert cells(page, "The objectives of the programme are clear")[:2] == ["n = 60", "85% (74% – 92%)"]
    assert cells(page, "Theory is combined with local practice")[0] == "fewer than 5"


async def test_the_first_cohort_has_nothing_to_be_compared_with(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR})
    page = await the_page(client, school, "k1")
    assert cells(page, "Module 01")[4] == "–"
    assert "Change since" not in page.text


async def test_an_unsealed_cohort_in_between_is_passed_over(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD})
    await school.opened("k2")
    await school.sealed("k3", {"01": GOOD})
    assert "Change since Cohort 1" in (await the_page(client, school, "k3")).text


async def test_a_module_that_the_cohort_before_did_not_have_has_no_change(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD})
    await school.sealed("k2", {"01": GOOD, "02": FAIR})
    assert cells(await the_page(client, school), "Module 02")[4] == "not in the cohort before"


async def test_cohorts_that_were_asked_otherwise_are_not_compared(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD}, form=library()["ten"])
    await school.sealed("k2", {"01": GOOD})
    page = await the_page(client, school)
    assert "Changes since Cohort 1 are not computed: this question was not asked before." in words(page.text)
    assert cells(page, "Module 01")[4] == "–"


async def test_invalid_forms_that_were_set_apart_are_counted(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD}, invalid=3)
    assert "Invalid forms set apart: 3" in (await the_page(client, school, "k1")).text


async def test_vietnamese_writes_numbers_its_own_way(client):
    page = await the_page(client, await two_cohorts(), lang="vi")
    assert cells(page, TITLES["01"])[1:3] == ["85 % 74 % – 92 %", "4,33 4,13 – 4,53"]
    assert cells(page, TITLES["03"])[4].startswith("chưa có bằng chứng là đã thay đổi")


async def test_a_title_is_text_and_not_markup(client):
    from survey.tables import ModuleVersion

    school = await two_cohorts()
    await ModuleVersion.update({ModuleVersion.titles: '{"en": "<script>x</script> & co"}'}).where(
        ModuleVersion.module == school.modules["01"].id
    )
    page = await the_page(client, school)
    assert "<script>x" not in page.text
    assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in page.text
