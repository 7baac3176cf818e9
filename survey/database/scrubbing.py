"""Takes deleted rows out of the files, not only out of the tables."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence

from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table

from survey.database.engines import CarefulConnection


async def scrub(tables: Sequence[type[Table]]) -> None:
    """Rewrite what holds deleted rows: the whole file on SQLite, the given tables on PostgreSQL.

    SQLite overwrites deleted rows (secure_delete) and the vacuum drops the pages; the write-ahead log is cut to
    nothing. PostgreSQL's rewritten tables hold live rows only; its own log is the operator's (docs/anonymity.md).
    """
    engine = tables[0]._meta.db
    if isinstance(engine, PostgresEngine):
        connection = await engine.get_new_connection()
        try:
            for table in tables:
                await connection.execute(f"VACUUM (FULL, ANALYZE) {table._meta.tablename}")
        finally:
            await connection.close()
    else:
        await asyncio.to_thread(_scrub_file, engine.path)


def _scrub_file(path: str) -> None:
    connection = sqlite3.connect(path, factory=CarefulConnection, isolation_level=None)
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
