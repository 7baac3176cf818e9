"""Blind tickets: printed on slips, drawn from a box by the trainees of a class."""

from __future__ import annotations

from survey.answering.tickets import make_tickets
from survey.planning.evaluations import refuse_tickets_of_days
from survey.refusals import Refused
from survey.tables import CourseClass, Evaluation, State, TicketKind

UNKNOWN_EVALUATION = "There is no evaluation with the number {evaluation}. See: gopy evaluations"
UNKNOWN_CLASS = "This cohort has no class “{key}”. Its classes: {known}."
TAKES_NO_MORE = "Evaluation {evaluation} is {state}: a ticket for it could not be used."


async def blind_slips(evaluation: int, course_class: str, number: int, address: str) -> list[str]:
    """Addresses of new tickets; what is kept of them is only their hashes.

    Raises:
        Refused: no such evaluation or class, it takes no more answers, or is asked every day.
    """
    row = await Evaluation.select(Evaluation.cohort, Evaluation.state).where(Evaluation.id == evaluation).first()
    if row is None:
        raise Refused(UNKNOWN_EVALUATION, evaluation=evaluation)
    if row["state"] in (State.closed, State.sealed):
        raise Refused(TAKES_NO_MORE, evaluation=evaluation, state=row["state"])
    await refuse_tickets_of_days(evaluation)
    classes = await CourseClass.select(CourseClass.id, CourseClass.key).where(CourseClass.cohort == row["cohort"])
    ids = {one["key"]: one["id"] for one in classes}
    if course_class not in ids:
        raise Refused(UNKNOWN_CLASS, key=course_class, known=", ".join(sorted(ids)))
    secrets = await make_tickets(evaluation, ids[course_class], TicketKind.blind, number)
    return [f"{address}/t/{secret}" for secret in secrets]
