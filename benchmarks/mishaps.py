"""A thousand trainees to whom everything happens: how many answers were lost, doubled or invented."""

from __future__ import annotations

import time

from tests.answering.telling import failures
from tests.browser import find_chromium

RUNS, DEEDS, AT_ONCE = 1000, 12, 4


def bench_mishaps(first: int = 0, runs: int = RUNS) -> None:
    chromium = find_chromium()
    if chromium is None:
        print("\nMishaps: not tried, there is no Chromium (apt install chromium).")
        return
    print("\nMishaps (reloads, lost and hung networks, double taps, two tabs, killed tabs, clock jumps):")
    started, told = time.monotonic(), 0
    failed: list[str] = []
    for portion in failures(range(first, first + runs), deeds=DEEDS, at_once=AT_ONCE, chromium=chromium):
        told += len(portion)
        failed += filter(None, portion)
        print(f"\r  {told} of {runs}, {len(failed)} failed", end="", flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"\r  {told} runs in {minutes:.0f} minutes: {len(failed)} in which an answer was lost, doubled or invented")
    for story in failed:
        print(story)
