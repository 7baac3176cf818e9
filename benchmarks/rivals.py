"""Other ways to the same numbers, as one would write them by hand: what counting is measured against."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import duckdb
import msgspec
import pandas as pd
import polars as pl

from analytics import BLANK

STEPS = range(1, 6)
ARROW, PARQUET = ".arrows", ".parquet"
"""What the names of the files end in."""


def _read(file: Path) -> pl.DataFrame:
    return pl.read_ipc_stream(file) if file.suffix == ARROW else pl.read_parquet(file)


def only_read(files: Sequence[Path]) -> None:
    for file in files:
        _read(file)


def by_hand(files: Sequence[Path]) -> None:
    for file in files:
        frame = _read(file)
        frame.select((pl.col(name) == step).sum().alias(f"{name} {step}") for name in frame.columns for step in STEPS)


def duckdb_groups(files: Sequence[Path]) -> None:
    """From Parquet beside the files, for it has a reader of its own for that."""
    ratings = "UNPIVOT (FROM read_parquet($files)) ON COLUMNS(*) INTO NAME place VALUE step"
    duckdb.execute("SET enable_progress_bar = false")
    duckdb.execute(
        f"SELECT place, step, count(*) FROM ({ratings}) GROUP BY ALL",
        {"files": [str(file.with_suffix(PARQUET)) for file in files]},
    ).fetchall()


def pandas_groups(files: Sequence[Path]) -> None:
    """Read by Polars, so that pandas needs no reader of its own."""
    for file in files:
        frame = _read(file).fill_null(BLANK)
        columns = pd.DataFrame({column.name: column.to_numpy() for column in frame}, copy=False)
        columns.melt(var_name="place", value_name="step").groupby(["place", "step"]).size()


def dictionaries(documents: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(map(msgspec.json.decode, documents), schema=dict.fromkeys(columns, pl.Int8))


def standard_json(documents: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(map(json.loads, documents), schema=dict.fromkeys(columns, pl.Int8))


def lines_of_json(documents: Sequence[bytes], columns: Sequence[str]) -> pl.DataFrame:
    # Polars' reader of lines knows no smaller integers.
    lines = pl.read_ndjson(b"\n".join(documents), schema=dict.fromkeys(columns, pl.Int32))
    return lines.cast(pl.Int8)
