"""Seeds the demo, step by step. Each step finds out whether it was done: after a power cut the rest is done."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from survey.answering.sealing import seal_evaluation
from survey.demo.answers import are_kept, keep_answers
from survey.demo.calendar import ANSWERING, Dates, cohort_dates
from survey.demo.cohorts import COHORTS, ENROLLED, seed_cohort
from survey.demo.marks import refuse_real_data
from survey.demo.school import found_school, programme_outline
from survey.forms.library import library
from survey.planning.evaluations import close_evaluation, extend_evaluation
from survey.planning.questionnaires import publish
from survey.tables import Evaluation, Programme, Questionnaire, State

# One for the school, and for each cohort: being made, each answer (or so), being sealed.
STEPS_OF_COHORT = 1 + 2 * ENROLLED + 1
ALL_STEPS = 1 + COHORTS * STEPS_OF_COHORT

Show = Callable[[int], None]


async def seed(today: datetime.date, show: Show) -> Evaluation:
    """The demo's programme and four cohorts. Gives the evaluation that is open.

    `show` is told, again and again, how many of `ALL_STEPS` are done.

    Raises:
        Refused: the database holds real data.
    """
    await refuse_real_data()
    programme = await found_school()
    questionnaire = await publish(library()["core"])
    lessons = sum(len(component.modules) for component in programme_outline().components)
    dates = cohort_dates(today, cohorts=COHORTS, lessons=lessons)
    for number in range(1, COHORTS + 1):
        done = 1 + (number - 1) * STEPS_OF_COHORT
        show(done)
        evaluation = await _seed_one(number, dates[number - 1], programme, questionnaire, show)
    show(ALL_STEPS)
    return evaluation


async def _seed_one(
    number: int, dates: Dates, programme: Programme, questionnaire: Questionnaire, show: Show
) -> Evaluation:
    evaluation = await seed_cohort(number, dates, programme, questionnaire)
    done = 2 + (number - 1) * STEPS_OF_COHORT

    def advance() -> None:
        nonlocal done
        done += 1
        show(done)

    if number == COHORTS:
        await _leave_open(evaluation, number, advance)
    elif evaluation.state != State.sealed:
        await _answer_and_seal(evaluation, number, dates, advance)
    return evaluation


async def _answer_and_seal(evaluation: Evaluation, number: int, dates: Dates, advance: Callable[[], None]) -> None:
    if evaluation.state == State.open:
        await keep_answers(evaluation, number, advance)
        await close_evaluation(evaluation.id, at=dates.closes_at)
    await seal_evaluation(evaluation.id)


async def _leave_open(evaluation: Evaluation, number: int, advance: Callable[[], None]) -> None:
    """Answers so far; and whoever comes back to the demo weeks later finds it open again, unless they sealed it."""
    if evaluation.state == State.sealed:
        return
    now = datetime.datetime.now(datetime.UTC)
    if evaluation.closes_at <= now:
        await extend_evaluation(evaluation.id, closes_at=now + ANSWERING)
    if evaluation.state == State.open and not await are_kept(evaluation, number):
        await keep_answers(evaluation, number, advance)
