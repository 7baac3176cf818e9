"""The evaluations as the operator reads them on the command line."""

from __future__ import annotations

import datetime

from survey.tables import Evaluation, Response, SealedRatings, State


async def list_evaluations() -> list[str]:
    """A line per evaluation: number, programme, cohort, purpose, state, how many have answered, closing time."""
    rows = await Evaluation.select(
        Evaluation.id,
        Evaluation.purpose,
        Evaluation.state,
        Evaluation.closes_at,
        Evaluation.cohort.key.as_alias("cohort"),
        Evaluation.cohort.programme.key.as_alias("programme"),
    ).order_by(Evaluation.id)
    return [_line(row, await _answered(row)) for row in rows] or ["There are no evaluations yet."]


async def _answered(row: dict) -> int:
    if row["state"] != State.sealed:
        return await Response.count().where(Response.evaluation == row["id"])
    sealed = await SealedRatings.select(SealedRatings.responses).where(SealedRatings.evaluation == row["id"]).first()
    return sealed["responses"] if sealed else 0


def _line(row: dict, answered: int) -> str:
    closes = f"closes {_local(row['closes_at'])}" if row["closes_at"] else "no closing time"
    place = f"{row['programme']} {row['cohort']}"
    return f"{row['id']:4}  {place:20} {row['purpose']:14} {row['state']:7} {answered:5} answers  {closes}"


def _local(moment: datetime.datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
