"""The trainee's page in a real browser: bytes, requests, script, taps, and when its largest part is seen."""

from __future__ import annotations

import asyncio
import gzip
import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.answering import MODULES, prepare
from survey.answering.documents import SCRIPT
from tests.answering.hand import whole_form_in_taps
from tests.browser import FLAGS, PHONE, find_chromium
from tests.server import running_gopy

ROUNDS = 5
# Name, milliseconds there and back, bits per second, how much slower the processor is; and the bar in milliseconds.
NETWORKS = [("150 ms, 1.6 Mbit/s", 150, 1.6e6, 1, 1200), ("400 ms, 400 kbit/s, CPU x6", 400, 400e3, 6, 3000)]
LARGEST = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
.observe({type: 'largest-contentful-paint', buffered: true}))"""


def bench_page() -> None:
    path = find_chromium()
    if path is None:
        print("\nThe trainee's page: not measured, there is no Chromium (apt install chromium).")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o700)
        url = f"sqlite:///{folder / 'gopy.sqlite'}"
        school = asyncio.run(prepare(url))
        with running_gopy(url, folder) as server, sync_playwright() as playwright:
            address = f"{server.address}/c/{school.code}"
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            print(f"\nThe trainee's page, {MODULES} modules, a phone of 360 x 740, nothing kept from before:")
            _weight(browser, address)
            _taps(browser, address)
            for network in NETWORKS:
                _paint(browser, address, *network)
            browser.close()
            _lighthouse(address, path)


def _weight(browser: Browser, address: str) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    sizes: list[float] = []
    protocol.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    print(f"  first view {sum(sizes):.0f} bytes with headers, {len(sizes)} requests (bars 14,600 and 3)")
    print(f"  script {len(gzip.compress(SCRIPT.encode(), 9))} bytes gzip (bar 4,096)")
    context.close()


def _taps(browser: Browser, address: str) -> None:
    context = browser.new_context(**PHONE)
    page = context.new_page()
    page.goto(address)
    print(f"  {whole_form_in_taps(page, modules=MODULES)[0]} taps for the whole form by the default path (bar 77)")
    context.close()


def _paint(browser: Browser, address: str, name: str, latency: float, rate: float, slower: int, bar: int) -> None:
    found = []
    for _ in range(ROUNDS):
        context = browser.new_context(**PHONE)
        page = context.new_page()
        protocol = context.new_cdp_session(page)
        protocol.send("Network.enable")
        limits = {"offline": False, "latency": latency, "downloadThroughput": rate / 8, "uploadThroughput": rate / 8}
        protocol.send("Network.emulateNetworkConditions", limits)
        protocol.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(address)
        found.append(page.evaluate(LARGEST))
        context.close()
    print(f"  largest paint at {name}: median {median(found):.0f} ms, best {min(found):.0f} (bar {bar})")


def _lighthouse(address: str, path: str) -> None:
    """Google's own judgement, where its program is installed (`npm install --global lighthouse`)."""
    program = shutil.which("lighthouse")
    if program is None:
        print("  Lighthouse: not measured, it is not installed (npm install --global lighthouse)")
        return
    kinds = ["performance", "accessibility", "best-practices"]
    scores: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(3):
        command = [program, address, "--quiet", "--output=json", f"--only-categories={','.join(kinds)}"]
        flags = " ".join(["--headless", *FLAGS])
        command += [f"--chrome-flags={flags}", "--throttling.cpuSlowdownMultiplier=1"]
        told = subprocess.run(command, capture_output=True, check=True, env={"CHROME_PATH": path, **os.environ})
        for kind, category in json.loads(told.stdout)["categories"].items():
            scores[kind].append(100 * category["score"])
    best = ", ".join(f"{kind} {max(found):.0f}" for kind, found in scores.items())
    print(f"  Lighthouse at CPU x1, best of 3: {best} (bars 98, 100, 100)")
