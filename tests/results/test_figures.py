"""Figures as JSON, and Plotly's script: packed once, kept for ever, the same numbers as the tables."""

from __future__ import annotations

import pytest

from survey.results.assets import ADDRESSES
from tests.results.school import FAIR, GOOD, POOR, lan_signs_in, results_school

pytestmark = pytest.mark.anyio


async def two_cohorts(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR})
    await school.sealed("k2", {"01": GOOD, "02": POOR, "03": GOOD}, versions={"03": 2})
    await lan_signs_in(client, school)
    return school


async def figure(client, address):
    answer = await client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_the_distribution_holds_the_counts_of_each_step_in_the_order_of_the_table(client):
    school = await two_cohorts(client)
    drawn = await figure(client, f"/cohorts/{school.cohorts['k2'].cohort.id}/figures/distribution.json?lang=vi")
    assert drawn["data"][0]["name"] == "Không hữu ích"
    assert [trace["customdata"] for trace in drawn["data"]][4] == [POOR[4], GOOD[4], GOOD[4]]
    assert drawn["layout"]["annotations"][0]["text"].startswith("Cải cách hành chính")


async def test_numbers_in_figures_are_written_as_the_language_writes_them(client):
    school = await two_cohorts(client)
    address = f"/cohorts/{school.cohorts['k2'].cohort.id}/figures/distribution.json"
    for language, separators in (("vi", ",."), ("en", ".,")):
        drawn = await figure(client, f"{address}?lang={language}")
        assert drawn["layout"]["template"]["layout"]["separators"] == separators


async def test_means_over_the_cohorts_have_a_line_where_the_version_changed(client):
    school = await two_cohorts(client)
    base = f"/cohorts/{school.cohorts['k2'].cohort.id}/modules"
    assert len((await figure(client, f"{base}/03/figures/means.json"))["layout"]["shapes"]) == 1
    assert "shapes" not in (await figure(client, f"{base}/01/figures/means.json"))["layout"]


async def test_the_dumbbell_begins_with_the_largest_fall_like_the_table(client):
    school = await two_cohorts(client)
    drawn = await figure(client, f"/programmes/{school.programme.id}/figures/dumbbell.json?lang=en")
    on_top = max(drawn["layout"]["annotations"], key=lambda name: name["y"])
    assert on_top["text"].startswith("Module 02")
    low, high = drawn["layout"]["yaxis"]["range"]
    assert low < 0 < 2 < high


async def test_withheld_numbers_are_in_no_figure(client):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD, "02": [0, 0, 1, 2, 1]})
    await lan_signs_in(client, school)
    drawn = await figure(client, f"/cohorts/{k1.cohort.id}/figures/distribution.json")
    assert [trace["customdata"][1] for trace in drawn["data"]] == [None] * 5


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("identity", None)])
async def test_plotly_s_script_is_served_packed_and_for_ever(client, accepted, encoding):
    answer = await client.get(ADDRESSES["plotly"], headers={"accept-encoding": accepted})
    assert answer.status_code == 200
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "plotly.js v" in answer.text[:300]


async def test_the_addresses_of_styles_and_scripts_change_with_their_content(client):
    for name in ("styles", "figures"):
        answer = await client.get(ADDRESSES[name], headers={"accept-encoding": "br"})
        assert answer.status_code == 200
        assert answer.headers["content-encoding"] == "br"
        assert "immutable" in answer.headers["cache-control"]


async def test_pages_are_packed_and_name_only_addresses_that_exist(client):
    school = await two_cohorts(client)
    page = await client.get(f"/cohorts/{school.cohorts['k2'].cohort.id}", headers={"accept-encoding": "br"})
    assert page.headers["content-encoding"] == "br"
    assert page.headers["cache-control"] == "no-store"
    for address in (ADDRESSES["styles"], ADDRESSES["figures"], ADDRESSES["plotly"]):
        assert f'"{address}"' in page.text


async def test_answers_to_trainees_are_not_packed_again(client):
    answer = await client.get("/healthz", headers={"accept-encoding": "br, gzip"})
    assert "content-encoding" not in answer.headers
