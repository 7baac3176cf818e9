"""Ratings from documents to columnar files, from these to counts, from counts to the full report; and how it grows.

`BENCH_LARGEST=1e7 make bench ARGS=counting` stops at ten million ratings.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import polars as pl

from analytics import ITEMS, RatingsFile, count_files, full_report
from benchmarks import rivals
from survey.answering.wide import count_places, wide_frame
from survey.forms.places import Place
from survey.forms.shape import Offered, Rating

SIZES = (10**5, 10**6, 10**7, 10**8, 10**9)
LARGEST = int(float(os.environ.get("BENCH_LARGEST", SIZES[-1])))

MODULES, ASKED, COHORTS = 32, ("useful", "practice", "balance"), 20
COLUMNS = MODULES * len(ASKED)
ARROW, PARQUET, FOREIGN = "as sealed", "Parquet", "Parquet with nulls and zstd"
"""How files are written; the last as others may."""
FILE_ROWS = 10_417
"""Responses of an evaluation: a million ratings to a file."""
TURN, TURNS = 20, 8
"""Every way counts so many files by turns, so often; printed is the median ratio of the turns."""

# A byte at random is one of these answers; -1 is blank.
ANSWERS = np.repeat(np.array([-1, 0, 1, 2, 3, 4, 5], np.int8), [8, 8, 5, 13, 51, 107, 64])
PLACES = {
    f"{module:02}.{item}": Place(
        f"{module:02}.{item}",
        Rating(key=item, text={}, scale="five"),
        Offered(f"{module:02}", f"{module:02}", f"C{module * 5 // MODULES}", {}),
        top=5,
    )
    for module in range(MODULES)
    for item in ASKED
}
COUNTED = count_places(PLACES)
SCALES = pl.DataFrame({"item": ASKED, "steps": 5, "direction": "up"}, schema=ITEMS)


def bench_counting() -> None:
    """Print ratings per second and peak memory of each stage by size, and the ratios to its rivals in the same run."""
    print(f"\nCounting, {COLUMNS} columns, a stream of Arrow per evaluation of at most {FILE_ROWS:,} responses")
    print("  every stage in a process of its own; peak: its largest resident memory, libraries and all")
    print(
        "  DuckDB reads the same ratings from files of Parquet, which it reads fastest; everybody else the same files"
    )
    with tempfile.TemporaryDirectory() as name:
        for size in (size for size in SIZES if size <= LARGEST):
            _bench_size(size, Path(name) / str(size))
        print("  (b) by size of the files, and of Parquet")
        for rows, written in (
            (100, ARROW),
            (1_000, ARROW),
            (100_000, ARROW),
            (FILE_ROWS, PARQUET),
            (FILE_ROWS, FOREIGN),
        ):
            folder = Path(name) / f"of {rows}"
            files = min(50, 10**8 // (rows * COLUMNS))
            _alone(_write_files, folder, files * rows * COLUMNS, rows, written)
            _print_paired(f"{files} files of {rows:7,} responses, {written}", folder)
            _remove(folder)
    _bench_reports()


def _bench_size(size: int, folder: Path) -> None:
    label = f"{size:13,}"
    speed, peak, ratios = _alone(_documents_to_files, size)
    print(f"  {label} (a) documents to files {speed / 1e6:7.1f} M/s, peak {peak:4.0f} MB; {_ratios(ratios)}")
    _alone(_write_files, folder, size, FILE_ROWS, ARROW)
    speed, peak, counts = _alone(_files_to_counts, folder)
    print(f"  {label} (b) files to counts    {speed / 1e6:7.1f} M/s, peak {peak:4.0f} MB")
    _print_paired(label, folder)
    taken = _milliseconds(lambda: _report(counts), rounds=5)
    print(f"  {label} (c) counts to report   {taken:7.1f} ms from {counts.height:,} counts")
    _remove(folder)


def _bench_reports() -> None:
    taken = {}
    for cohorts in (5, 10, COHORTS, 2 * COHORTS):
        counts = pl.concat(_cohort_counts(number) for number in range(cohorts))
        taken[cohorts] = _milliseconds(lambda counts=counts: _report(counts), rounds=15)
        print(f"  (c) full report of {MODULES} modules x {cohorts:2} cohorts: median {taken[cohorts]:6.1f} ms")
    growth = taken[2 * COHORTS] / taken[COHORTS]
    print(f"  (c) bar: 150 ms for {COHORTS} cohorts; growth x{growth:.2f} over x2 cohorts (linear or less)")


def _print_paired(label: str, folder: Path) -> None:
    ratios, seen = _alone(_paired, folder)
    print(f"  {label} (b) {_ratios(ratios)}, by turns over {seen} files (bars 0.7 by hand, 5 DuckDB, 20 pandas)")


def _ratios(ratios: dict[str, float]) -> str:
    return ", ".join(f"x{ratio:.2f} {name}" for name, ratio in ratios.items())


# What runs in a process of its own.


def _alone(stage: Callable[..., Any], *arguments: Any) -> Any:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(stage, *arguments).result()


def _documents_to_files(size: int) -> tuple[float, float, dict[str, float]]:
    """Ratings a second, peak memory, and our speed in that of each decoder over the same documents, by turns."""
    documents = _documents(min(FILE_ROWS, size // COLUMNS))
    ratings, seconds = len(documents) * COLUMNS, 0.0
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ratings"
        portions = max(1, size // ratings)
        _frame(documents[:100])
        for _ in range(portions):
            seconds += _seconds(lambda: _frame(documents).write_ipc_stream(file))
    peak, names = _peak(), list(PLACES)
    ways = {
        "msgspec into dictionaries": lambda: rivals.dictionaries(documents, names),
        "json": lambda: rivals.standard_json(documents, names),
        "Polars' lines of JSON": lambda: rivals.lines_of_json(documents, names),
    }
    return portions * ratings / seconds, peak, _by_turns(lambda: _frame(documents), ways, turns=3)


def _frame(documents: Sequence[bytes]) -> pl.DataFrame:
    return wide_frame(documents, PLACES, lambda _: {})


def _files_to_counts(folder: Path) -> tuple[float, float, pl.DataFrame]:
    counts: list[pl.DataFrame] = []
    files = _files(folder)
    _counted(files[:1])
    seconds = _seconds(lambda: counts.append(_counted(files)))
    return counts[0]["n"].sum() / seconds, _peak(), counts[0]


def _counted(files: Sequence[Path]) -> pl.DataFrame:
    evaluations = (RatingsFile(file, {"cohort": f"K{number % COHORTS:02}"}) for number, file in enumerate(files))
    return count_files(evaluations, COUNTED)


def _paired(folder: Path) -> tuple[dict[str, float], int]:
    """Our speed in that of the others over the same files, in turns, and the number of files that all have counted."""
    files = _files(folder)
    portions = [files[start : start + TURN] for start in range(0, len(files), TURN)][:TURNS]
    portions *= -(-TURNS // len(portions))
    ways = {
        "by hand": rivals.by_hand,
        "merely reading": rivals.only_read,
        "DuckDB": rivals.duckdb_groups,
        "pandas": rivals.pandas_groups,
    }
    everybody = {"": _counted, **ways}
    for way in everybody.values():
        way(files[:1])
    ratios: dict[str, list[float]] = {name: [] for name in ways}
    for turn, portion in enumerate(portions[:TURNS]):
        names = [*everybody]
        # Each begins in turn: who reads a file first has the most work with it.
        order = names[turn % len(names) :] + names[: turn % len(names)]
        taken = {name: _seconds(lambda portion=portion, name=name: everybody[name](portion)) for name in order}
        for name in ways:
            ratios[name].append(taken[name] / taken[""])
    return {name: float(np.median(some)) for name, some in ratios.items()}, len(set().union(*portions))


def _write_files(folder: Path, size: int, rows: int, written: str) -> None:
    folder.mkdir()
    random = np.random.default_rng(size)
    left, number = size // COLUMNS, 0
    while left > 0:
        ratings = _answers(min(rows, left), random)
        frame = pl.from_numpy(ratings, schema=dict.fromkeys(PLACES, pl.Int8), orient="row")
        if written == FOREIGN:
            frame = frame.select(pl.when(pl.all() >= 0).then(pl.all()))
        if written == ARROW:
            frame.write_ipc_stream(folder / f"{number:05}{rivals.ARROW}")
        frame.write_parquet(
            folder / f"{number:05}{rivals.PARQUET}", compression="zstd" if written == FOREIGN else "uncompressed"
        )
        left, number = left - rows, number + 1


# Small helps.


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*" + rivals.ARROW)) or sorted(folder.iterdir())


def _answers(rows: int, random: np.random.Generator) -> np.ndarray:
    return ANSWERS[np.frombuffer(random.bytes(rows * COLUMNS), np.uint8)].reshape(rows, COLUMNS)


def _documents(number: int) -> list[bytes]:
    rows = _answers(number, np.random.default_rng(number)).tolist()
    return [
        msgspec.json.encode({name: step for name, step in zip(PLACES, row, strict=True) if step >= 0}) for row in rows
    ]


def _cohort_counts(number: int) -> pl.DataFrame:
    rows = _answers(95, np.random.default_rng(number))
    steps = [{"step": step, "n": int(n)} for column in rows.T for step, n in enumerate(np.bincount(column + 1), -1)]
    places = COUNTED.select("component", "module", "item")
    each = places.select(pl.all().repeat_by(len(steps) // COLUMNS).explode())
    return each.with_columns(
        pl.lit(f"K{number:02}").alias("cohort"), *pl.DataFrame(steps, schema={"step": pl.Int16, "n": pl.Int64})
    )


def _report(counts: pl.DataFrame) -> None:
    full_report(counts, SCALES, cohorts=counts["cohort"].unique().sort().to_list())


def _by_turns(own: Callable[[], Any], others: dict[str, Callable[[], Any]], *, turns: int) -> dict[str, float]:
    """Best time of each of the others over our best."""
    times = [{name: _seconds(way) for name, way in {"": own, **others}.items()} for _ in range(turns)]
    best = {name: min(time[name] for time in times) for name in times[0]}
    return {name: best[name] / best[""] for name in others}


def _seconds(way: Callable[[], Any]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _milliseconds(way: Callable[[], Any], *, rounds: int) -> float:
    way()
    return 1000 * float(np.median([_seconds(way) for _ in range(rounds)]))


def _peak() -> float:
    """Largest resident memory of this process so far, in megabytes; not a number where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))


def _remove(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
