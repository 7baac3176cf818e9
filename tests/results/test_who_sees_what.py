"""Results are for staff, and of their units only; what cannot be shown is said in words."""

from __future__ import annotations

import pytest

from survey.tables import Role, State, Unit
from tests.cast import saved, staff
from tests.people.doors import sign_in_by_link
from tests.results.pages import cells, words
from tests.results.school import GOOD, dung_signs_in, lan_signs_in, minh_signs_in, results_school

pytestmark = pytest.mark.anyio


async def addresses(school):
    cohort, programme = school.cohorts["k1"].cohort.id, school.programme.id
    return [
        f"/cohorts/{cohort}",
        f"/cohorts/{cohort}/modules/01",
        f"/programmes/{programme}",
        f"/programmes/{programme}/compare",
        f"/cohorts/{cohort}/figures/distribution.json",
        f"/cohorts/{cohort}/modules/01/figures/means.json",
        f"/programmes/{programme}/figures/dumbbell.json",
    ]


async def two_cohorts():
    school = await results_school()
    await school.sealed("k1", {"01": GOOD})
    await school.sealed("k2", {"01": GOOD})
    return school


async def test_a_stranger_sees_no_results(client):
    school = await two_cohorts()
    for address in await addresses(school):
        assert (await client.get(address)).status_code == 401, address


async def test_dung_has_no_business_here(client):
    school = await two_cohorts()
    await dung_signs_in(client)
    for address in await addresses(school):
        assert (await client.get(address)).status_code == 403, address
    assert "Bồi dưỡng cấp xã" not in (await client.get("/")).text


async def test_lan_and_minh_see_the_results_of_their_unit(client):
    school = await two_cohorts()
    for sign_in in (lan_signs_in, minh_signs_in):
        await sign_in(client, school)
        for address in await addresses(school):
            assert (await client.get(address)).status_code == 200, address


async def test_a_head_sees_a_programme_only_with_the_cohorts_of_their_unit(client):
    school = await two_cohorts()
    district = await saved(Unit(key="district", names={"vi": "Huyện"}, parent=school.unit.id))
    await school.opened("k3", unit=district)
    await sign_in_by_link(client, await staff("head", Role.head, district))
    home = words((await client.get("/")).text)
    assert "Khóa 3" in home
    assert "Khóa 1" not in home
    assert (await client.get(f"/cohorts/{school.cohorts['k3'].cohort.id}")).status_code == 409
    assert (await client.get(f"/cohorts/{school.cohorts['k1'].cohort.id}")).status_code == 403


async def test_an_account_without_a_unit_sees_nothing_and_is_told_so(client):
    school = await two_cohorts()
    await sign_in_by_link(client, await staff("lost", Role.head))
    home = await client.get("/?lang=en")
    assert "no programme belongs to your unit" in home.text
    assert (await client.get(f"/programmes/{school.programme.id}")).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/cohorts/999", 404),
        ("/cohorts/0", 404),
        ("/cohorts/99999999999999999999", 404),
        ("/cohorts/k1", 404),
        ("/programmes/999", 404),
        ("/programmes/4294967296", 404),
        ("/cohorts/{k1}/modules/99", 404),
        ("/cohorts/{k1}/modules/%00", 404),
        ("/cohorts/{k1}/modules/03", 404),  # a module of the programme that this cohort was not taught
        ("/cohorts/{k1}?component=C9", 400),
        ("/cohorts/{k1}?item=nothing", 400),
        ("/cohorts/{k1}?few=perhaps", 400),
        ("/cohorts/{k1}/modules/01?item=objectives", 400),  # an item of the whole course
        ("/programmes/{programme}?item=nothing", 400),
        ("/programmes/{programme}/compare?before=abc", 400),
        ("/programmes/{programme}/compare?before=999", 404),
        ("/programmes/{programme}/compare?before={k1}&after={k1}", 422),
        ("/programmes/{programme}/compare?before={k1}&after={k3}", 409),
        ("/programmes/{programme}/figures/dumbbell.json?item=nothing", 400),
        ("/cohorts/{k3}/figures/distribution.json", 409),
        ("/cohorts/{k1}?item=", 200),
        ("/cohorts/{k1}/modules/01?q=%F0%9F%99%82%00%27--", 200),
    ],
)
async def test_what_cannot_be_shown_is_said_in_words(client, address, status):
    school = await two_cohorts()
    await school.opened("k3")
    await lan_signs_in(client, school)
    numbers = {key: taught.cohort.id for key, taught in school.cohorts.items()}
    answer = await client.get(address.format(programme=school.programme.id, **numbers))
    assert answer.status_code == status
    if status != 200:
        assert "<h1>" in answer.text


async def test_before_sealing_only_how_many_answered_is_shown(client):
    school = await results_school()
    k1 = await school.opened("k1", answered=7, enrolled=70)
    await lan_signs_in(client, school)
    for address in (f"/cohorts/{k1.cohort.id}", f"/cohorts/{k1.cohort.id}/modules/01"):
        page = await client.get(address)
        assert page.status_code == 409
        assert "7 trên 70 học viên đã trả lời" in words(page.text)
        assert "<table" not in page.text
        assert "Dân vận" not in page.text


async def test_a_programme_without_sealed_cohorts_says_so(client):
    school = await results_school()
    await school.opened("k1", State.closed, answered=3)
    await minh_signs_in(client, school)
    page = await client.get(f"/programmes/{school.programme.id}")
    assert page.status_code == 200
    assert "Chưa có khóa nào của chương trình được niêm phong" in page.text
    assert (await client.get(f"/programmes/{school.programme.id}/compare")).status_code == 409


async def test_the_public_page_takes_a_code_and_shows_staff_the_way(client):
    page = await client.get("/?lang=en")
    assert page.status_code == 200
    assert '<form method="get" action="/code">' in page.text
    assert 'name="code"' in page.text
    assert 'href="/sign-in"' in page.text


async def test_home_names_every_cohort_with_its_state_and_how_many_answered(client):
    school = await results_school()
    k1 = await school.sealed("k1", {"01": GOOD}, enrolled=80)
    await school.opened("k2", answered=4, enrolled=40)
    await lan_signs_in(client, school)
    page = await client.get("/?lang=en")
    assert cells(page, "Cohort 1")[1:] == ["sealed", "60 of 80 trainees answered (75%)", "Modules of Cohort 1"]
    assert cells(page, "Cohort 2")[1:] == ["open", "4 of 40 trainees answered (10%)", "after sealing"]
    assert f'href="/cohorts/{k1.cohort.id}"' in page.text
    assert f'href="/programmes/{school.programme.id}"' in page.text
