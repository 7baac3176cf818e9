"""Evaluations move one way: draft, open, closed, sealed; and back to open only by extending."""

import asyncio
import datetime

import pytest

from survey.forms.library import library
from survey.planning.cohorts import create_cohort
from survey.planning.evaluations import (
    close_evaluation,
    extend_evaluation,
    open_evaluation,
    plan_evaluation,
    refuse_small_share,
)
from survey.planning.listing import list_evaluations
from survey.planning.programmes import create_programme
from survey.planning.questionnaires import publish
from survey.planning.slips import blind_slips
from survey.refusals import Refused
from survey.tables import (
    ClassLink,
    Cohort,
    CourseClass,
    Evaluation,
    Lesson,
    Purpose,
    Questionnaire,
    State,
    Ticket,
    Unit,
)
from tests.cast import saved
from tests.planning.outlines import MONDAY, cohort_of, department, module, planned_cohort, programme_of, words

pytestmark = pytest.mark.anyio

HOUR = datetime.timedelta(hours=1)
NEVER = datetime.datetime(9999, 12, 31, 23, 59, tzinfo=datetime.UTC)


def now():
    return datetime.datetime.now(datetime.UTC)


async def planned(**more):
    return await plan_evaluation(await planned_cohort(), await publish(library()["core"]), **more)


async def in_state(state):
    evaluation = await planned()
    await Evaluation.update({Evaluation.state: state}).where(Evaluation.id == evaluation.id)
    return evaluation.id


async def state_of(evaluation):
    return (await Evaluation.select(Evaluation.state).where(Evaluation.id == evaluation).first())["state"]


async def test_each_class_has_its_own_link(database):
    evaluation = await planned()
    links = await ClassLink.select(ClassLink.code, ClassLink.course_class.key.as_alias("class")).where(
        ClassLink.evaluation == evaluation.id
    )
    assert sorted(link["class"] for link in links) == ["a", "b"]
    assert len({link["code"] for link in links}) == 2


async def test_the_purpose_is_the_questionnaire_s_unless_another_is_given(database):
    evaluation = await planned()
    assert evaluation.purpose == Purpose.end_of_course
    assert await state_of(evaluation.id) == State.draft


async def test_from_draft_to_open_to_closed_to_open_again(database):
    evaluation = (await planned()).id
    await open_evaluation(evaluation)
    assert await state_of(evaluation) == State.open
    await close_evaluation(evaluation)
    assert await state_of(evaluation) == State.closed
    later = now() + HOUR
    await extend_evaluation(evaluation, closes_at=later)
    row = await Evaluation.select(Evaluation.state, Evaluation.closes_at).first()
    assert (row["state"], row["closes_at"]) == (State.open, later)


ALLOWED = {
    open_evaluation: {State.draft},
    close_evaluation: {State.open},
    extend_evaluation: {State.open, State.closed},
}
REFUSED = [(deed, state) for deed, allowed in ALLOWED.items() for state in State if state not in allowed]


@pytest.mark.parametrize(("deed", "state"), REFUSED, ids=lambda one: getattr(one, "__name__", one))
async def test_every_other_move_is_refused(database, deed, state):
    evaluation = await in_state(state)
    more = {"closes_at": now() + HOUR} if deed is extend_evaluation else {}
    with pytest.raises(Refused, match="This evaluation"):
        await deed(evaluation, **more)
    assert await state_of(evaluation) == state


async def test_of_two_who_close_at_once_one_is_refused(database):
    evaluation = await in_state(State.open)
    outcomes = await asyncio.gather(close_evaluation(evaluation), close_evaluation(evaluation), return_exceptions=True)
    assert sorted(type(outcome) for outcome in outcomes if outcome) == [Refused]


async def test_an_unknown_evaluation_is_said_to_be_unknown(database):
    with pytest.raises(Refused, match="no such evaluation"):
        await close_evaluation(77)


async def test_one_evaluation_for_a_purpose(database):
    cohort, questionnaire = await planned_cohort(), await publish(library()["core"])
    await plan_evaluation(cohort, questionnaire)
    with pytest.raises(Refused, match="for this purpose already"):
        await plan_evaluation(cohort, questionnaire)
    await plan_evaluation(cohort, questionnaire, purpose=Purpose.follow_up)


async def test_closing_before_opening_is_refused(database):
    with pytest.raises(Refused, match="before it opens"):
        await planned(opens_at=now(), closes_at=now() - HOUR)


async def test_opening_something_that_has_closed_by_then_is_refused(database):
    evaluation = await planned(closes_at=now() - HOUR)
    with pytest.raises(Refused, match="in the past"):
        await open_evaluation(evaluation.id)


async def test_extending_into_the_past_is_refused(database):
    evaluation = await in_state(State.closed)
    with pytest.raises(Refused, match="in the past"):
        await extend_evaluation(evaluation, closes_at=now() - HOUR)


async def test_extending_to_a_time_before_the_opening_is_refused(database):
    evaluation = (await planned(opens_at=now() + 2 * HOUR)).id
    await open_evaluation(evaluation)
    with pytest.raises(Refused, match="before it opens"):
        await extend_evaluation(evaluation, closes_at=now() + HOUR)


async def test_a_closing_time_at_the_end_of_all_time_is_refused(database):
    with pytest.raises(Refused, match="a hundred years"):
        await planned(closes_at=NEVER)


async def test_extending_to_the_end_of_all_time_is_refused(database):
    evaluation = await in_state(State.open)
    with pytest.raises(Refused, match="a hundred years"):
        await extend_evaluation(evaluation, closes_at=NEVER)


async def test_closing_what_has_closed_by_its_own_time_does_not_begin_the_grace_period_anew(database):
    evaluation = (await planned()).id
    await open_evaluation(evaluation)
    hour_ago = now() - HOUR
    await Evaluation.update({Evaluation.closes_at: hour_ago}).where(Evaluation.id == evaluation)
    await close_evaluation(evaluation)
    (row,) = await Evaluation.select(Evaluation.closes_at).where(Evaluation.id == evaluation)
    assert row["closes_at"] == hour_ago


async def test_a_draft_questionnaire_is_not_asked(database):
    draft = await saved(Questionnaire(key="core", version=9, published=False, definition="{}"))
    with pytest.raises(Refused, match="still a draft"):
        await plan_evaluation(await planned_cohort(), draft)


async def test_a_cohort_without_lessons_or_classes_is_not_asked(database):
    taught, questionnaire = await planned_cohort(), await publish(library()["core"])
    empty = await saved(
        Cohort(programme=taught.programme, unit=taught.unit, key="k9", position=9, names=words("Khóa 9"))
    )
    with pytest.raises(Refused, match="no lessons yet"):
        await plan_evaluation(empty, questionnaire)
    version = (await Lesson.select(Lesson.module_version).first())["module_version"]
    await saved(Lesson(cohort=empty.id, module_version=version, key="01", position=1))
    with pytest.raises(Refused, match="no classes yet"):
        await plan_evaluation(empty, questionnaire)


async def big_cohort(modules=32, **more):
    unit = await department()
    taught = programme_of(*(module(f"{number:02}") for number in range(1, modules + 1)))
    programme = await create_programme(taught, unit=unit.id)
    return await create_cohort(cohort_of("a", "b", **more), programme=programme.id, unit=unit.id)


async def test_a_share_that_the_sample_bears_is_planned(database):
    evaluation = await plan_evaluation(await big_cohort(), await publish(library()["core"]), share=11)
    assert (await Evaluation.select(Evaluation.share).first())["share"] == evaluation.share == 11


async def test_a_share_with_too_few_for_a_module_is_refused_with_what_it_would_bear(database):
    with pytest.raises(Refused) as refused:
        await plan_evaluation(await big_cohort(), await publish(library()["core"]), share=10)
    assert refused.value.words == {
        "share": 10,
        "modules": 32,
        "enrolled": 90,
        "n": 28,
        "half_width": 0.35,
        "shift": 0.67,
        "fewest": 30,
        "least": 11,
    }
    assert await Evaluation.count() == 0


@pytest.mark.parametrize("share", [-1, 0, 32, 33])
async def test_a_share_is_less_than_everything_and_more_than_nothing(database, share):
    with pytest.raises(Refused, match="1 to 31 of the 32 modules"):
        await plan_evaluation(await big_cohort(), await publish(library()["core"]), share=share)


def test_of_a_handful_of_trainees_everybody_is_asked_about_everything():
    with pytest.raises(Refused, match=r"at most 0 would rate a module: .* about 32 modules or more"):
        refuse_small_share(1, modules=32, enrolled=10)


async def test_a_daily_evaluation_needs_dates_and_takes_neither_a_share_nor_tickets(database):
    daily = await publish(library()["daily"])
    with pytest.raises(Refused, match="no dates yet"):
        await plan_evaluation(await planned_cohort(), daily)
    day = datetime.timedelta(1)
    cohort = await create_cohort(
        cohort_of("a", key="k2", days=(MONDAY, MONDAY + day)), programme=1, unit=(await Unit.select().first())["id"]
    )
    with pytest.raises(Refused, match="asks about the lessons of each day already"):
        await plan_evaluation(cohort, daily, share=1)
    evaluation = await plan_evaluation(cohort, daily)
    assert evaluation.purpose == Purpose.daily
    with pytest.raises(Refused, match="takes no tickets"):
        await blind_slips(evaluation.id, "a", 3, who=None)


async def test_blind_slips_are_printed_once_and_kept_as_hashes(database):
    evaluation = await in_state(State.open)
    secrets = {secret.encode() for secret in (await blind_slips(evaluation, "a", 3, who=None)).secrets}
    assert len(secrets) == 3
    kept = await Ticket.select(Ticket.digest, Ticket.spent)
    assert not secrets & {row["digest"] for row in kept}
    assert [row["spent"] for row in kept] == [False] * 3


async def test_slips_that_nobody_could_use_are_not_printed(database):
    evaluation = await in_state(State.closed)
    with pytest.raises(Refused, match="is closed"):
        await blind_slips(evaluation, "a", 1, who=None)
    with pytest.raises(Refused, match="no evaluation with the number 77"):
        await blind_slips(77, "a", 1, who=None)
    await Evaluation.update({Evaluation.state: State.open}).where(Evaluation.id == evaluation)
    with pytest.raises(Refused, match=r"no class “z”\. Its classes: a, b"):
        await blind_slips(evaluation, "z", 1, who=None)
    assert await CourseClass.count() == 2


async def test_the_list_says_number_cohort_state_and_answers(database):
    assert await list_evaluations() == ["There are no evaluations yet."]
    evaluation = await in_state(State.sealed)
    (line,) = await list_evaluations()
    assert line.split()[:6] == [str(evaluation), "lanh-dao", "k1", "end_of_course", "sealed", "0"]
