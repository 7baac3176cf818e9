"""Many trainees to whom everything happens, some at a time: each lot has processes, a service and a browser of its own.

They wait most of the time, for a network that hangs or a page that gives up.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from functools import partial
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tests.answering.bad_network import network_to
from tests.answering.mishaps import Phones, Trainee, prepare_classes
from tests.browser import FLAGS, run
from tests.server import running_gopy

PORTION = 25
"""So many stories share a service and a browser, one after another."""


def failures(seeds: range, *, deeds: int, at_once: int, chromium: str) -> Iterator[list[str]]:
    """Tells a story of so many deeds for every seed. Gives, a portion at a time, what went wrong in each, or ""."""
    portions = [seeds[start : start + PORTION] for start in range(0, len(seeds), PORTION)]
    tell = partial(_told, deeds=deeds, chromium=chromium)
    with ProcessPoolExecutor(at_once, mp_context=multiprocessing.get_context("spawn")) as pool:
        for portion in as_completed(pool.submit(tell, some) for some in portions):
            yield portion.result()


def _told(seeds: range, *, deeds: int, chromium: str) -> list[str]:
    with tempfile.TemporaryDirectory(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT")) as name:
        folder = Path(name)
        folder.chmod(0o700)
        file = folder / "gopy.sqlite"
        run(prepare_classes(file, len(seeds)))
        with (
            running_gopy(f"sqlite:///{file}", folder) as server,
            sync_playwright() as playwright,
            network_to(server.port) as network,
        ):
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            with closing(browser), closing(Phones(browser)) as phones:
                return [
                    _failure(Trainee(phones, network, f"LOP{number}", seed), file, deeds)
                    for number, seed in enumerate(seeds)
                ]


def _failure(trainee: Trainee, file: Path, deeds: int) -> str:
    try:
        trainee.suffer(file, deeds)
    except (AssertionError, Error) as error:
        return f"seed {trainee.seed}: {error}"
    return ""
