"""Many columnar files, one per evaluation, to counts: a few files at a time, so that memory holds no more of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.counting import group_tables, laid_out, merge_counts, needed_columns
from analytics.schemas import PLACES, FrameError, checked, refuse_missing

FILES_AT_ONCE: Final = 2
"""While one file is read and decompressed, another is counted; more of them only wait for each other."""
LAID_OUT_AT_ONCE: Final = 64
"""So many files are laid out together: each is a few hundred numbers, and laying out one costs as much as all."""
ROWS_WAITING: Final = 500_000
"""Counts of so many rows may wait before they are added up."""

Tables: TypeAlias = tuple[pl.DataFrame, NDArray[np.int64]]
"""The groups of a file, and a row of numbers for each."""


@dataclass(frozen=True, slots=True)
class RatingsFile:
    """The ratings of one evaluation as a Parquet file, by its path or its bytes, laid out as `count_wide` takes them.

    `keys` says what all of it belongs to ({"programme": "communes", "cohort": "K1"}); what differs within the file
    (class, unit) is a column there.
    """

    content: Path | bytes
    keys: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What to call it in a sentence."""
        if isinstance(self.content, Path):
            return f"The file {self.content}"
        return f"The document of {', '.join(f'{key} {value}' for key, value in self.keys.items()) or 'no key'}"


def count_files(files: Iterable[RatingsFile], places: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each step was chosen in all the files together.

    `places` (schema `PLACES`) says what the columns of every file hold, `by` names key columns within the files. The
    files are taken in turn, `FILES_AT_ONCE` of them at a time, so that `files` may make them as it goes. Those that
    asked something else (another version of a questionnaire) are counted with places of their own and the counts merged
    (`merge_counts`).

    Gives the keys of the files, the columns `by`, the key columns of `places`, and `step`, `n`; no files give no
    counts. Raises `FrameError` with the name of the file if it cannot be read, lacks a column or holds values off the
    scale, and with the name of the key if files have different ones; `ValueError` for a key that stands in two places.
    """
    checked(places, PLACES)
    counted = _counted_in_order(iter(files), places, by=by)
    portions = iter(lambda: list(islice(counted, LAID_OUT_AT_ONCE)), [])
    return _added_up(_laid_out(portion, places) for portion in portions)


def _counted_in_order(files: Iterator[RatingsFile], places: pl.DataFrame, *, by: Sequence[str]) -> Iterator[Tables]:
    waiting: deque[Future[Tables]] = deque()
    with ThreadPoolExecutor(FILES_AT_ONCE) as pool:
        for file in files:
            waiting.append(pool.submit(_counted, file, places, by=by))
            if len(waiting) == FILES_AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _counted(file: RatingsFile, places: pl.DataFrame, *, by: Sequence[str]) -> Tables:
    twice = [name for name in file.keys if name in by or name in places.columns]
    if twice:
        raise ValueError(f"The key {twice[0]!r} is given for whole files and within them: keep one of the two.")
    try:
        groups, n = group_tables(_read(file.content, needed_columns(places, by=by)), places, by=by)
    except FrameError as mistake:
        raise FrameError(f"{file.name}: {mistake}") from mistake
    except (pl.exceptions.PolarsError, OSError) as mistake:
        raise FrameError(f"{file.name} cannot be read as Parquet: {mistake}") from mistake
    keys = [pl.Series(name, [value]).new_from_index(0, groups.height) for name, value in file.keys.items()]
    return pl.DataFrame([*keys, *groups.get_columns()]), n


def _read(content: Path | bytes, columns: Sequence[str]) -> pl.DataFrame:
    try:
        return pl.read_parquet(content, columns=list(columns))
    except pl.exceptions.ColumnNotFoundError:
        refuse_missing(columns, among=pl.read_parquet_schema(content))
        raise


def _laid_out(counted: Sequence[Tables], places: pl.DataFrame) -> pl.DataFrame:
    first = counted[0][0].schema
    groups = pl.concat([checked(groups, first, extra=False).select(first.names()) for groups, _ in counted])
    return laid_out(groups, np.concatenate([n for _, n in counted]), places)


def _added_up(parts: Iterator[pl.DataFrame]) -> pl.DataFrame:
    """The sum of many counts. It is made whenever as much waits as was added up before: linear in all, and bounded."""
    waiting: list[pl.DataFrame] = []
    rows = 0
    for part in parts:
        waiting.append(part)
        rows += part.height
        if rows > max(ROWS_WAITING, 2 * waiting[0].height):
            waiting = [merge_counts(*waiting)]
            rows = waiting[0].height
    return merge_counts(*waiting)
