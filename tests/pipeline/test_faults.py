"""A kill, a full disk or a folder that cannot be written never changes a result.

CI kills each command once. `make faults` kills them KILLS times in all, at other moments, and takes about an hour.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from medsum.core.hashing import sha256
from tests.conftest import make_tiny, set_params
from tests.pipeline.conftest import command, commit, under_git

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("MEDSUM_KILLS", "4"))  # of all commands together
SEED = int(os.environ.get("MEDSUM_KILLS_SEED", "1"))
PYTHON = sys.executable
ROWS = "".join(f"v{n},Doctor: What brings you in? Patient: A cough for {n} days.\n" for n in range(2, 40))
MOUNT = ("unshare", "--map-root-user", "--mount", "sh", "-c")


@dataclass(frozen=True)
class Work:
    """A command, what it writes, and what to delete before it, so that it has work to do."""

    words: tuple[str, ...]
    written: tuple[str, ...]
    deleted: tuple[str, ...] = ()


PUBLISH = ("--repo-id", "me/notes", "--data-license", "ours", "--dry-run", "--output", "dry")
WORKS = {
    "repro": Work((PYTHON, "-m", "dvc", "repro"), ("data", "models", "metrics", "reports", "plots", "dvc.lock")),
    "export": Work((PYTHON, "-m", "stages.export"), ("models/serving",), ("models/serving",)),
    "batch": Work((PYTHON, "summarize.py", "--batch", "visits.csv", "--output", "notes.jsonl"), ("notes.jsonl",)),
    "publish": Work((PYTHON, "-m", "medsum.publish", *PUBLISH), ("dry",)),
}


def start(project: Path, work: Work) -> subprocess.Popen[bytes]:
    """Start the command in a process group of its own, so that a kill ends its children too."""
    path = f"{Path(PYTHON).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.Popen(
        work.words,
        cwd=project,
        env={**os.environ, "PATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def finish(project: Path, work: Work) -> dict[str, str]:
    """Run the command to its end. Return the sha256 of each file that it writes."""
    process = start(project, work)
    error = process.communicate(timeout=900)[1].decode()
    assert process.returncode == 0, error
    return hashes(project, work.written)


def hashes(project: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the sha256 of every file below these files and folders, without caches of Python."""
    files = [file for name in names for file in (project / name, *(project / name).rglob("*")) if file.is_file()]
    return {file.relative_to(project).as_posix(): sha256(file) for file in files if "__pycache__" not in file.parts}


@pytest.fixture(scope="module")
def finished(template: Path, tiny_base: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny project under Git whose pipeline has run. Identifiers are masked, so that it can be published."""
    project = shutil.copytree(template, tmp_path_factory.mktemp("faults") / "project")
    make_tiny(project, tiny_base, tiny_encoder)
    set_params(project, **{"privacy.action": "mask"})
    under_git(project)
    command(project, "dvc", "repro")
    commit(project, "First run")
    (project / "visits.csv").write_text(f"id,dialogue\n{ROWS}", encoding="utf-8")
    return project


def fresh(finished: Path, name: str, folder: Path) -> Path:
    """Make the folder of a command, as it is before the command."""
    shutil.rmtree(folder, ignore_errors=True)
    if name == "repro":  # without results and without DVC's cache
        command(finished, "git", "clone", "--quiet", ".", str(folder))
        (folder / "dvc.lock").unlink()
    else:
        shutil.copytree(finished, folder)
    for one in WORKS[name].deleted:
        shutil.rmtree(folder / one)
    return folder


@pytest.mark.parametrize("name", WORKS)
def test_a_command_killed_at_a_random_moment_ends_in_the_same_bytes(name: str, finished: Path, tmp_path: Path) -> None:
    luck = random.Random(f"{SEED} {name}")
    started = time.monotonic()
    undisturbed = finish(fresh(finished, name, tmp_path / "again"), WORKS[name])
    seconds = time.monotonic() - started
    assert undisturbed
    for _ in range(max(1, KILLS // len(WORKS))):
        project, moment = fresh(finished, name, tmp_path / "again"), luck.random() * seconds
        process = start(project, WORKS[name])
        time.sleep(moment)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=60)
        assert finish(project, WORKS[name]) == undisturbed, f"killed after {moment:.2f} of {seconds:.2f} s"


FULL = """
set -e
size=$(du -sk "$PLACE" | cut -f1)  # what lies there fits, and little more
cp -a "$PLACE" "$COPY"
mount -t tmpfs -o size="${size}k" tmpfs "$PLACE"
cp -a "$COPY/." "$PLACE"
"""
READ_ONLY = """
set -e
mount --bind "$PLACE" "$PLACE"
mount -o remount,bind,ro "$PLACE"
"""
RUN_AND_KEEP = """
set +e
"$@"
code=$?
cp -a "$PLACE" "$AFTER"
exit $code
"""
PLACES = {"export": "models", "batch": "notes", "publish": "hub"}  # the folder in which the command writes
WRITING = {
    "export": WORKS["export"].words,
    "batch": (*WORKS["batch"].words[:-1], "notes/notes.jsonl"),
    "publish": (*WORKS["publish"].words[:-1], "hub/dry"),
}


@pytest.mark.parametrize("fault", [FULL, READ_ONLY], ids=["full", "read-only"])
@pytest.mark.parametrize("name", PLACES)
def test_a_place_that_cannot_be_written_is_one_sentence(name: str, fault: str, finished: Path, tmp_path: Path) -> None:
    project, place = fresh(finished, "batch", tmp_path / "project"), PLACES[name]
    (project / place).mkdir(exist_ok=True)
    (project / place / "before.txt").write_text("kept", encoding="utf-8")
    before = hashes(project, (place,))
    done = subprocess.run(
        [*MOUNT, fault + RUN_AND_KEEP, "sh", *WRITING[name]],
        cwd=project,
        env={**os.environ, "PLACE": place, "COPY": str(tmp_path / "copy"), "AFTER": str(tmp_path / "after")},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    if "unshare" in done.stderr or "mount:" in done.stderr:
        pytest.skip(f"nothing can be mounted here: {done.stderr.strip()}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("Error: "), done.stderr
    assert "Traceback" not in done.stderr
    after = {f"{place}/{path}": digest for path, digest in hashes(tmp_path / "after", (".",)).items()}
    assert after == before
