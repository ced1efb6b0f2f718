"""Measure the time of `dvc repro` in a fresh clone until the first optimizer step.

    python -m benchmarks.pipeline.first_step [--runs 3]

Run the command in the project's root. Each run clones the last commit, has an empty cache, and ends after the first
optimizer step.
"""

import argparse
import re
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

STEP = re.compile(rb"\| *[1-9]\d*/\d+ \[")  # matches the progress bar of the training run after at least one step


def seconds_to_first_step(folder: Path) -> float:
    """Return the wall-clock time from the command to the first step in the progress bar.

    Raise SystemExit if the command fails.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        ["dvc", "repro", "train"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as run:
        assert run.stderr
        seen = b""
        while not STEP.search(seen):
            more = run.stderr.read1()  # type: ignore[attr-defined]
            if not more:
                raise SystemExit(f"dvc repro ended before the first step:\n{seen.decode(errors='replace')}")
            seen += more
        seconds = time.perf_counter() - start
        run.terminate()
    return seconds


def main() -> None:
    """Print the median time over several fresh clones."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3)
    seconds = []
    for _ in range(parser.parse_args().runs):
        with tempfile.TemporaryDirectory() as name:
            subprocess.run(["git", "clone", "--quiet", ".", name], check=True)
            seconds.append(seconds_to_first_step(Path(name)))
            print(f"{seconds[-1]:.1f} s", flush=True)
    print(
        f"from dvc repro to the first step: {statistics.median(seconds):.1f} s ({min(seconds):.1f}-{max(seconds):.1f})"
    )


if __name__ == "__main__":
    main()
