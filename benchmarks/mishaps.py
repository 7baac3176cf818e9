"""A thousand trainees to whom everything happens: how many answers were lost, doubled or invented.

They wait most of the time, for a network that hangs or a page that gives up; so many tell their stories at once.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.answering.bad_network import network_to
from tests.answering.mishaps import Phones, Trainee, prepare_classes
from tests.browser import FLAGS, chromium, run
from tests.server import running_gopy

RUNS, AT_ONCE = 1000, 4
PORTION = 25
"""So many stories share a service and a browser, one after another."""


def bench_mishaps(first: int = 0, runs: int = RUNS) -> None:
    if chromium() is None:
        print("\nMishaps: not tried, there is no Chromium (apt install chromium).")
        return
    print("\nMishaps (reloads, lost and hung networks, double taps, two tabs, killed tabs, clock jumps):")
    started, told = time.monotonic(), 0
    failed: list[str] = []
    with ProcessPoolExecutor(AT_ONCE, mp_context=multiprocessing.get_context("spawn")) as pool:
        portions = [range(start, min(start + PORTION, first + runs)) for start in range(first, first + runs, PORTION)]
        for portion in as_completed(pool.submit(_stories, seeds) for seeds in portions):
            stories = portion.result()
            told += len(stories)
            failed += [story for story in stories if story]
            print(f"\r  {told} of {runs}, {len(failed)} failed", end="", flush=True)
    minutes = (time.monotonic() - started) / 60
    print(f"\r  {told} runs in {minutes:.0f} minutes: {len(failed)} in which an answer was lost, doubled or invented")
    for story in failed:
        print(story)


def _stories(seeds: range) -> list[str]:
    """For every seed nothing, or the story of what went wrong."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o700)
        file = folder / "gopy.sqlite"
        run(prepare_classes(file, len(seeds)))
        with (
            running_gopy(f"sqlite:///{file}", folder) as server,
            sync_playwright() as playwright,
            network_to(server.port) as network,
        ):
            browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
            with closing(browser), closing(Phones(browser)) as phones:
                return [_told(Trainee(phones, network, f"LOP{n}", seed), file) for n, seed in enumerate(seeds)]


def _told(trainee: Trainee, file: Path) -> str:
    try:
        trainee.suffer(file)
    except (AssertionError, Error) as error:
        return f"seed {trainee.seed}: {error}"
    return ""
