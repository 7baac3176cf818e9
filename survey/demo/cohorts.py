"""The demo's four cohorts of 90 in two classes, each with what was revised before it and its evaluation."""

from __future__ import annotations

import msgspec

from survey.demo.calendar import DAY, Dates
from survey.demo.revisions import APPROVER, REVISIONS
from survey.demo.school import COHORTS_UNIT, lecturers_of_modules, programme_outline
from survey.planning.cohorts import ClassOutline, CohortOutline, create_cohort
from survey.planning.evaluations import open_evaluation, plan_evaluation
from survey.planning.programmes import revise_module
from survey.tables import Cohort, CourseClass, Evaluation, Programme, Questionnaire, Trainee, Unit

COHORTS = 4
CLASSES = ("a", "b")
ENROLLED = 45


async def seed_cohort(number: int, dates: Dates, programme: Programme, questionnaire: Questionnaire) -> Evaluation:
    """The evaluation of a cohort counted from 1, opened; the cohort is made with it if it is not there yet."""
    async with Cohort._meta.db.transaction():
        found = await Evaluation.objects().get(
            (Evaluation.cohort.programme == programme.id) & (Evaluation.cohort.position == number)
        )
        if found is not None:
            return found
        await _revise(number, dates, programme)
        unit = await Unit.objects().get(Unit.key == COHORTS_UNIT)
        assert unit is not None
        cohort = await create_cohort(await _outline(number, dates), programme=programme.id, unit=unit.id)
        await _enrol(cohort)
        # Past evaluations get their closing time when they are closed: until then they must take answers.
        closes_at = dates.closes_at if number == COHORTS else None
        evaluation = await plan_evaluation(cohort, questionnaire, opens_at=dates.opens_at, closes_at=closes_at)
        await open_evaluation(evaluation.id)
        await evaluation.refresh()
    return evaluation


async def _revise(number: int, dates: Dates, programme: Programme) -> None:
    titles = {module.key: module.taught for component in programme_outline().components for module in component.modules}
    for revision in REVISIONS:
        if revision.from_cohort == number:
            approved = {"approver": APPROVER, "approved_on": dates.days[0] - 10 * DAY}
            taught = msgspec.structs.replace(titles[revision.module], content_note=revision.note, **approved)
            await revise_module(programme.id, revision.module, taught)


async def _outline(number: int, dates: Dates) -> CohortOutline:
    classes = tuple(
        ClassOutline(key, {"vi": f"Lớp {key.upper()}", "en": f"Class {key.upper()}"}, ENROLLED) for key in CLASSES
    )
    return CohortOutline(
        key=f"k{number}",
        names={"vi": f"Khóa {number} (mẫu)", "en": f"Cohort {number} (sample)"},
        classes=classes,
        days=dates.days,
        lecturers=await lecturers_of_modules(),
    )


async def _enrol(cohort: Cohort) -> None:
    """A roster, so that it can be seen beside the answers and found to share nothing with them."""
    classes = await CourseClass.objects().where(CourseClass.cohort == cohort.id).order_by(CourseClass.key)
    numbered = [(one.id, f"{one.key.upper()}{number:02}") for one in classes for number in range(1, ENROLLED + 1)]
    await Trainee.insert(
        *(Trainee(course_class=one, number=number, name=f"Học viên mẫu {number}") for one, number in numbered)
    )
