"""What a killed process leaves beside a file: Git ignores it, and the next run removes it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from medsum.core.atomic import replacing_folder, write_text
from tests.conftest import ROOT

KILLED = """
import os, signal
from pathlib import Path
from medsum.core.atomic import replacing, replacing_folder
with replacing(Path("out/note.jsonl")) as file, replacing_folder(Path("out/model")) as folder:
    file.write("Zebulon")
    file.flush()
    (folder / "part").write_text("Zebulon")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which a process was killed while it wrote a file and a folder."""
    monkeypatch.chdir(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert len(names(tmp_path / "out")) == 2
    return tmp_path / "out"


def test_the_next_run_removes_what_a_killed_one_left(killed: Path) -> None:
    write_text(killed / "note.jsonl", "whole")
    with replacing_folder(killed / "model") as folder:
        (folder / "weights").write_text("whole", encoding="utf-8")
    assert names(killed) == ["model", "note.jsonl"]
    assert names(killed / "model") == ["weights"]


def test_a_run_leaves_the_part_of_one_that_still_runs(tmp_path: Path) -> None:
    other = tmp_path / f".note.jsonl.{os.getppid()}.part"
    other.write_text("still written", encoding="utf-8")
    write_text(tmp_path / "note.jsonl", "whole")
    assert names(tmp_path) == sorted([other.name, "note.jsonl"])


def test_git_ignores_what_is_left_and_where_the_examples_write(killed: Path) -> None:
    left = [*names(killed), ".visits.jsonl.parts/0001.jsonl", "notes/visits.jsonl", ".medsum/checked.json"]
    asked = [path if "/" in path else f"somewhere/{path}" for path in left]
    found = subprocess.run(
        ["git", "check-ignore", "--no-index", *asked], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert found.stdout.split() == asked
