"""Many rows or keys as one parameter: a JSON text that the database itself takes apart, on both engines.

A statement with a parameter for every value is another text for every number of rows, and building it costs several
times what the database needs to run it (benchmarks/answering.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec
from piccolo.engine.postgres import PostgresEngine
from piccolo.table import Table


def is_postgres(table: type[Table]) -> bool:
    return isinstance(table._meta.db, PostgresEngine)


async def insert_rows(table: type[Table], rows: Sequence[Mapping[str, Any]], conflict: str) -> list[dict[str, Any]]:
    """Insert rows that all have the same columns; `conflict` says what becomes of those that are there already."""
    if not rows:
        return []
    statement = _insert_statement(table, tuple(rows[0]), conflict, postgres=is_postgres(table))
    returned: list[dict[str, Any]] = await table.raw(statement, _json(rows))
    return returned


async def with_keys(table: type[Table], statement: str, keys: Iterable[str]) -> list[dict[str, Any]]:
    """Run a statement in which `:keys` stands for a list of texts (`WHERE receipt IN :keys`)."""
    listed = (
        "(SELECT json_array_elements_text({}::json))" if is_postgres(table) else "(SELECT value FROM json_each({}))"
    )
    returned: list[dict[str, Any]] = await table.raw(statement.replace(":keys", listed), _json(list(keys)))
    return returned


@cache
def _insert_statement(table: type[Table], columns: tuple[str, ...], conflict: str, *, postgres: bool) -> str:
    into = f"INSERT INTO {table._meta.tablename} ({', '.join(columns)})"
    if postgres:
        types = ", ".join(f"{name} {table._meta.get_column_by_name(name).column_type}" for name in columns)
        return f"{into} SELECT * FROM json_to_recordset({{}}::json) AS row({types}) {conflict}"
    values = ", ".join(f"json_extract(value, '$.{name}')" for name in columns)
    # "WHERE true" keeps SQLite from taking ON CONFLICT for a part of a join.
    return f"{into} SELECT {values} FROM json_each({{}}) WHERE true {conflict}"


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
