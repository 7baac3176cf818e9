"""Many columnar files, one per evaluation, to counts: a few files at a time, so that memory holds no more of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.columnar import read_columns
from analytics.counting import GROUP, MADE, checked_places, group_tables, laid_out, needed_columns
from analytics.options import refuse_strange_keys
from analytics.schemas import COUNTS, FrameError, checked

BYTES_AT_ONCE: Final = 4_000_000
"""Files are read together until they are so large: on several processors, and what each reading costs is shared."""
SMALL: Final = 500
"""Files of fewer responses are counted together too, for each takes a millisecond, whatever it holds."""
FILE: Final = "_file"
"""Which of the files a row is of; no key column of the caller may be called so."""

Frames: TypeAlias = list[tuple["RatingsFile", pl.DataFrame]]
Counted: TypeAlias = tuple["RatingsFile", tuple[object, ...], NDArray[np.int64]]
"""A group of a file by its keys within the file, and the steps of all places in a row."""


@dataclass(frozen=True, slots=True)
class RatingsFile:
    """The ratings of one evaluation by the path or the bytes of a file, laid out as `count_wide` takes them: a stream
    of Arrow (as evaluations are sealed: read in a fraction of the time) or Parquet.

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

    @property
    def size(self) -> int:
        """Bytes; 0 for a file that is not there, which is said when it is read."""
        if isinstance(self.content, bytes):
            return len(self.content)
        with suppress(OSError):
            return self.content.stat().st_size
        return 0

    def read(self) -> bytes:
        """All of it. Raises `FrameError` if there is no such file, or nobody may read it."""
        try:
            return self.content if isinstance(self.content, bytes) else self.content.read_bytes()
        except OSError as mistake:
            raise FrameError(f"{self.name} cannot be read: {mistake.strerror}.") from mistake


def count_files(files: Iterable[RatingsFile], places: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """How often each step was chosen in all the files together.

    `places` (schema `PLACES`) says what the columns of every file hold, `by` names key columns within the files. The
    files are taken in turn, some megabytes at a time, so that `files` may make them as it goes; while those are
    counted, the next are read. Those that asked something else (another version of a questionnaire) are counted with
    places of their own and the counts merged (`merge_counts`).

    Gives the keys of the files, the columns `by`, the key columns of `places`, and `step`, `n`; no files give no
    counts. Raises `FrameError` with the name of the file if it cannot be read, lacks a column or holds values off the
    scale, and with the name of the key if files have different ones; `ValueError` for a key that stands in two places,
    or is called as one of the columns that are made.
    """
    checked_places(places, by=by)
    schema: pl.Schema | None = None
    totals: dict[tuple[object, ...], NDArray[np.int64]] = {}
    for frames in _read_ahead(files, needed_columns(places, by=by)):
        for file, frame in frames:
            schema = _the_same_keys(file, frame, schema, places, by=by)
        assert schema is not None
        for file, group, n in _counted(frames, places, by=by):
            key = (*(file.keys[name] for name in schema if name in file.keys), *group)
            totals[key] = totals[key] + n if key in totals else n
    if schema is None:
        return COUNTS.to_frame()
    groups = pl.DataFrame([(0, *key) for key in totals], schema={GROUP: pl.Int64, **schema}, orient="row")
    return laid_out(groups, np.array(list(totals.values())), places)


def _read_ahead(files: Iterable[RatingsFile], columns: Sequence[str]) -> Iterator[Frames]:
    portions = _portions(files)
    with ThreadPoolExecutor(1) as pool:
        frames = [_read(portion, columns) for portion in islice(portions, 1)]
        for portion in portions:
            ahead = pool.submit(_read, portion, columns)
            yield from frames
            frames = [ahead.result()]
        yield from frames


def _portions(files: Iterable[RatingsFile]) -> Iterator[list[RatingsFile]]:
    portion, size = list[RatingsFile](), 0
    for file in files:
        portion.append(file)
        size += file.size
        if size >= BYTES_AT_ONCE:
            yield portion
            portion, size = [], 0
    if portion:
        yield portion


def _read(files: Sequence[RatingsFile], columns: Sequence[str]) -> Frames:
    contents = [file.read() for file in files]
    try:
        return list(zip(files, read_columns(contents, columns), strict=True))
    except FrameError:
        # One of them: found again by itself, and named.
        for file, content in zip(files, contents, strict=True):
            with _named(file):
                read_columns([content], columns)
        raise


def _the_same_keys(
    file: RatingsFile, frame: pl.DataFrame, schema: pl.Schema | None, places: pl.DataFrame, *, by: Sequence[str]
) -> pl.Schema:
    """Names and types of the keys of a file, which are those of all."""
    twice = [name for name in file.keys if name in by or name in places.columns]
    if twice:
        raise ValueError(f"The key {twice[0]!r} is given for whole files and within them: keep one of the two.")
    refuse_strange_keys(list(file.keys), taken=MADE)
    types = {name: pl.Int64() if isinstance(value, int) else pl.String() for name, value in file.keys.items()}
    own = pl.Schema(types | {name: frame.schema[name] for name in by})
    if schema is not None and own != schema:
        with _named(file):
            checked(own.to_frame(), schema, extra=False)
    return schema or own


def _counted(frames: Frames, places: pl.DataFrame, *, by: Sequence[str]) -> list[Counted]:
    if len(frames) > 1 and max(frame.height for _, frame in frames) < SMALL:
        with suppress(FrameError):  # in which of them is found one by one
            return _counted_together(frames, places, by=by)
    return [counted for file, frame in frames for counted in _counted_alone(file, frame, places, by=by)]


def _counted_together(frames: Frames, places: pl.DataFrame, *, by: Sequence[str]) -> list[Counted]:
    number = pl.Series(FILE, np.repeat(np.arange(len(frames)), [frame.height for _, frame in frames]))
    together = pl.concat([frame for _, frame in frames], how="vertical_relaxed").insert_column(0, number)
    groups, n = group_tables(together, places, by=[FILE, *by])
    rows = zip(groups.select(FILE, *by).rows(), n, strict=True)
    return [(frames[place][0], tuple(group), counts) for (place, *group), counts in rows]


def _counted_alone(file: RatingsFile, frame: pl.DataFrame, places: pl.DataFrame, *, by: Sequence[str]) -> list[Counted]:
    with _named(file):
        groups, n = group_tables(frame, places, by=by)
    rows = groups.select(by).rows() if by else [()]
    return [(file, group, counts) for group, counts in zip(rows, n, strict=True)]


@contextmanager
def _named(file: RatingsFile) -> Iterator[None]:
    """What is wrong with a file is said with its name."""
    try:
        yield
    except FrameError as mistake:
        raise FrameError(f"{file.name}: {mistake}") from mistake
