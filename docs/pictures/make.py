"""Makes the pictures of the README from the running product: python docs/pictures/make.py (needs Chromium)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import FLAGS, PHONE, chromium
from tests.server import free_port

HERE = Path(__file__).parent


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-u", "-m", "survey", "demo", "--port", str(free_port())]
        environment = os.environ | {"GOPY_DATA": str(Path(folder) / "demo")}
        demo = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            picture(*links(demo))
        finally:
            demo.terminate()
            demo.wait(30)


def links(demo: subprocess.Popen[str]) -> tuple[str, str]:
    """The class link and the designer's sign-in link, as the demo prints them."""
    said = ""
    while True:
        said += demo.stdout.readline()
        found = re.search(r"http://\S+/c/\S+", said), re.search(r"http://\S+/in/\S+", said)
        if all(found):
            return found[0][0], found[1][0]


def picture(form: str, sign_in: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        phone = browser.new_context(**PHONE | {"device_scale_factor": 2}).new_page()
        phone.goto(form)
        phone.evaluate("document.querySelector('.step').scrollIntoView()")
        phone.check("input[name='01.useful'][value='4']")
        phone.screenshot(path=HERE / "form.png")
        laptop = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        laptop.goto(sign_in)
        laptop.click("main button")
        laptop.goto(sign_in.split("/in/")[0] + "/")
        laptop.click("a:has-text('Khóa 3')")
        laptop.screenshot(path=HERE / "modules.png")
        browser.close()


if __name__ == "__main__":
    main()
