"""The recorder: writes whatever saves have queued up in one transaction, and answers each after the commit.

A transaction per save costs a disk flush each; one writer that commits in batches keeps the same promise (no answer
is acknowledged before it is on disk) for many saves at once. It goes through Piccolo on both engines.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any

import msgspec
from piccolo.engine.sqlite import SQLiteEngine

from survey.database.saving import Outcome, Save, write_batch
from survey.tables import Response


class QueueFull(Exception):
    """More saves are waiting than the queue takes; the sender is asked to come back."""


class Waiting(msgspec.Struct):
    save: Save
    answer: asyncio.Future[Outcome]


class _Stop(enum.Enum):
    stop = enum.auto()


class Recorder:
    """The one writer of answers of this process.

    Use as `async with Recorder(...) as recorder` and `await recorder.save(save)`. Leaving the block writes what is
    still queued.
    """

    def __init__(self, *, batch_limit: int = 128, queue_limit: int = 1000) -> None:
        self.batch_limit = batch_limit
        self._queue: asyncio.Queue[Waiting | _Stop] = asyncio.Queue(queue_limit)
        self._closing = False

    async def __aenter__(self) -> Recorder:
        self._task = asyncio.create_task(self._record())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        await self._queue.put(_Stop.stop)
        await self._task

    @property
    def takes_saves(self) -> bool:
        return not (self._closing or self._queue.full() or self._task.done())

    async def save(self, save: Save) -> Outcome:
        """Keep a save. Returns once it is committed to disk, or refused by the database.

        Raises:
            QueueFull: nothing was kept, because too many are waiting or the service stops.
        """
        if self._closing:
            raise QueueFull
        waiting = Waiting(save, asyncio.get_running_loop().create_future())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull:
            raise QueueFull from None
        # A sender who hangs up cancels this wait only; the batch, which holds other people's answers too, goes on.
        return await waiting.answer

    async def _record(self) -> None:
        running = True
        while running:
            batch = [await self._queue.get()]
            await self._let_others_arrive()
            while len(batch) < self.batch_limit and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            running = _Stop.stop not in batch
            await self._write([one for one in batch if isinstance(one, Waiting)])

    async def _let_others_arrive(self) -> None:
        """While requests keep coming in, a batch grows; a lone save waits for one turn of the loop and no longer."""
        size = -1
        while size < self._queue.qsize() < self.batch_limit:
            size = self._queue.qsize()
            await asyncio.sleep(0)

    async def _write(self, batch: Sequence[Waiting]) -> None:
        if not batch:
            return
        try:
            outcomes = await self._commit([one.save for one in batch])
        except Exception as error:
            # One save that the database cannot take must not cost the others theirs: each is tried alone.
            if len(batch) > 1:
                for one in batch:
                    await self._write([one])
            elif not batch[0].answer.done():
                batch[0].answer.set_exception(error)
            return
        for one, outcome in zip(batch, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)

    async def _commit(self, saves: Sequence[Save]) -> list[Outcome]:
        async with _transaction():
            return await write_batch(saves)


def _transaction() -> AbstractAsyncContextManager[Any]:
    engine = Response._meta.db
    return engine.kept_transaction() if isinstance(engine, SQLiteEngine) else engine.transaction(allow_nested=False)
