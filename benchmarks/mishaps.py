"""A thousand trainees to whom everything happens: how many answers were lost, doubled or invented."""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.answering.bad_network import network_to
from tests.answering.mishaps import Phones, Trainee, prepare_classes
from tests.browser import FLAGS, chromium, run
from tests.server import running_gopy

RUNS = 1000


def bench_mishaps(first: int = 0, runs: int = RUNS) -> None:
    path = chromium()
    if path is None:
        print("\nMishaps: not tried, there is no Chromium (apt install chromium).")
        return
    started = time.monotonic()
    failed: list[str] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o700)
        file = folder / "gopy.sqlite"
        run(prepare_classes(file, runs))
        with (
            running_gopy(f"sqlite:///{file}", folder) as server,
            sync_playwright() as playwright,
            network_to(server.port) as network,
        ):
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            with closing(Phones(browser)) as phones:
                for number in range(runs):
                    try:
                        Trainee(phones, network, f"LOP{number}", first + number).suffer(file)
                    except AssertionError as error:
                        failed.append(str(error))
            browser.close()
    minutes = (time.monotonic() - started) / 60
    print("\nMishaps (reloads, lost and hung networks, double taps, two tabs, killed tabs, clock jumps):")
    print(f"  {runs} runs in {minutes:.0f} minutes: {len(failed)} in which an answer was lost, doubled or invented")
    for story in failed:
        print(story)
