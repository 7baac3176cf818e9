"""What staff do to an evaluation, written down in the register of deeds in the same transaction."""

from __future__ import annotations

import datetime

from survey.people.audit import note
from survey.people.sessions import Staff
from survey.planning import evaluations
from survey.planning.naming import class_of, subject_of
from survey.refusals import Refused
from survey.tables import ClassLink, Evaluation

# None is the operator at the command line.
Who = Staff | None

NO_LESS = "The class link has taken {taken} answers already: it cannot take fewer. Choose {taken} or more."
UP_TO = 100_000
TOO_MANY = "Choose a number between 1 and {up_to}."


async def open_evaluation(evaluation: int, *, who: Who) -> None:
    async with Evaluation._meta.db.transaction():
        await evaluations.open_evaluation(evaluation)
        await note(who, "evaluation opened", await subject_of(evaluation))


async def close_evaluation(evaluation: int, *, who: Who) -> None:
    async with Evaluation._meta.db.transaction():
        await evaluations.close_evaluation(evaluation)
        await note(who, "evaluation closed", await subject_of(evaluation))


async def extend_evaluation(evaluation: int, *, closes_at: datetime.datetime, who: Who) -> None:
    async with Evaluation._meta.db.transaction():
        await evaluations.extend_evaluation(evaluation, closes_at=closes_at)
        await note(who, "evaluation extended", await subject_of(evaluation), closes_at=closes_at)


async def raise_limit(evaluation: int, course_class: str, *, to: int, who: Who) -> None:
    """How many answers the class link of a class (its key) takes from now on.

    Raises:
        Refused: no such evaluation or class, or it has taken more already.
    """
    if not 0 < to <= UP_TO:
        raise Refused(TOO_MANY, up_to=UP_TO)
    async with ClassLink._meta.db.transaction():
        class_id = await class_of(evaluation, course_class)
        link = (ClassLink.evaluation == evaluation) & (ClassLink.course_class == class_id)
        changed = ClassLink.update({ClassLink.most: to}).where(link, ClassLink.taken <= to)
        if not await changed.returning(ClassLink.id):
            row = await ClassLink.select(ClassLink.taken).where(link).first()
            raise Refused(NO_LESS, taken=row["taken"] if row else 0)
        await note(who, "class limit set", await subject_of(evaluation, course_class), to=to)
