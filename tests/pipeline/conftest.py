"""A tiny project under Git whose pipeline has run: made once a session, copied for each test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

CHOSEN = ("data/raw/few", "models/base/tiny", "models/scorer/tiny")  # of catalogues that Git ignores
Command = Callable[..., str]


def command(folder: Path, *words: str) -> str:
    """Run a command there, as with the virtual environment active; gives stdout and stderr as one text."""
    bin_folder = str(Path(sys.executable).parent)
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "PATH": bin_folder + os.pathsep + os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=500,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}"
    return done.stdout


def under_git(folder: Path) -> None:
    """Make the folder a repository with one commit, the small data and models included."""
    shutil.copytree(ROOT / ".dvc/plots", folder / ".dvc/plots", dirs_exist_ok=True)
    command(folder, "git", "init", "--quiet", "--initial-branch=main")
    command(folder, "git", "config", "user.name", "Tester")
    command(folder, "git", "config", "user.email", "tester@example.org")
    command(folder, "git", "add", "--force", *CHOSEN, *places(folder))
    commit(folder, "Tiny project")


def places(folder: Path) -> list[str]:
    """The .gitignore files that keep the place of what is fetched; Git ignores them until they are added."""
    found = [path for one in CHOSEN for path in (folder / one).parent.glob("*/.gitignore")]
    return [path.relative_to(folder).as_posix() for path in found]


def commit(folder: Path, message: str) -> None:
    """Commit everything that Git does not ignore."""
    command(folder, "git", "add", "--all")
    command(folder, "git", "commit", "--quiet", "--message", message)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the first test that needs a reproduced project leaves it for the others."""
    return tmp_path_factory.mktemp("kept") / "project"


@pytest.fixture
def reproduced(tiny_project: Path, kept: Path) -> Path:
    """A tiny project, committed, its pipeline run and the results committed."""
    if not kept.exists():
        under_git(tiny_project)
        command(tiny_project, "dvc", "repro")
        commit(tiny_project, "First run")
        shutil.copytree(tiny_project, kept)
    shutil.rmtree(tiny_project)
    return shutil.copytree(kept, tiny_project)
