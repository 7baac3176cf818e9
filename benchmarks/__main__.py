"""`make bench`: every figure that we promise, printed in one run."""

from __future__ import annotations

import logging
import sys

from benchmarks.answering import bench_answering
from benchmarks.counting import bench_counting
from benchmarks.effects import bench_effects
from benchmarks.mishaps import bench_mishaps
from benchmarks.page import bench_page
from benchmarks.results import bench_results

BENCHMARKS = {
    "answering": bench_answering,
    "counting": bench_counting,
    "results": bench_results,
    "effects": bench_effects,
    "page": bench_page,
    "mishaps": bench_mishaps,
}


def main(names: list[str]) -> None:
    logging.disable(logging.INFO)
    for name in names or BENCHMARKS:
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
