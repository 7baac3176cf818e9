"""H1: what Minh reads on one page."""

from __future__ import annotations

import re

import msgspec
import pytest

from survey.forms.library import library
from tests.results.pages import cells, part, words
from tests.results.school import FAIR, GOOD, POOR, minh_signs_in, results_school

pytestmark = pytest.mark.anyio


async def the_page(client, school, lang="en"):
    if not client.cookies:
        await minh_signs_in(client, school)
    answer = await client.get(f"/programmes/{school.programme.id}?lang={lang}")
    assert answer.status_code == 200, answer.text
    return answer


def tint(page, title, cohort):
    """Classes of a module's cell in the cohort with a number."""
    row = next(row for row in re.findall(r"<tr>.*?</tr>", page.text, flags=re.S) if f">{title}<" in row)
    return re.findall(r"<td(?: class=\"([^\"]*)\")?>", row)[cohort - 1].split()


async def test_three_sentences_open_the_page(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR, "04": FAIR})
    await school.sealed("k2", {"01": GOOD, "02": FAIR, "03": GOOD, "04": FAIR})
    findings = part(await the_page(client, school), '<div class="findings">', "</div>")
    assert "Clearly better than in Cohort 1: “Module 03”. Modules without a clear change: 3." in findings
    assert "60 of the 70 trainees of Cohort 2 answered (86%)." in findings
    assert "Cohort 1: mean" in findings


async def test_an_open_cohort_is_not_spoken_of(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": POOR})
    await school.opened("k2", answered=9)
    page = await the_page(client, school)
    assert "Cohort 1 is the first cohort with results" in page.text
    assert "Clearly below the cohort" in page.text
    assert "Cohort 2" not in page.text


async def test_every_number_has_its_n(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR})
    page = await the_page(client, school)
    assert cells(page, "Module 01") == ["4.33 60"]
    assert cells(page, "The whole cohort") == ["4.02 n = 120 3.80 – 4.25"]
    assert cells(page, "Component 1") == ["4.02 n = 120"]


async def test_a_cell_is_tinted_by_its_distance_from_the_mean_of_its_own_cohort(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR})
    await school.sealed("k2", {"01": GOOD, "02": GOOD, "03": GOOD})
    page = await the_page(client, school)
    assert [tint(page, f"Module 0{i}", 1) for i in (1, 2, 3)] == [["better-2"], ["better-1"], ["worse-2"]]
    assert [tint(page, f"Module 0{i}", 2) for i in (1, 2, 3)] == [[], [], []]


async def test_few_are_hatched_and_fewer_than_five_are_withheld(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": [0, 0, 3, 4, 1], "03": [0, 0, 1, 2, 1]})
    page = await the_page(client, school)
    assert "few" in tint(page, "Module 02", 1)
    assert cells(page, "Module 02") == ["3.75 8 · few"]
    assert cells(page, "Module 03") == ["fewer than 5"]


async def test_a_module_that_a_cohort_did_not_have_is_a_dash_and_a_new_version_is_marked(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD})
    await school.sealed("k2", {"01": GOOD, "02": GOOD}, versions={"01": 2})
    page = await the_page(client, school)
    assert cells(page, "Module 01") == ["4.33 60", "4.33 60 · new version"]
    assert cells(page, "Module 02") == ["–", "4.33 60"]


async def test_cohorts_on_another_scale_are_shown_on_their_own_and_not_compared(client):
    core = library()["core"]
    four = core.scales[0].steps[:4]
    shorter = msgspec.structs.replace(core.scales[0], steps=four)
    other = msgspec.structs.replace(core, version=2, scales=(shorter, *core.scales[1:]))
    school = await results_school()
    await school.sealed("k1", {"01": [0, 10, 20, 30]}, form=other)
    await school.sealed("k2", {"01": GOOD})
    page = await the_page(client, school)
    assert "Changes since Cohort 1 are not computed: this question has another scale." in page.text
    assert "Some cohorts were asked on another scale" in page.text
    assert cells(page, "Module 01") == ["3.33 60", "4.33 60"]


async def test_links_lead_to_the_comparison_and_to_each_cohort(client):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD})
    k2 = await school.sealed("k2", {"01": GOOD})
    text = (await the_page(client, school, lang="vi")).text
    assert f"compare?before={k1.cohort.id}&amp;after={k2.cohort.id}" in text
    assert f'href="/cohorts/{k2.cohort.id}/modules/01"' in text
    assert "Toàn khóa" in words(text)
