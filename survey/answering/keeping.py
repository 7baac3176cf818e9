"""From a checked sheet to a save, and from what is kept back to a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from survey.answering.codes import digest
from survey.answering.evaluations import OpenEvaluation
from survey.database.saving import Save
from survey.forms.checking import Sheet
from survey.forms.parts import PART
from survey.tables import Comment, Response


def receipt_digest(receipt: str) -> str:
    return digest("response", receipt)


def comment_key(receipt: str, place: str) -> str:
    """Key of a comment while it is open: only who holds the receipt can make it, so nothing stored joins the two."""
    return digest("comment", f"{receipt}/{place}")


def sheet_save(
    evaluation: OpenEvaluation,
    course_class: int,
    sheet: Sheet,
    *,
    receipt: str,
    sequence: int,
    base: int | None = None,
    ticket: str | None = None,
    handed_out: bool = False,
    kept: Kept | None = None,
) -> Save:
    """The save of what is right of a sheet; where it is not, what was `kept` stays.

    Comments that the sheet no longer has are taken away, but none that is too long now.
    """
    wrong = {slip.place for slip in sheet.slips}
    if wrong:
        sheet = sheet.without_slips(kept=kept.ratings | kept.picks if kept else {})
    comments = {comment_key(receipt, place): (place, text) for place, text in sheet.comments.items()}

    def absent() -> list[str]:
        gone = (place for place in evaluation.comment_places() if place not in sheet.comments)
        return [comment_key(receipt, place) for place in gone if place not in wrong]

    return Save(
        evaluation=evaluation.id,
        course_class=course_class,
        receipt=receipt_digest(receipt),
        sequence=sequence,
        base=base,
        document=sheet.document(evaluation.part),
        ticket=ticket,
        handed_out=handed_out,
        comments=comments,
        absent_comments=absent,
    )


class Kept(msgspec.Struct, frozen=True):
    """What is kept under a receipt."""

    evaluation: int
    course_class: int
    sequence: int
    ratings: dict[str, int]
    picks: dict[str, list[str]]
    # Which part of the form it is; empty for the whole.
    part: str = ""


async def kept_response(receipt: str) -> Kept | None:
    row = await Response.select().where(Response.receipt == receipt_digest(receipt)).first()
    if row is None:
        return None
    document: Mapping[str, Any] = msgspec.json.decode(row["document"])
    ratings = {place: step for place, step in document.items() if isinstance(step, int)}
    picks = {place: keys for place, keys in document.items() if isinstance(keys, list)}
    return Kept(row["evaluation"], row["course_class"], row["sequence"], ratings, picks, document.get(PART, ""))


async def kept_comments(receipt: str, evaluation: OpenEvaluation) -> dict[str, str]:
    keys = [comment_key(receipt, place) for place in evaluation.comment_places()]
    if not keys:
        return {}
    rows = await Comment.select(Comment.place, Comment.text).where(Comment.key.is_in(keys))
    return {row["place"]: row["text"] for row in rows}
