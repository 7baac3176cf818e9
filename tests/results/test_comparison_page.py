"""H2: two cohorts, what changed, and what must be known before comparing them."""

from __future__ import annotations

import msgspec
import pytest

from survey.forms.library import library
from tests.results.pages import cells, order, part, words
from tests.results.school import FAIR, GOOD, POOR, minh_signs_in, results_school

pytestmark = pytest.mark.anyio
CORE = library()["core"]


async def compared(client, school, query="", lang="en"):
    if not client.cookies:
        await minh_signs_in(client, school)
    answer = await client.get(f"/programmes/{school.programme.id}/compare?lang={lang}{query}")
    assert answer.status_code == 200, answer.text
    return answer


async def two_cohorts():
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": FAIR, "03": POOR, "04": GOOD}, enrolled=80)
    await school.sealed("k2", {"01": GOOD, "02": FAIR, "03": GOOD, "04": POOR}, versions={"03": 2})
    return school


async def test_the_largest_fall_stands_first(client):
    page = await compared(client, await two_cohorts())
    titles = ["Module 01", "Module 02", "Module 03", "Module 04"]
    ordered = order(page, *titles)
    assert (ordered[0], ordered[-1]) == ("Module 04", "Module 03")


async def test_a_row_has_both_means_with_n_the_interval_of_the_difference_and_a_verdict_in_words(client):
    page = await compared(client, await two_cohorts())
    before, after, _, difference, verdict = cells(page, "Module 03")
    assert (before, after) == ("2.50 n = 60", "4.33 n = 60")
    assert difference == "+1.83 +1.49 to +2.18"
    assert verdict == "clearly better"
    assert cells(page, "Module 04")[-1] == "clearly worse"
    assert cells(page, "Module 01")[-1] == "no evidence of change"
    assert 'class="pair"' in page.text


async def test_only_clear_changes_when_asked(client):
    school = await two_cohorts()
    page = await compared(client, school, "&clear=1")
    table = part(page, "<table", "</table>")
    assert "Module 03" in table
    assert "Module 04" in table
    assert "Module 01" not in table


async def test_when_nothing_changed_clearly_the_filter_says_so(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD})
    await school.sealed("k2", {"01": GOOD})
    assert "No module shows a clear change." in (await compared(client, school, "&clear=1")).text


async def test_response_rates_stand_in_the_header(client):
    header = part(await compared(client, await two_cohorts()), '<dl class="two-cohorts">', "</dl>")
    assert header == "Cohort 1 60 of 80 trainees answered (75%) Cohort 2 60 of 70 trainees answered (86%)"


async def test_the_newest_two_are_compared_unless_others_are_named(client):
    school = await two_cohorts()
    k3 = await school.sealed("k3", {"01": POOR})
    assert "Cohort 3 compared with Cohort 2" in words((await compared(client, school)).text)
    first = school.cohorts["k1"].cohort.id
    page = await compared(client, school, f"&before={first}&after={k3.cohort.id}")
    assert "Cohort 3 compared with Cohort 1" in words(page.text)
    assert "Cohort 3 compared with Cohort 1" in words((await compared(client, school, f"&before={first}")).text)
    assert "Cohort 1 compared with Cohort 3" in words(
        (await compared(client, school, f"&before={k3.cohort.id}&after={first}")).text
    )


async def test_the_same_cohort_twice_is_a_slip_told_at_the_choices(client):
    school = await two_cohorts()
    await minh_signs_in(client, school)
    chosen = school.cohorts["k2"].cohort.id
    same = f"/programmes/{school.programme.id}/compare?lang=en&before={chosen}&after={chosen}&clear=1"
    page = await client.get(same)
    assert page.status_code == 422
    assert "Cohort 2 was chosen on both sides. Choose two different cohorts." in words(page.text)
    assert page.text.count(f'<option value="{chosen}" selected>') == 2
    assert page.text.count('aria-describedby="slip"') == 2
    assert 'name="clear" value="1" checked' in page.text
    assert "<table" not in page.text
    assert "<figure" not in page.text


async def test_where_there_is_no_other_cohort_to_choose_it_says_that_there_are_no_results_yet(client):
    school = await results_school()
    only = (await school.sealed("k1", {"01": GOOD})).cohort.id
    await minh_signs_in(client, school)
    page = await client.get(f"/programmes/{school.programme.id}/compare?before={only}&after={only}")
    assert page.status_code == 409


async def test_of_the_same_cohort_twice_there_is_no_figure(client):
    school = await two_cohorts()
    await minh_signs_in(client, school)
    only = school.cohorts["k2"].cohort.id
    address = f"/programmes/{school.programme.id}/figures/dumbbell.json?before={only}&after={only}"
    assert (await client.get(address)).status_code == 400


async def test_verdicts_are_counted_in_words(client):
    page = await compared(client, await two_cohorts())
    assert part(page, '<p class="verdicts">', "</p>") == (
        "1 clearly worse 1 clearly better 2 no evidence of change 0 too few answers"
    )


async def test_too_few_answers_show_no_number(client):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": [0, 0, 1, 2, 1]})
    await school.sealed("k2", {"01": GOOD, "02": GOOD})
    assert cells(await compared(client, school), "Module 02") == ["–", "–", "", "–", "too few answers"]


async def test_the_same_questionnaire_needs_no_banner(client):
    assert 'class="banner"' not in (await compared(client, await two_cohorts())).text


async def asked_with(client, form):
    school = await results_school()
    await school.sealed("k1", {"01": GOOD}, form=form)
    await school.sealed("k2", {"01": GOOD})
    return await compared(client, school)


async def test_another_version_is_said_and_unchanged_questions_are_still_compared(client):
    page = await asked_with(client, msgspec.structs.replace(CORE, version=2))
    assert "The questionnaire was changed between the cohorts." in part(page, '<div class="banner">', "</div>")
    assert cells(page, "Module 01")[-1] == "no evidence of change"


async def test_another_scale_is_said_and_listed_and_not_compared(client):
    shorter = msgspec.structs.replace(CORE.scales[0], steps=CORE.scales[0].steps[1:])
    page = await asked_with(client, msgspec.structs.replace(CORE, version=2, scales=(shorter, *CORE.scales[1:])))
    assert "“How useful is this module for your work?” has another scale" in words(page.text)
    assert "The two cohorts share no question about modules" in page.text
    assert 'class="pair"' not in page.text


async def test_another_wording_is_listed_and_not_compared(client):
    item = msgspec.structs.replace(CORE.sections[0].items[0], text={"vi": "Khác?", "en": "Other?"})
    section = msgspec.structs.replace(CORE.sections[0], items=(item, *CORE.sections[0].items[1:]))
    page = await asked_with(client, msgspec.structs.replace(CORE, version=2, sections=(section, *CORE.sections[1:])))
    assert "“How useful is this module for your work?” is worded differently" in words(page.text)


async def test_another_questionnaire_is_said_and_its_questions_are_listed(client):
    page = await asked_with(client, library()["ten"])
    text = words(page.text)
    assert "The cohorts answered different questionnaires." in text
    assert "“How useful is this module for your work?” was not asked before" in text
    assert "was not asked any more" in text


async def test_another_occasion_is_said(client):
    daily = library()["daily"]
    text = words((await asked_with(client, daily)).text)
    assert "One cohort was asked at the end of the course, the other on other occasions." in text
    assert "was asked on another occasion" in text or "is worded differently" in text


async def test_where_neither_end_is_best_nothing_is_called_better_or_worse(client):
    middle = msgspec.structs.replace(CORE.scales[0], direction="middle")
    form = msgspec.structs.replace(CORE, scales=(middle, *CORE.scales[1:]))
    school = await results_school()
    await school.sealed("k1", {"01": GOOD, "02": POOR}, form=form)
    k2 = await school.sealed("k2", {"01": POOR, "02": POOR}, form=form)
    text = words((await compared(client, school)).text)
    assert "has neither a better nor a worse end" in text
    assert 'class="banner"' not in text
    said = "Changes since Cohort 1 are not computed: this question has neither a better nor a worse end."
    for address in (f"/cohorts/{k2.cohort.id}?lang=en", f"/programmes/{school.programme.id}?lang=en"):
        page = words((await client.get(address)).text)
        assert said in page
        assert "clearly better" not in page.lower()
