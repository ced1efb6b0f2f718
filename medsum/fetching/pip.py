"""Download a wheel with pip and the user's settings of pip (indexes, mirrors, proxies). No code of the wheel is run."""

import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Never

from tqdm import tqdm

from medsum.core.errors import UserError
from medsum.fetching.packages import Package

POLL_SECONDS = 0.2
OPTIONS = (
    "--no-deps",
    "--only-binary=:all:",
    "--no-cache-dir",  # pip 23 caches an incomplete download and then uses it again and again
    "--no-input",
    "--disable-pip-version-check",
    "-vv",  # makes pip print why it cannot fetch a page of an index
)
CAUSES = (  # each row has a pattern for pip's output, and the cause and remedy to show; the first match counts
    ("No space left on device|File too large|Disk quota exceeded", "the disk is full; free space and run again"),
    ("No module named pip", "this Python has no pip; run `python -m ensurepip`"),
    (
        r"DO NOT MATCH THE HASHES|Wheel '.*' located at .* is invalid",
        "the file differs from the one that pip's index promises; run again, if necessary without a caching proxy",
    ),
    (r"incomplete-download|exceptions\.\w*(ProtocolError|ReadTimeoutError|IncompleteRead|ChunkedEncodingError)",
     "the connection was cut off; run the same command again"),
    (r"\b(401|407) Client Error", "an index or proxy needs a user and password; set them in pip's index-url or proxy"),
    (r"\b403 Client Error", "an index or proxy refuses it (HTTP 403); check `pip config list`"),
    (r"\b5\d\d (Server Error|error responses)", "an index or proxy fails (HTTP 5xx); run again later"),
    ("is not a trusted or secure host", "pip ignores an index without https; set pip's trusted-host or another index"),
    (r"Retrying \(|: connection error: |There was a problem confirming the ssl certificate|Max retries exceeded",
     "an index cannot be reached; check the network, the proxy and `pip config list`"),
    ("No matching distribution found", "no index has it; check `pip config list`"),
)  # fmt: skip


def download(package: Package, folder: Path) -> Path:
    """Download the wheel of the package into the empty `folder`, with a progress bar, and return the wheel's path.

    Raise UserError if pip cannot download the wheel.
    """
    command = [sys.executable, "-m", "pip", "download", *OPTIONS, "--dest", str(folder), package.requirement]
    # If the process is killed, its files are then only in this folder.
    environment = {**os.environ, "TMPDIR": str(folder.resolve())}
    log = folder / "pip.log"
    bar = tqdm(total=package.wheel_bytes, unit="B", unit_scale=True, desc=f"Downloading {package.requirement}")
    with (
        bar,
        log.open("wb") as output,
        subprocess.Popen(command, env=environment, stdout=output, stderr=subprocess.STDOUT) as process,
    ):
        try:
            while process.poll() is None:
                _show(bar, folder)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(POLL_SECONDS)
            _show(bar, folder)
        finally:
            process.kill()  # this has no effect if the process has already ended
    wheel = folder / package.wheel
    if process.returncode:
        raise UserError(f"{package.requirement} cannot be downloaded: {explain(log.read_text('utf-8', 'replace'))}")
    if not wheel.is_file():
        found = ", ".join(sorted(path.name for path in folder.glob("*.whl")))
        raise UserError(f"pip downloaded {found}, not {package.wheel}; check `pip config list`")
    return wheel


def explain(log: str) -> str:
    """Return the cause of a failure and the most likely remedy, according to the output of pip."""
    for pattern, meaning in CAUSES:
        if re.search(pattern, log):
            return meaning
    errors = [line.strip().removeprefix("ERROR: ") for line in log.splitlines() if "ERROR: " in line]
    return f"pip says '{errors[-1].rstrip('.')}'" if errors else "pip printed no error; run the same command again"


def _show(bar: "tqdm[Never]", folder: Path) -> None:
    """Set the progress bar to the size of the largest wheel below `folder`."""
    sizes = []
    for path in folder.rglob("*.whl"):
        with suppress(OSError):  # pip may move the file at any moment
            sizes.append(path.stat().st_size)
    bar.update(max(sizes, default=bar.n) - bar.n)
