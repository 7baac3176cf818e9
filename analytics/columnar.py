"""Files of columns, told apart by their first bytes: streams of Arrow, as evaluations are sealed, and Parquet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics.schemas import FrameError, refuse_missing

PARQUET: Final = b"PAR1"
END: Final = b"\xff\xff\xff\xff\x00\x00\x00\x00"
"""How a stream ends that nobody cut off. Source: Apache Arrow, "IPC Streaming Format", end of stream."""


def read_columns(files: Sequence[bytes], columns: Sequence[str]) -> list[pl.DataFrame]:
    """Of each file these columns, in this order; those of Parquet are read side by side.

    Raises `FrameError` if one is damaged or lacks a column.
    """
    try:
        frames = [_of_parquet(file, columns) if _is_parquet(file) else _of_arrow(file, columns) for file in files]
        of_parquet = iter(pl.collect_all([frame for frame in frames if isinstance(frame, pl.LazyFrame)]))
        return [next(of_parquet) if isinstance(frame, pl.LazyFrame) else frame for frame in frames]
    except pl.exceptions.ColumnNotFoundError:
        for file in filter(_is_parquet, files):
            refuse_missing(columns, among=pl.read_parquet_schema(file))
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as mistake:
        raise FrameError(f"This is neither a whole stream of Arrow nor Parquet ({mistake}).") from mistake


def _is_parquet(file: bytes) -> bool:
    return file.startswith(PARQUET)


def _of_parquet(file: bytes, columns: Sequence[str]) -> pl.LazyFrame:
    return pl.scan_parquet(io.BytesIO(file)).select(columns)


def _of_arrow(file: bytes, columns: Sequence[str]) -> pl.DataFrame:
    if not file.endswith(END):
        raise OSError("its end is missing")
    frame = pl.read_ipc_stream(file)
    refuse_missing(columns, among=frame.columns)
    return frame if frame.columns == columns else frame.select(columns)
