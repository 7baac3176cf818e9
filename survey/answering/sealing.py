"""Sealing: what an evaluation becomes after its end, so that nobody can tell any more who gave an answer.

Ratings become one columnar document in random order, comments get new keys in random order, responses, tickets and
receipts go, counts are frozen: in one transaction, so that a machine that stops half-way leaves all or nothing.
Afterwards the file is cleaned of what was deleted; if that is interrupted it is done at the next start.
"""

from __future__ import annotations

import datetime
import io
import secrets
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import polars as pl

from analytics import count_wide
from survey.answering.evaluations import offered_modules
from survey.answering.wide import count_places, is_answered, is_invalid, not_offered, wide_frame
from survey.database.json_rows import is_postgres
from survey.database.saving import Outcome, is_shut
from survey.database.scrubbing import scrub
from survey.forms.parts import parts_of
from survey.forms.places import Place, places
from survey.forms.shape import Form, Offered
from survey.people.audit import note
from survey.planning.naming import subject_of
from survey.refusals import Refused
from survey.tables import (
    ClassLink,
    Comment,
    Evaluation,
    FrozenCount,
    Lesson,
    Purpose,
    Questionnaire,
    Response,
    SealedRatings,
    State,
    Ticket,
    TicketLot,
)

_shuffle = secrets.SystemRandom().shuffle

UNKNOWN = "There is no evaluation with the number {evaluation}."
STILL_OPEN = "Evaluation {evaluation} is still open. Close it first (gopy close {evaluation})."
IN_GRACE = "Started answers to evaluation {evaluation} may still be saved until {moment}. Seal it after that."


async def seal_evaluation(evaluation: int) -> int:
    """Seal an evaluation; doing it again changes nothing. Gives the number of its responses.

    Raises:
        Refused: it does not exist, is open, or late saves are still taken.
    """
    async with Evaluation._meta.db.transaction():
        row = await _locked(evaluation)
        if row["state"] != State.sealed:
            _refuse_while_open(row)
            await _seal(row)
            await note(None, "evaluation sealed", await subject_of(evaluation))
    await finish_sealing(evaluation)
    sealed = await SealedRatings.select(SealedRatings.responses).where(SealedRatings.evaluation == evaluation).first()
    return int(sealed["responses"]) if sealed else 0


async def finish_sealing(evaluation: int | None = None) -> None:
    """Clean the database of what sealing deleted, where that has not been done yet (or was interrupted)."""
    query = Evaluation.select(Evaluation.id).where(Evaluation.state == State.sealed, Evaluation.scrubbed.eq(False))
    if evaluation is not None:
        query = query.where(Evaluation.id == evaluation)
    if unscrubbed := [row["id"] for row in await query]:
        await scrub([Response, Ticket, Comment, ClassLink, TicketLot])
        await Evaluation.update({Evaluation.scrubbed: True}).where(Evaluation.id.is_in(unscrubbed))


async def _locked(evaluation: int) -> dict[str, Any]:
    """The evaluation, locked against the recorder's batches until the transaction ends."""
    query = Evaluation.select(
        Evaluation.id,
        Evaluation.state,
        Evaluation.opens_at,
        Evaluation.closes_at,
        Evaluation.grace_minutes,
        Evaluation.purpose,
        Evaluation.share,
        Evaluation.cohort,
        Evaluation.questionnaire,
    ).where(Evaluation.id == evaluation)
    if is_postgres(Evaluation):
        query = query.lock_rows("UPDATE")
    rows = await query
    if not rows:
        raise Refused(UNKNOWN, evaluation=evaluation)
    return dict(rows[0])


def _refuse_while_open(row: dict[str, Any]) -> None:
    shut = is_shut(row, datetime.datetime.now(datetime.UTC))
    if shut is None or shut[0] is Outcome.not_open_yet:
        raise Refused(STILL_OPEN, evaluation=row["id"])
    if shut[1]:
        moment = row["closes_at"] + datetime.timedelta(minutes=row["grace_minutes"])
        raise Refused(IN_GRACE, evaluation=row["id"], moment=moment.astimezone().strftime("%Y-%m-%d %H:%M"))


async def _seal(row: dict[str, Any]) -> None:
    evaluation = row["id"]
    await _seal_ratings(row, await _form(row["questionnaire"]))
    await _rewrite_comments(evaluation)
    await Response.delete().where(Response.evaluation == evaluation)
    await Ticket.delete().where(Ticket.evaluation == evaluation)
    await TicketLot.delete().where(TicketLot.evaluation == evaluation)
    # How many came by the link, and how many by slips, need nobody know any more; nor when they did (scrubbed below).
    await ClassLink.update({ClassLink.taken: 0}).where(ClassLink.evaluation == evaluation)
    await Evaluation.update({Evaluation.state: State.sealed, Evaluation.scrubbed: False}).where(
        Evaluation.id == evaluation
    )


async def _form(questionnaire: int) -> Form:
    row = await Questionnaire.select(Questionnaire.definition).where(Questionnaire.id == questionnaire).first()
    assert row is not None
    return msgspec.json.decode(row["definition"], type=Form)


async def _seal_ratings(row: dict[str, Any], form: Form) -> None:
    evaluation, cohort = row["id"], row["cohort"]
    offered = await offered_modules(cohort)
    all_places = places(form, offered)
    silent = _silent_places(all_places, offered, row)
    responses = await Response.select(Response.course_class, Response.document).where(Response.evaluation == evaluation)
    ratings = wide_frame((response["document"] for response in responses), all_places, silent)
    ratings.insert_column(0, pl.Series("class", [response["course_class"] for response in responses], dtype=pl.Int32))
    # A sheet that was withdrawn, or holds no rating or pick, is nobody's rating.
    ratings = ratings.filter(is_answered(all_places))
    order = list(range(ratings.height))
    _shuffle(order)  # the order of the rows must not tell the order of answering (tests/answering/test_anonymity.py)
    ratings = ratings[order]
    ratings = ratings.with_columns(invalid=is_invalid(form, all_places))
    document = io.BytesIO()
    ratings.write_ipc_stream(document)
    await SealedRatings.insert(
        SealedRatings(
            evaluation=evaluation,
            responses=ratings.height,
            invalid=int(ratings["invalid"].sum()),
            document=document.getvalue(),
        )
    )
    counts = count_wide(ratings.filter(~pl.col("invalid")), count_places(all_places), by=["class"])
    await _freeze(evaluation, counts, await _versions(cohort))


def _silent_places(
    all_places: dict[str, Place], offered: Sequence[Offered], row: dict[str, Any]
) -> Callable[[str | None], dict[str, int]]:
    """Gives, for the part that a sheet names, what stands in its row where it asked nothing."""
    daily = row["purpose"] == Purpose.daily
    parts = parts_of(offered, daily=daily, share=row["share"], evaluation=row["id"])
    if not parts:
        return lambda _: {}
    known: dict[str | None, dict[str, int]] = {key: not_offered(all_places, part) for key, part in parts.items()}
    unknown = not_offered(all_places, None)
    return lambda part: known.get(part, unknown)


async def _versions(cohort: int) -> dict[str, int]:
    """Key of a module -> the version of it that this cohort was taught (the last one, where there were two)."""
    version = Lesson.module_version
    rows = await (
        Lesson.select(version.as_alias("version"), version.module.key.as_alias("module"))
        .where(Lesson.cohort == cohort)
        .order_by(Lesson.position, Lesson.id)
    )
    return {row["module"]: row["version"] for row in rows}


async def _freeze(evaluation: int, counts: pl.DataFrame, versions: dict[str, int]) -> None:
    keys = ["class", "component", "module", "item", "step"]
    counts = counts.group_by(keys, maintain_order=True).agg(pl.col("n").sum())
    rows = [
        FrozenCount(
            evaluation=evaluation,
            course_class=row["class"],
            component=row["component"],
            module=row["module"],
            module_version=versions.get(row["module"]),
            item=row["item"],
            step=row["step"],
            n=row["n"],
        )
        for row in counts.iter_rows(named=True)
    ]
    for some in _portions(rows):
        await FrozenCount.insert(*some)


async def _rewrite_comments(evaluation: int) -> None:
    comments = await Comment.select(Comment.place, Comment.text).where(Comment.evaluation == evaluation)
    _shuffle(comments)
    await Comment.delete().where(Comment.evaluation == evaluation)
    rows = [
        Comment(key=secrets.token_hex(16), evaluation=evaluation, place=row["place"], text=row["text"])
        for row in comments
    ]
    for some in _portions(rows):
        await Comment.insert(*some)


def _portions(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return [rows[start : start + 1000] for start in range(0, len(rows), 1000)]
