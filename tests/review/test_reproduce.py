"""Two runs in different surroundings give equal bytes, or the check names what differs."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from medsum.review.reproduce import both
from tests.conftest import ROOT, run_module
from tests.pipeline.conftest import command, commit, under_git

CONFIG = "[core]\n    analytics = false\n    check_update = false\n"
PIPELINE = """
stages:
  source:
    cmd: test -d data/raw/mine
    outs:
      - data/raw/mine: {cache: false, persist: true}
  write:
    cmd: python write.py
    deps: [write.py, data/raw/mine]
    outs: [one.txt, two.txt]
"""
WRITE = """
import os, sys, time
from pathlib import Path
Path("one.txt").write_text(Path("data/raw/mine/a.txt").read_text())
Path("two.txt").write_text(str({}))
"""
DEPENDENT = {
    "path": "Path.cwd()",
    "hash seed": "hash('a')",
    "time zone": "time.timezone",
    "umask": "os.umask(0)",
    "language": "os.environ['LC_ALL']",
}


def tiny(folder: Path, value: str) -> Path:
    """A project with one stage, whose second output is the value; its source is not in Git."""
    shutil.copytree(ROOT / "medsum", folder / "medsum", ignore=shutil.ignore_patterns("__pycache__"))
    files = {
        ".dvc/config": CONFIG, ".gitignore": "/one.txt\n/two.txt\n/data/\n", "dvc.yaml": PIPELINE,
        "write.py": WRITE.format(value), "data/raw/mine/a.txt": "a", "medsum/.gitignore": "*",
    }  # fmt: skip
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    command(folder, "git", "init", "--quiet", "--initial-branch=main")
    command(folder, "git", "config", "user.name", "Tester")
    command(folder, "git", "config", "user.email", "tester@example.org")
    commit(folder, "Tiny project")
    return folder


def checked(project: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return run_module(project, "medsum.review.reproduce", "--folder", str(folder))


def test_equal_outputs_are_said_to_be_and_the_clones_are_deleted(tmp_path: Path) -> None:
    done = checked(tiny(tmp_path / "project", "'always'"), tmp_path / "runs")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("All 3 outputs are equal in both runs.\n")
    assert not (tmp_path / "runs").exists()
    assert not (tmp_path / "project/one.txt").exists()


@pytest.mark.slow
@pytest.mark.parametrize("what", DEPENDENT)
def test_an_output_that_depends_on_the_surroundings_is_named(what: str, tmp_path: Path) -> None:
    done = checked(tiny(tmp_path / "project", DEPENDENT[what]), tmp_path / "runs")
    assert done.returncode == 1
    assert done.stderr == f"Error: 1 of 3 outputs differ (two.txt); compare them below {tmp_path / 'runs'}\n"
    first, second = ((tmp_path / "runs" / around.folder / "two.txt").read_text("utf-8") for around in both())
    assert first != second


def test_a_failed_run_is_one_sentence(tmp_path: Path) -> None:
    done = checked(tiny(tmp_path / "project", "1 / 0"), tmp_path / "runs")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: `dvc repro` failed in {tmp_path}/runs/a (PYTHONHASHSEED=0 ")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_in_use_is_refused(tmp_path: Path) -> None:
    done = checked(tiny(tmp_path / "project", "1"), tmp_path)
    assert done.stderr == f"Error: --folder {tmp_path} is not empty; choose another one\n"


@pytest.mark.long
def test_the_whole_pipeline_gives_equal_bytes_in_any_surroundings(tiny_project: Path, tmp_path: Path) -> None:
    under_git(tiny_project)
    assert not any(name.startswith("DVC_") for name in os.environ)
    done = run_module(
        ROOT, "medsum.review.reproduce", str(tiny_project), "--folder", str(tmp_path / "runs"), timeout=3000
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "outputs are equal in both runs" in done.stdout
