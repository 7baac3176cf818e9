"""What people call an evaluation and its classes, on the command line and in the register of deeds."""

from __future__ import annotations

from survey.refusals import Refused
from survey.tables import CourseClass, Evaluation

UNKNOWN_EVALUATION = "There is no evaluation with the number {evaluation}. See: gopy evaluations"
UNKNOWN_CLASS = "This cohort has no class “{key}”. Its classes: {known}."


async def subject_of(evaluation: int, course_class: str | None = None) -> str:
    """Programme, cohort, purpose, and the key of a class: `LDQL K4 end_of_course / a`."""
    cohort = Evaluation.cohort
    row = await Evaluation.select(
        cohort.programme.key.as_alias("programme"), cohort.key.as_alias("cohort"), Evaluation.purpose
    ).where(Evaluation.id == evaluation)
    if not row:
        raise Refused(UNKNOWN_EVALUATION, evaluation=evaluation)
    named = " ".join([row[0]["programme"], row[0]["cohort"], row[0]["purpose"]])
    return f"{named} / {course_class}" if course_class else named


async def class_of(evaluation: int, key: str) -> int:
    """The number of a class of an evaluation's cohort.

    Raises:
        Refused: no such evaluation or class.
    """
    row = await Evaluation.select(Evaluation.cohort).where(Evaluation.id == evaluation).first()
    if row is None:
        raise Refused(UNKNOWN_EVALUATION, evaluation=evaluation)
    classes = await CourseClass.select(CourseClass.id, CourseClass.key).where(CourseClass.cohort == row["cohort"])
    ids = {one["key"]: one["id"] for one in classes}
    if key not in ids:
        raise Refused(UNKNOWN_CLASS, key=key, known=", ".join(sorted(ids)))
    return int(ids[key])
