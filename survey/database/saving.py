"""Writes a batch of saves inside one transaction: tickets, responses and comments together or not at all."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from survey.database.json_rows import insert_rows, is_postgres, with_keys
from survey.database.limits import beyond_limits
from survey.tables import Comment, Evaluation, Response, State, Ticket, TicketKind

SPEND = "UPDATE ticket SET spent = true WHERE NOT spent AND NOT revoked AND digest IN :keys RETURNING digest"


class Outcome(enum.Enum):
    """What became of a save. The first three are kept on disk."""

    started = "started"
    replaced = "replaced"
    # A newer save of the same response is kept already; this one arrived late.
    older = "older"
    ticket_spent = "ticket_spent"
    ticket_revoked = "ticket_revoked"
    # The class link has taken as many responses as it takes; what was started by it goes on.
    class_full = "class_full"
    unknown_receipt = "unknown_receipt"
    not_open_yet = "not_open_yet"
    closed = "closed"

    @property
    def kept(self) -> bool:
        return self in (Outcome.started, Outcome.replaced, Outcome.older)


class Save(msgspec.Struct, frozen=True):
    """One whole sheet on its way to disk. Secrets are already hashed; a later save needs no ticket."""

    evaluation: int
    course_class: int
    receipt: str
    sequence: int
    document: bytes
    # The save that this one builds upon, where its sender says so: it replaces that one and no other.
    base: int | None = None
    ticket: str | None = None
    # A class link's ticket comes into being as it is spent; a printed one is there before.
    handed_out: bool = False
    # key -> (place, text); and the keys of those that this sheet no longer has, asked only where it replaces another.
    comments: dict[str, tuple[str, str]] = {}
    absent_comments: Callable[[], Iterable[str]] = tuple


async def write_batch(saves: Sequence[Save]) -> list[Outcome]:
    """Write saves in their order; runs inside the caller's transaction.

    The same save twice gives one response, the newest sequence number wins, and a ticket is spent once: by the
    primary key of a handed-out ticket, by a conditional update of a printed one. What a class link hands out is
    counted against what it takes, by a conditional update too.
    """
    shut = await _shut_evaluations({save.evaluation for save in saves})
    kept = await _kept_responses(saves)
    starts = [save for save in saves if save.receipt not in kept and save.evaluation not in shut]
    owners, refused = await _spend_tickets(starts)
    outcomes: list[Outcome] = []
    newest: dict[str, Save] = {}
    absent: list[str] = []
    for save in saves:
        outcome = _decide(save, shut, kept, owners, refused)
        if outcome in (Outcome.started, Outcome.replaced):
            kept[save.receipt], newest[save.receipt] = (save.evaluation, save.sequence), save
        if outcome is Outcome.replaced:
            absent += save.absent_comments()
        outcomes.append(outcome)
    await _write_responses(newest.values())
    if absent:
        await with_keys(Comment, "DELETE FROM comment WHERE key IN :keys", absent)
    await _write_comments(newest.values())
    return outcomes


def _decide(
    save: Save,
    shut: dict[int, tuple[Outcome, bool]],
    kept: dict[str, tuple[int, int]],
    owners: dict[str, str],
    refused: dict[str, Outcome],
) -> Outcome:
    of, sequence = kept.get(save.receipt, (None, 0))
    started = of == save.evaluation
    if save.evaluation in shut:
        outcome, grace = shut[save.evaluation]
        if not (started and grace):
            return outcome
    if started:
        in_turn = save.sequence >= sequence if save.base is None else save.base == sequence
        return Outcome.replaced if in_turn else Outcome.older
    if save.ticket is None or of is not None:
        # A receipt of another evaluation opens nothing here: what is kept under it may have closed long ago.
        return Outcome.unknown_receipt
    if owners.get(save.ticket) == save.receipt:
        return Outcome.started
    return refused.get(save.ticket, Outcome.ticket_spent)


async def _shut_evaluations(ids: set[int]) -> dict[int, tuple[Outcome, bool]]:
    """Evaluations that take no new starts: why, and whether started responses may still be saved.

    On PostgreSQL the rows are locked for sharing, so that sealing waits for this batch and the next batch for sealing.
    """
    query = Evaluation.select(
        Evaluation.id, Evaluation.state, Evaluation.opens_at, Evaluation.closes_at, Evaluation.grace_minutes
    ).where(Evaluation.id.is_in(list(ids)))
    if is_postgres(Evaluation):
        query = query.lock_rows("SHARE")
    now = datetime.datetime.now(datetime.UTC)
    return {row["id"]: shut for row in await query if (shut := is_shut(row, now))}


def is_shut(evaluation: dict[str, Any], now: datetime.datetime) -> tuple[Outcome, bool] | None:
    """Why an evaluation takes no new starts, and whether started responses may still be saved; none if it is open."""
    state, opens, closes = evaluation["state"], evaluation["opens_at"], evaluation["closes_at"]
    if state == State.draft:
        return Outcome.not_open_yet, False
    if state == State.sealed:
        return Outcome.closed, False
    if state == State.closed or (closes is not None and now >= closes):
        last = closes and closes + datetime.timedelta(minutes=evaluation["grace_minutes"])
        return Outcome.closed, last is not None and now < last
    if opens is not None and now < opens:
        return Outcome.not_open_yet, False
    return None


async def _kept_responses(saves: Sequence[Save]) -> dict[str, tuple[int, int]]:
    """Receipt -> the evaluation and the sequence number of what is kept under it."""
    lock = "FOR UPDATE" if is_postgres(Response) else ""
    statement = f"SELECT receipt, evaluation, sequence FROM response WHERE receipt IN :keys {lock}"
    rows = await with_keys(Response, statement, {save.receipt for save in saves})
    return {row["receipt"]: (row["evaluation"], row["sequence"]) for row in rows}


async def _spend_tickets(starts: Sequence[Save]) -> tuple[dict[str, str], dict[str, Outcome]]:
    """Spend the tickets of new responses.

    Gives ticket -> receipt of those that the database let pass, and why it refused others that are not spent.
    """
    first: dict[str, Save] = {}
    for save in starts:
        if save.ticket is not None:
            first.setdefault(save.ticket, save)
    handed_out = [_handed_out(save) for save in first.values() if save.handed_out]
    spent = await insert_rows(Ticket, handed_out, "ON CONFLICT (digest) DO NOTHING RETURNING digest")
    new = {row["digest"] for row in spent}
    refused = dict.fromkeys(
        await beyond_limits([save for key, save in first.items() if key in new]), Outcome.class_full
    )
    if printed := [ticket for ticket, save in first.items() if not save.handed_out]:
        spent += await with_keys(Ticket, SPEND, printed)
        if len(spent) < len(first):
            revoked = await with_keys(Ticket, "SELECT digest FROM ticket WHERE revoked AND digest IN :keys", printed)
            refused |= {row["digest"]: Outcome.ticket_revoked for row in revoked}
    owners = {row["digest"]: first[row["digest"]].receipt for row in spent if row["digest"] not in refused}
    return owners, refused


def _handed_out(save: Save) -> dict[str, Any]:
    return {
        "digest": save.ticket,
        "evaluation": save.evaluation,
        "course_class": save.course_class,
        "kind": TicketKind.class_link.value,
        "spent": True,
    }


async def _write_responses(saves: Iterable[Save]) -> None:
    rows = [
        {
            "receipt": save.receipt,
            "evaluation": save.evaluation,
            "course_class": save.course_class,
            "sequence": save.sequence,
            "document": msgspec.Raw(save.document),
        }
        for save in saves
    ]
    conflict = "ON CONFLICT (receipt) DO UPDATE SET sequence = excluded.sequence, document = excluded.document"
    await insert_rows(Response, rows, conflict)


async def _write_comments(saves: Iterable[Save]) -> None:
    rows = [
        {"key": key, "evaluation": save.evaluation, "place": place, "text": text}
        for save in saves
        for key, (place, text) in save.comments.items()
    ]
    await insert_rows(Comment, rows, "ON CONFLICT (key) DO UPDATE SET text = excluded.text")
