"""Results of evaluations whose sheets asked about some of the modules: numbers of ratings, sheets and people apart."""

import datetime

import pytest

from analytics import measures
from survey.results.policy import SMALLEST_GROUP
from survey.tables import Evaluation, Lesson, Purpose, SealedRatings
from tests.analytics.answers import FIVE_STEPS, answers
from tests.results.pages import cells, part, words
from tests.results.school import GOOD, TITLES, lan_signs_in, results_school

pytestmark = pytest.mark.anyio

THIRTY = [0, 1, 4, 10, 15]
MONDAY = datetime.date(2026, 11, 2)
NOON = datetime.time(12, tzinfo=datetime.UTC)


async def sheets(taught, number):
    await SealedRatings.update({SealedRatings.responses: number}).where(
        SealedRatings.evaluation == taught.evaluation.id
    )


async def shared(school, key="k1", *, share=2, responses=60):
    """Sixty trainees of seventy, each asked about two of four modules: thirty rated each."""
    taught = await school.sealed(key, dict.fromkeys(TITLES, THIRTY))
    await Evaluation.update({Evaluation.share: share}).where(Evaluation.id == taught.evaluation.id)
    await sheets(taught, responses)
    return taught


async def daily(school, key="k1", *, responses=240, course=None):
    """Four days of one module each, sixty sheets of seventy a day."""
    taught = await school.sealed(key, dict.fromkeys(TITLES, GOOD), course=course or {})
    for number, module in enumerate(TITLES):
        day = MONDAY + datetime.timedelta(number)
        await Lesson.update({Lesson.taught_on: day}).where(Lesson.cohort == taught.cohort.id, Lesson.key == module)
    values = {
        Evaluation.purpose: Purpose.daily,
        Evaluation.opens_at: datetime.datetime.combine(MONDAY, NOON),
        Evaluation.closes_at: datetime.datetime.combine(MONDAY + datetime.timedelta(7), NOON),
    }
    await Evaluation.update(values).where(Evaluation.id == taught.evaluation.id)
    await sheets(taught, responses)
    return taught


async def pages(client, school, taught):
    """D1, D2 of the first module, H1 and the list of cohorts."""
    await lan_signs_in(client, school)
    address = f"/cohorts/{taught.cohort.id}"
    paths = [address, f"{address}/modules/01", f"/programmes/{school.programme.id}", "/"]
    found = [await client.get(f"{path}?lang=en") for path in paths]
    assert [page.status_code for page in found] == [200] * 4
    return found


async def test_of_a_share_the_numbers_of_a_module_are_those_whose_sheet_had_it(client):
    school = await results_school()
    modules, module, programme, home = await pages(client, school, await shared(school))
    assert "60 of 70 trainees answered (86%)" in words(modules.text)
    assert "Each trainee was asked about 2 of 4 modules, shared out evenly" in words(modules.text)
    assert "n = 30" in cells(modules, "Module 01")[0]
    assert cells(modules, "The whole cohort")[0] == "n = 120 · at least 30 trainees"
    assert "On the sheets of 30 of 70 trainees (43%)" in words(module.text)
    assert "120 ratings by at least 30 trainees" in part(programme, '<div class="findings">', "</div>")
    assert "60 of 70 trainees answered (86%)" in words(home.text)


async def test_sheets_of_days_are_not_people(client):
    school = await results_school()
    modules, module, programme, home = await pages(client, school, await daily(school))
    said = "240 sheets on 4 days: on average 86% of the 70 trainees each day"
    for page in (modules, module, home):
        assert said in words(page.text)
        assert "240 of" not in words(page.text)
    assert "On the sheets of 60 of 70 trainees (86%)" in words(module.text)
    assert cells(modules, "The whole cohort")[0] == "n = 240 · at least 60 trainees"
    findings = part(programme, '<div class="findings">', "</div>")
    assert "handed in 240 sheets on 4 days: on average 86% of its 70 trainees each day." in findings


async def test_few_sheets_of_a_daily_evaluation_are_no_rate_of_people_either(client):
    school = await results_school()
    modules, *_ = await pages(client, school, await daily(school, responses=50))
    assert "50 sheets on 4 days: on average 18% of the 70 trainees each day" in words(modules.text)
    assert "50 of 70" not in words(modules.text)


async def test_only_days_on_which_it_was_open_count(client):
    school = await results_school()
    taught = await daily(school, responses=100)
    closed = datetime.datetime.combine(MONDAY + datetime.timedelta(1), NOON)
    await Evaluation.update({Evaluation.closes_at: closed}).where(Evaluation.id == taught.evaluation.id)
    modules, *_ = await pages(client, school, taught)
    assert "100 sheets on 2 days: on average 71% of the 70 trainees each day" in words(modules.text)


async def test_while_it_runs_only_sheets_are_said(client):
    school = await results_school()
    taught = await daily(school)
    await Evaluation.update({Evaluation.state: "open"}).where(Evaluation.id == taught.evaluation.id)
    await lan_signs_in(client, school)
    waiting = await client.get(f"/cohorts/{taught.cohort.id}?lang=en")
    assert waiting.status_code == 409
    assert "Answers: 240" in words(waiting.text)


async def test_five_ratings_of_the_course_on_four_days_may_be_two_people_and_are_withheld(client):
    school = await results_school()
    few, enough = [0, 0, 3, 7, 6], [0, 0, 3, 8, 6]
    modules, *_ = await pages(client, school, await daily(school, course={"objectives": few, "practice": enough}))
    assert cells(modules, "The objectives of the programme are clear")[0] == "fewer than 5"
    assert cells(modules, "Theory is combined with local practice")[0] == "n = 17"


async def test_one_person_who_differed_on_every_day_is_not_told_what_all_others_said(client):
    school = await results_school()
    course = {"objectives": [0, 4, 0, 0, 60], "practice": [0, 5, 0, 0, 59]}
    modules, *_ = await pages(client, school, await daily(school, course=course))
    # Sixteen people on four days: four ratings may be one person's, five are not.
    assert cells(modules, "The objectives of the programme are clear")[0] == "nearly all the same n = 64"
    assert cells(modules, "Theory is combined with local practice")[0] == "n = 64"


async def test_a_cohort_that_was_asked_in_shares_is_compared_with_a_caution(client):
    school = await results_school()
    await school.sealed("k1", dict.fromkeys(TITLES, GOOD))
    taught = await shared(school, "k2")
    await lan_signs_in(client, school)
    page = await client.get(f"/programmes/{school.programme.id}/compare?lang=en")
    assert "each trainee was asked about some of the modules only" in part(page, '<div class="banner">', "</div>")
    assert taught.cohort.position == 2


def of_the_course(*steps, times):
    counts = answers(steps, module=None)
    return measures(counts, FIVE_STEPS, by=("item",), smallest_group=SMALLEST_GROUP, times=times).to_dicts()[0]


def test_ratings_given_again_and_again_count_for_no_more_people_than_gave_them():
    enough = of_the_course(0, 0, 3, 8, 6, times=4)
    assert (enough["n"], enough["people"], enough["withheld"]) == (17, 5, False)
    assert of_the_course(0, 0, 3, 7, 6, times=4)["withheld"]
    once, often = of_the_course(0, 0, 0, 10, 10, times=1), of_the_course(0, 0, 0, 10, 10, times=4)
    assert often["mean"] == once["mean"]
    assert often["mean_high"] - often["mean_low"] > once["mean_high"] - once["mean_low"]
