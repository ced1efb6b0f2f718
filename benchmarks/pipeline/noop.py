"""Measure the time of `dvc repro` if all stages are up to date, and compare it with an empty project.

    python -m benchmarks.pipeline.noop [--runs 7]

Run the command in the project's root, after `dvc repro`. The empty project has seven stages that do nothing. Together,
these stages have as many file dependencies as this project. The two projects are measured in turn.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

PEER_STAGES = 7


def count_dependencies() -> int:
    """Count the file and folder dependencies of all stages, as dvc.lock records them."""
    listed = subprocess.run(["git", "ls-files", "*dvc.lock"], check=True, capture_output=True, text=True).stdout
    locks = [yaml.safe_load(Path(name).read_text(encoding="utf-8")) for name in listed.split()]
    return sum(len(stage.get("deps", [])) for lock in locks for stage in lock["stages"].values())


def make_peer(folder: Path, dependencies: int) -> None:
    """Make a project of seven stages with empty scripts. Each stage depends on the output of the stage before.

    The file dependencies are divided among the stages.
    """
    stages = {}
    for number in range(PEER_STAGES):
        share = dependencies // PEER_STAGES + (number < dependencies % PEER_STAGES)
        files = [f"stage{number}_{index}.py" for index in range(share)]
        for name in files:
            (folder / name).write_text("", encoding="utf-8")
        stages[f"stage{number}"] = {
            "cmd": f"{sys.executable} {files[0]} && touch out{number}",
            "deps": files + ([f"out{number - 1}"] if number else []),
            "outs": [f"out{number}"],
        }
    (folder / "dvc.yaml").write_text(yaml.safe_dump({"stages": stages}), encoding="utf-8")
    for command in (["git", "init", "-q"], ["dvc", "init", "-q"], ["dvc", "config", "core.analytics", "false"]):
        subprocess.run(command, cwd=folder, check=True)
    subprocess.run(["dvc", "repro", "-q"], cwd=folder, check=True)


def seconds_of_repro(folder: Path) -> float:
    """Return the wall-clock time of one `dvc repro`. Fail if a stage is not skipped."""
    start = time.perf_counter()
    done = subprocess.run(["dvc", "repro"], cwd=folder, check=True, capture_output=True, text=True)
    elapsed = time.perf_counter() - start
    if "Running stage" in done.stdout:
        sys.exit(f"{folder} was not up to date; run `dvc repro` there first")
    return elapsed


def main() -> None:
    """Measure both projects in turn. Print the medians and the median ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    dependencies = count_dependencies()
    with tempfile.TemporaryDirectory() as name:
        peer = Path(name)
        make_peer(peer, dependencies)
        seconds_of_repro(Path())  # the first run fills the caches and is not measured
        pairs = [(seconds_of_repro(Path()), seconds_of_repro(peer)) for _ in range(runs)]
    ours, theirs = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = statistics.median(first / second for first, second in pairs)
    print(f"{dependencies} dependencies, {runs} runs in turn, {os.cpu_count()} cores")
    print(f"this project {ours:.2f} s, empty seven-stage project {theirs:.2f} s, ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
