"""The two engines and how the tables come to use one of them."""

from __future__ import annotations

import logging
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from piccolo.engine.base import Engine
from piccolo.engine.postgres import PostgresEngine
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType

from survey.tables import TABLES

BUSY_SECONDS = 30

# At DEBUG it writes down every statement with its values: answers and digests have no place in a log
# (tests/answering/test_anonymity.py).
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


class CarefulConnection(sqlite3.Connection):
    """Every connection of ours, whoever opens it, waits for locks, commits to disk and overwrites what it deletes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # secure_delete: a deleted answer must not be readable in the file (tests/answering/test_anonymity.py).
        # wal_autocheckpoint, cache_size: random keys touch many pages; folding the log back less often writes each of
        # them once, and 16 MB of them are not read anew for every batch.
        for pragma in (
            "busy_timeout = 30000",
            "synchronous = FULL",
            "secure_delete = ON",
            "foreign_keys = ON",
            "wal_autocheckpoint = 16000",
            "cache_size = -16000",
        ):
            self.execute(f"PRAGMA {pragma}").close()


class KeptTransaction(SQLiteTransaction):
    """A transaction on a connection that stays open afterwards."""

    async def get_connection(self) -> Any:
        return await self.engine.kept_connection()

    async def __aexit__(self, exception_type: Any, exception: Any, traceback: Any) -> bool:
        if exception:
            await self.rollback()
        else:
            await self.commit()
        self.engine.current_transaction.reset(self.context)
        return exception is None


class OneFileEngine(SQLiteEngine):
    """Piccolo's engine for SQLite, with one connection kept for the recorder.

    Piccolo opens a connection and a thread for every transaction; when it is the last one, closing it also folds
    the whole write-ahead log back into the file. One kept connection spares the recorder both.
    """

    def __init__(self, path: str) -> None:
        super().__init__(path=path, factory=CarefulConnection, timeout=BUSY_SECONDS)
        self._kept: Any = None

    async def kept_connection(self) -> Any:
        if self._kept is None:
            self._kept = await self.get_connection()
        return self._kept

    async def _run_in_existing_connection(self, connection: Any, query: str, args: Any = None, **_: Any) -> Any:
        # One step in the connection's thread instead of Piccolo's five; what those set up, CarefulConnection has.
        return await connection.execute_fetchall(query, args or [])

    def transaction(
        self, transaction_type: TransactionType = TransactionType.immediate, allow_nested: bool = True
    ) -> SQLiteTransaction:
        # IMMEDIATE: a transaction that begins by reading and then writes would otherwise fail on a busy file.
        return super().transaction(transaction_type=transaction_type, allow_nested=allow_nested)

    def kept_transaction(self) -> KeptTransaction:
        return KeptTransaction(self, transaction_type=TransactionType.immediate, allow_nested=False)

    async def close(self) -> None:
        if self._kept is not None:
            await self._kept.close()
            self._kept = None


async def _nothing_to_reset(connection: Any) -> None:
    """No statement of ours changes a session's settings; else a round trip to put them back would follow each."""


def engine_for(url: str) -> Engine:
    """The engine of a `sqlite:///path` or `postgresql://...` address."""
    if not url.startswith("sqlite:///"):
        return PostgresEngine(config={"dsn": url})
    path = Path(url.removeprefix("sqlite:///"))
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = OneFileEngine(str(path))
    with sqlite3.connect(path) as connection:  # WAL is a property of the file: set once, before any other connection
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    path.chmod(0o600)
    return engine


def use_engine(engine: Engine) -> None:
    """From here on the tables, and Piccolo's migrations, speak to this engine."""
    conf = sys.modules.get("survey.database.piccolo_conf")
    if conf is None:
        import survey.database.piccolo_conf as conf
    conf.DB = engine
    from piccolo.apps.migrations.tables import Migration

    for table in [*TABLES, Migration]:
        table._meta.db = engine


@asynccontextmanager
async def connected(url: str, *, pool: int = 8) -> AsyncIterator[Engine]:
    """The tables connected to a database for as long as the block runs."""
    engine = engine_for(url)
    use_engine(engine)
    if isinstance(engine, PostgresEngine):
        await engine.start_connection_pool(min_size=1, max_size=pool, reset=_nothing_to_reset)
    try:
        yield engine
    finally:
        if isinstance(engine, PostgresEngine):
            await engine.close_connection_pool()
        else:
            await engine.close()
