"""Evaluations: planned, opened, extended, closed. Their state moves one way only; sealing is `answering.sealing`."""

from __future__ import annotations

import datetime

from piccolo.query.functions import Sum

from analytics import FEWEST_PER_MODULE, what_a_sample_bears
from survey.answering.codes import CLASS_LENGTH, new_code
from survey.planning.questionnaires import form_of
from survey.refusals import Refused, refused_if_there
from survey.tables import ClassLink, Cohort, CourseClass, Evaluation, Lesson, Purpose, Questionnaire, State

NOT_PUBLISHED = "This questionnaire is still a draft. Publish it before it is used."
NO_CLASSES = "This cohort has no classes yet, so nobody could answer."
NO_LESSONS = "This cohort has no lessons yet, so there is nothing to ask about."
PLANNED_ALREADY = "This cohort has an evaluation for this purpose already. Extend or close that one."
CLOSES_TOO_EARLY = "The evaluation would close before it opens. Choose a later closing time."
CLOSES_IN_THE_PAST = "The closing time is in the past. Choose a later one."
CLOSES_TOO_LATE = "The closing time is more than a hundred years away. Choose an earlier one."
WRONG_SHARE = "Each trainee can be asked about 1 to {most} of the {modules} modules; leave it empty to ask about all."
SHARE_OF_A_DAY = "A daily evaluation asks about the lessons of each day already. Leave the number of modules empty."
NO_DATES = "The lessons of this cohort have no dates yet, so no day could ask about its own. Enter them first."
SHARE_TOO_SMALL = (
    "With {share} of {modules} modules for each of {enrolled} trainees, at most {n} would rate a module: its mean "
    "would be known to ±{half_width}, and only changes of {shift} or more be seen. At least {fewest} are needed: ask "
    "each trainee about {least} modules or more, or leave the number empty to ask about all {modules}."
)
NO_TICKETS = (
    "A daily evaluation takes no tickets: they answer once. Use the link of the class, which answers every day."
)
UNKNOWN = "There is no such evaluation."
# A closing time in the year 9999 leaves no room for the grace period after it, and no form could be shown.
FARTHEST = datetime.timedelta(days=36525)
WRONG_STATE = {
    State.draft: "This evaluation has not been opened yet.",
    State.open: "This evaluation is open already.",
    State.closed: "This evaluation is closed. Extend it to take answers again.",
    State.sealed: "This evaluation is sealed for good: its answers can no longer be told apart, and none can be added.",
}


async def plan_evaluation(
    cohort: Cohort,
    questionnaire: Questionnaire,
    *,
    purpose: Purpose | None = None,
    opens_at: datetime.datetime | None = None,
    closes_at: datetime.datetime | None = None,
    grace_minutes: int = 30,
    share: int | None = None,
) -> Evaluation:
    """A draft evaluation with a link for each class. Its purpose is the questionnaire's unless another is given.

    `share` is the number of modules that each trainee is asked about, all of them if none is given.

    Raises:
        Refused: an unpublished questionnaire, a closing time before the opening or far away, a cohort without classes
            or lessons (or, daily, without dates), a second one for the purpose, a share that the sample does not bear.
    """
    if not questionnaire.published:
        raise Refused(NOT_PUBLISHED)
    if closes_at:
        _refuse_unfit_closing(opens_at, closes_at)
    evaluation = Evaluation(
        cohort=cohort.id,
        questionnaire=questionnaire.id,
        purpose=purpose or Purpose(form_of(questionnaire).purpose),
        opens_at=opens_at,
        closes_at=closes_at,
        grace_minutes=grace_minutes,
        share=share,
    )
    async with Evaluation._meta.db.transaction():
        classes = await _classes(cohort)
        await _refuse_unfit_parts(cohort, daily=evaluation.purpose == Purpose.daily, share=share)
        with refused_if_there(PLANNED_ALREADY):
            await evaluation.save()
        await ClassLink.insert(*(_link(evaluation, course_class) for course_class in classes))
    return evaluation


def _refuse_unfit_closing(opens_at: datetime.datetime | None, closes_at: datetime.datetime) -> None:
    if opens_at and closes_at <= opens_at:
        raise Refused(CLOSES_TOO_EARLY)
    if closes_at > _now() + FARTHEST:
        raise Refused(CLOSES_TOO_LATE)


async def _classes(cohort: Cohort) -> list[int]:
    if not await Lesson.exists().where(Lesson.cohort == cohort.id):
        raise Refused(NO_LESSONS)
    classes = await CourseClass.select(CourseClass.id).where(CourseClass.cohort == cohort.id).output(as_list=True)
    if not classes:
        raise Refused(NO_CLASSES)
    return classes


async def _refuse_unfit_parts(cohort: Cohort, *, daily: bool, share: int | None) -> None:
    if daily and not await Lesson.exists().where(Lesson.cohort == cohort.id, Lesson.taught_on.is_not_null()):
        raise Refused(NO_DATES)
    if share is None:
        return
    if daily:
        raise Refused(SHARE_OF_A_DAY)
    modules = await Lesson.count().where(Lesson.cohort == cohort.id)
    enrolled = await CourseClass.select(Sum(CourseClass.enrolled)).where(CourseClass.cohort == cohort.id).first()
    refuse_small_share(share, modules=modules, enrolled=(enrolled or {}).get("sum") or 0)


def refuse_small_share(share: int, *, modules: int, enrolled: int) -> None:
    """Raises the refusal of a share with which too few would rate a module, even if everybody answered."""
    if not 1 <= share < modules:
        raise Refused(WRONG_SHARE, most=modules - 1, modules=modules)
    n = enrolled * share // modules
    if n >= FEWEST_PER_MODULE:
        return
    sample = what_a_sample_bears(max(n, 2))
    raise Refused(
        SHARE_TOO_SMALL,
        share=share,
        modules=modules,
        enrolled=enrolled,
        n=n,
        half_width=round(sample.half_width, 2),
        shift=round(sample.shift, 2),
        fewest=FEWEST_PER_MODULE,
        least=min(modules, -(-FEWEST_PER_MODULE * modules // max(enrolled, 1))),
    )


async def refuse_tickets_of_days(evaluation: int) -> None:
    """Raises the refusal of tickets, printed or personal, for an evaluation that is asked every day."""
    if await Evaluation.exists().where(Evaluation.id == evaluation, Evaluation.purpose == Purpose.daily):
        raise Refused(NO_TICKETS)


def _link(evaluation: Evaluation, course_class: int) -> ClassLink:
    return ClassLink(evaluation=evaluation.id, course_class=course_class, code=new_code(CLASS_LENGTH))


async def open_evaluation(evaluation: int) -> None:
    """From draft to open. Before its opening time it still takes no answers.

    Raises:
        Refused: it is not a draft, or would be closed at once.
    """
    row = await Evaluation.select(Evaluation.state, Evaluation.closes_at).where(Evaluation.id == evaluation).first()
    if row and row["state"] == State.draft and row["closes_at"] and row["closes_at"] <= _now():
        raise Refused(CLOSES_IN_THE_PAST)
    await _move(evaluation, {State.draft}, {Evaluation.state: State.open})


async def close_evaluation(evaluation: int, *, at: datetime.datetime | None = None) -> None:
    """From open to closed: no new starts; started responses may be saved for the grace period after `at`.

    Closing what has closed by its own time does not begin the grace period anew.

    Raises:
        Refused: it is not open.
    """
    row = await Evaluation.select(Evaluation.closes_at).where(Evaluation.id == evaluation).first()
    closed = at or _now()
    if row and row["closes_at"]:
        closed = min(closed, row["closes_at"])
    await _move(evaluation, {State.open}, {Evaluation.state: State.closed, Evaluation.closes_at: closed})


async def extend_evaluation(evaluation: int, *, closes_at: datetime.datetime) -> None:
    """A later closing time for an open evaluation; a closed one is open again until then.

    Raises:
        Refused: it is a draft or sealed, or the time is past, before the opening, or far away.
    """
    if closes_at <= _now():
        raise Refused(CLOSES_IN_THE_PAST)
    row = await Evaluation.select(Evaluation.opens_at).where(Evaluation.id == evaluation).first()
    _refuse_unfit_closing(row and row["opens_at"], closes_at)
    await _move(evaluation, {State.open, State.closed}, {Evaluation.state: State.open, Evaluation.closes_at: closes_at})


async def _move(evaluation: int, allowed: set[State], values: dict[object, object]) -> None:
    # One conditional update: of two people who press at once, the database lets one through.
    query = Evaluation.update(values).where(Evaluation.id == evaluation, Evaluation.state.is_in(sorted(allowed)))
    if not await query.returning(Evaluation.id):
        row = await Evaluation.select(Evaluation.state).where(Evaluation.id == evaluation).first()
        raise Refused(WRONG_STATE[State(row["state"])] if row else UNKNOWN)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
