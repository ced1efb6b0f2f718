"""What keeps DVC from beginning, and why it failed, are told in one sentence."""

import shutil
import subprocess
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.core.lock import require_repository
from medsum.core.pipeline import dvc, reason
from tests.conftest import ROOT, run_module


@pytest.fixture
def unzipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What of a ZIP of the project these commands read: no .git."""
    for name in ("medsum", ".dvc", "dvc.yaml", "params.yaml"):
        if (ROOT / name).is_file():
            shutil.copy(ROOT / name, tmp_path / name)
        else:
            shutil.copytree(
                ROOT / name,
                tmp_path / name,
                ignore=shutil.ignore_patterns("cache", "tmp", "config.local", "__pycache__"),
            )
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("module", ["medsum.core.lock", "medsum.review.experiments"])
def test_a_zip_without_git_is_told_what_to_do(module: str, unzipped: Path) -> None:
    done = run_module(unzipped, module)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: this folder is not a Git repository, but DVC needs one")
    assert "git init && git add -A && git commit" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_repository_made_as_told_is_one(unzipped: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=unzipped, check=True)
    assert run_module(unzipped, "medsum.core.lock").returncode == 0


def test_a_project_that_does_without_git_is_let_be(unzipped: Path) -> None:
    with pytest.raises(UserError):
        require_repository()
    (unzipped / ".dvc/config.local").write_text("[core]\n    no_scm = True\n", encoding="utf-8")
    require_repository()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Collecting\rDone\nERROR: no such file\n\nHaving any troubles? Hit us up.\n", "no such file"),
        ("ERROR: one\nERROR: two\nERROR: one\n", "one; two"),
        ("something broke\n", "something broke"),
        ("", "DVC gave no reason"),
    ],
)  # fmt: skip
def test_the_reason_of_a_failure_is_not_hidden_by_what_follows_it(said: str, found: str) -> None:
    assert reason(said) == found


def test_a_command_that_fails_names_its_reason(unzipped: Path) -> None:
    (unzipped / ".dvc/config.local").write_text("[core]\n    no_scm = True\n", encoding="utf-8")
    (unzipped / "dvc.yaml").write_text("stages: 7\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"`dvc status` failed: .*dvc\.yaml"):
        dvc("status")
