"""Where nearly everybody gave the same answer, the pages say so, and show neither the answer nor who differed."""

from __future__ import annotations

import json

import pytest

from survey.tables import FrozenCount
from tests.results.pages import cells, words
from tests.results.school import inserted, lan_signs_in, results_school

pytestmark = pytest.mark.anyio
both_languages = pytest.mark.parametrize("lang", ["vi", "en"])

ALL, ALL_BUT_ONE = [0, 0, 0, 12, 0], [0, 0, 1, 11, 0]
EXACT = {"vi": ("4,00", "3,92"), "en": ("4.00", "3.92")}
NOT_EXACT = {"vi": "không nêu chính xác", "en": "not exact"}
MARK = {"vi": "gần như mọi người trả lời giống nhau", "en": "nearly all the same"}
WIDENED = {"vi": "được cố ý nới rộng", "en": "widened on purpose"}
BEFORE = {"01": [2, 5, 7, 3, 3], "02": [2, 3, 6, 4, 5], "03": [1, 2, 9, 4, 4]}
OTHERS = {"02": [1, 2, 3, 3, 3], "03": [2, 2, 4, 3, 1]}


async def twelve_agree(client, ratings=ALL, *, before=True):
    """A cohort of twelve who all gave module 01 the same answer, after one in which people differed."""
    school = await results_school()
    if before:
        await school.sealed("k1", BEFORE, enrolled=20)
    await school.sealed("k2", {"01": ratings, **OTHERS}, course={"useful": ratings}, enrolled=12)
    await lan_signs_in(client, school)
    return school


async def one_of_them_differs(school):
    """The same cohort, had one of the twelve answered otherwise."""
    taught = school.cohorts["k2"]
    await FrozenCount.delete().where(
        FrozenCount.evaluation == taught.evaluation.id, FrozenCount.module == "01", FrozenCount.item == "useful"
    )
    await inserted(school._count(taught, "01", "useful", enumerate(ALL_BUT_ONE, 1)))


def addresses(school):
    """Every page and every figure that shows module 01 of the cohort."""
    cohorts, programme = school.cohorts, f"/programmes/{school.programme.id}"
    now = f"/cohorts/{cohorts['k2'].cohort.id}"
    pages = [now, f"{now}/modules/01", programme]
    figures = [f"{now}/figures/distribution.json", f"{now}/modules/01/figures/means.json"]
    if "k1" in cohorts:
        two = f"before={cohorts['k1'].cohort.id}&after={cohorts['k2'].cohort.id}"
        pages.append(f"{programme}/compare?{two}")
        figures.append(f"{programme}/figures/dumbbell.json?{two}")
    return pages, figures


async def fetched(client, address, lang):
    answer = await client.get(f"{address}{'&' if '?' in address else '?'}lang={lang}")
    assert answer.status_code == 200, answer.text
    return answer


@both_languages
@pytest.mark.parametrize("before", [True, False])
async def test_a_page_says_that_nearly_all_agreed_and_not_on_what(client, lang, before):
    pages, figures = addresses(school := await twelve_agree(client, before=before))
    for ratings in (ALL, ALL_BUT_ONE):
        for address in pages:
            said = words((await fetched(client, address, lang)).text)
            assert MARK[lang] in said or NOT_EXACT[lang] in said, address
            assert not [number for number in EXACT[lang] if number in said], address
            assert "None" not in said
            assert address != pages[0] or WIDENED[lang] in said
        for address in figures:
            drawn = json.dumps((await fetched(client, address, lang)).json(), ensure_ascii=False)
            assert MARK[lang] in drawn or NOT_EXACT[lang] in drawn, address
            assert "3.91666" not in drawn
        if ratings is ALL:
            await one_of_them_differs(school)


@both_languages
async def test_no_page_and_no_figure_tells_whether_somebody_differed(client, lang):
    pages, figures = addresses(school := await twelve_agree(client))
    alike = [(await fetched(client, address, lang)).text for address in (*pages, *figures)]
    await one_of_them_differs(school)
    differing = [(await fetched(client, address, lang)).text for address in (*pages, *figures)]
    for address, one, other in zip((*pages, *figures), alike, differing, strict=True):
        assert one == other, address


async def test_n_and_intervals_are_shown_of_what_is_blurred(client):
    pages, _ = addresses(await twelve_agree(client))
    page = await fetched(client, pages[0], "en")
    answers, favourable, mean, against, change, *_ = cells(page, "Module 01")
    assert answers == "nearly all the same n = 12"
    assert favourable == "65% – 100%"
    assert mean == "3.20 – 4.30"
    assert against == "–"
    assert change.endswith("· n = 20 → 12")
    assert not cells(page, "Module 02")[0].startswith("nearly")


async def test_the_page_of_the_module_says_why(client):
    pages, _ = addresses(await twelve_agree(client))
    english, vietnamese = [words((await fetched(client, pages[1], lang)).text) for lang in ("en", "vi")]
    assert (
        "Nearly everybody gave the same answer. Since fewer than 30 trainees rated this, it is not shown exactly"
        in english
    )
    assert "the interval is widened on purpose" in english
    assert "Gần như mọi người trả lời giống nhau. Vì có ít hơn 30 học viên đánh giá" in vietnamese
    assert "khoảng tin cậy được cố ý nới rộng" in vietnamese


async def test_a_figure_has_no_point_and_no_bar_where_nearly_all_agreed(client):
    _, (distribution, means, dumbbell) = addresses(await twelve_agree(client))
    bars = (await fetched(client, distribution, "en")).json()
    [place] = [i for i, note in enumerate(bars["layout"]["annotations"]) if note["text"].startswith("Module 01")]
    assert [trace["x"][place] for trace in bars["data"]] == [None] * 5
    points = (await fetched(client, means, "en")).json()["data"][0]["y"]
    assert (points[0] is None, points[1]) == (False, None)
    pairs = (await fetched(client, dumbbell, "en")).json()
    [place] = [i for i, note in enumerate(pairs["layout"]["annotations"]) if note["text"].startswith("Module 01")]
    assert [trace["x"][place] for trace in pairs["data"][1:]] == [None, None]
