"""A running page on the tiny model, and a browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import set_params

CHROMIUM = "/usr/bin/chromium"
FLAGS = (  # as root in a container, and without calls home
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
SECRET = "Zebulon"
BUSY_MILLISECONDS = 120_000  # a browser on a machine that runs other tests too may take so long
DIALOGUE = (
    f"Doctor: What brings you in, {SECRET}?\nPatient: I've had headaches for two weeks."
    " <script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    "\nDoctor: Any fever?\nPatient: No, no fever."
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def serving(project: Path, *words: str, env: dict[str, str] | None = None) -> Iterator[tuple[str, Path]]:
    """Run app.py there; gives its address and the file of what it prints."""
    port, log = free_port(), project / "page.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py", "--port", str(port), *words],
            cwd=project,
            env={**os.environ, **(env or {})},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            assert process.poll() is None, log.read_text(encoding="utf-8")
            try:
                urllib.request.urlopen(address, timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        yield address, log
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="package")  # an open one keeps other tests from starting theirs
def browser() -> Iterator[Browser]:
    """Debian's Chromium; CI installs it."""
    if not Path(CHROMIUM).exists():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        browser.close()


@pytest.fixture
def page(served_project: Path, browser: Browser) -> Iterator[Page]:
    """A fresh page; at its end nothing was asked of another machine, kept, or logged."""
    scratch = served_project / "scratch"
    scratch.mkdir()
    set_params(served_project, **{"generation.max_new_tokens": 24})
    with serving(served_project, env={"TMPDIR": str(scratch)}) as (address, log):
        context = browser.new_context(viewport={"width": 1000, "height": 1200})
        page = context.new_page()
        page.set_default_timeout(BUSY_MILLISECONDS)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.wait_for_selector("#write")
        yield page
        assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []
        assert len(asked) > 10
        assert page.evaluate("window.hacked") is None
        context.close()
        assert SECRET not in log.read_text(encoding="utf-8")
        assert [file for file in scratch.rglob("*") if file.is_file()] == []
    found = subprocess.run(["grep", "-rl", SECRET, str(served_project)], capture_output=True, check=False)
    assert found.stdout == b""


def write_dialogue(page: Page, dialogue: str) -> None:
    """Write a dialogue into its field. Beside a note the field is behind a button."""
    if page.locator("#edit-dialogue").is_visible():
        page.click("#edit-dialogue")
    page.fill("#dialogue textarea", dialogue)


def summarise(page: Page, dialogue: str) -> str:
    write_dialogue(page, dialogue)
    page.click("#write")
    page.wait_for_selector("#status :text('Done')")
    page.wait_for_selector("#evidence .sentence")
    return page.input_value("#summary textarea")
