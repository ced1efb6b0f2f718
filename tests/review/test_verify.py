"""A broken dvc.lock and a flipped byte are found, and the message says what to do."""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from medsum.core import manifest
from medsum.core.errors import UserError
from medsum.core.lock import read_lock
from medsum.core.pipeline import dvc
from medsum.review import verify
from tests.conftest import ROOT

TORN = "run `git checkout dvc.lock`, then `dvc repro`"


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def cached(content: bytes, suffix: str = "") -> str:
    """Put an object into DVC's cache; gives its name."""
    name = md5(content) + suffix
    path = verify.CACHE / name[:2] / name[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return name


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an output, a model and a cache, each as it was made."""
    monkeypatch.chdir(tmp_path)
    model = Path("models/finetuned")
    model.mkdir(parents=True)
    (model / "weights").write_bytes(b"weights")
    manifest.write(model)
    listing = [{"md5": cached(file.read_bytes()), "relpath": file.name} for file in sorted(model.iterdir())]
    Path("data").mkdir()
    Path("data/out.jsonl").write_bytes(b"one line\n")
    outs = [
        {"path": "data/out.jsonl", "hash": "md5", "md5": cached(b"one line\n")},
        {"path": "models/finetuned", "hash": "md5", "md5": cached(json.dumps(listing).encode(), ".dir")},
    ]
    stages = {"train": {"cmd": "python -m stages.train", "outs": outs}}
    Path("dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": stages}), encoding="utf-8")
    return tmp_path


def damaged(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What verify names."""
    with pytest.raises(UserError, match="files are damaged or changed"):
        verify.main()
    return capsys.readouterr().out.splitlines()


@pytest.mark.usefixtures("whole")
def test_what_is_whole_is_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    verify.main()
    assert capsys.readouterr().out.endswith("every file matches its hash\n")


@pytest.mark.usefixtures("whole")
def test_a_flipped_byte_in_the_cache_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    name = md5(b"one line\n")
    path = verify.CACHE / name[:2] / name[2:]
    path.write_bytes(b"one linf\n")
    assert damaged(capsys) == [
        f"{path} is damaged; delete it, then run `dvc fetch`, or `dvc repro` if no remote has it"
    ]


@pytest.mark.usefixtures("whole")
def test_a_changed_output_and_a_changed_model_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    Path("data/out.jsonl").write_bytes(b"two lines\n")
    Path("models/finetuned/weights").write_bytes(b"\0eights")
    said = damaged(capsys)
    assert said[0].startswith("data/out.jsonl is not what dvc.lock records; run `dvc repro`")
    assert said[1] == (
        "models/finetuned/weights is not what dvc.lock records; delete models/finetuned and run"
        " `dvc checkout models/finetuned`"
    )
    assert said[2].startswith("models/finetuned/weights has changed since it was made; delete that folder")


@pytest.mark.parametrize(
    "content",
    ["", "schema: '2.0'\nstages:\n", "schema: '2.0'\nstages:\n  train:\n    cm", "a: [",
     "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n    - path: a\n"],
)  # fmt: skip
def test_a_torn_lock_is_told_with_the_remedy(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dvc.lock").write_text(content, encoding="utf-8")
    for read in (read_lock, lambda: dvc("status")):
        with pytest.raises(UserError) as caught:
            read()
        assert str(caught.value).startswith("dvc.lock is broken (")
        assert str(caught.value).endswith(TORN)


@pytest.fixture
def in_a_merge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository in a merge that left markers in dvc.lock."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet", "--initial-branch=main")
    for branch, digest in (("main", "a"), ("other", "b"), ("main", "c")):
        if digest != "a":
            git("checkout", "--quiet", *(("-b",) if branch == "other" else ()), branch)
        stages = {"train": {"cmd": digest, "outs": [{"path": "out", "md5": digest}]}}
        Path("dvc.lock").write_text(yaml.safe_dump({"schema": "2.0", "stages": stages}), encoding="utf-8")
        git("add", "--all")
        git("commit", "--quiet", "--message", digest)
    git("merge", "other", fails=True)
    return tmp_path


def git(*words: str, fails: bool = False) -> None:
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c", *words]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode != 0) == fails, done.stderr


@pytest.mark.usefixtures("in_a_merge")
def test_a_lock_with_merge_markers_is_told_with_a_remedy_that_works() -> None:
    with pytest.raises(UserError) as caught:
        read_lock()
    remedy = "git checkout HEAD dvc.lock"
    assert str(caught.value) == f"dvc.lock is broken (it has merge markers); run `{remedy}`, then `dvc repro`"
    git("checkout", "dvc.lock", fails=True)  # the remedy of a torn file
    git(*remedy.split()[1:])
    assert read_lock()["train"]["cmd"] == "c"


def test_the_projects_own_lock_is_whole() -> None:
    assert subprocess.run([sys.executable, "-m", "medsum.core.lock"], cwd=ROOT, check=False).returncode == 0


def targets() -> list[str]:
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    [names] = [line.split(":", 1)[1].split() for line in lines if line.startswith(".PHONY")]
    return names


@pytest.fixture
def with_make(tmp_path: Path) -> Path:
    """The Makefile with the real check and an environment whose other programs only say that they ran."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "medsum/core", tmp_path / "medsum/core")
    (tmp_path / ".git").mkdir()
    programs = tmp_path / ".venv/bin"
    programs.mkdir(parents=True)
    tools = tmp_path / re.findall(r"(?m)^TOOLS := (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))[0]
    (tools / "bin").mkdir(parents=True)
    for path in (
        *ROOT.glob("requirements*"),
        programs / "../installed",
        programs / "../installed-dev",
        tools / "installed",
    ):
        (tmp_path / path.name if path.parent == ROOT else path).touch()
    check = f'case "$*" in "-m medsum.core.lock") exec {sys.executable} "$@";; *) echo ran "$@";; esac'
    for name, line in {**dict.fromkeys(("dvc", "pip", "pytest", "ruff", "mypy"), "echo ran"), "python": check}.items():
        (programs / name).write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    shutil.copy(programs / "dvc", tools / "bin/uv")
    return tmp_path


@pytest.mark.parametrize("target", targets())
@pytest.mark.parametrize(("content", "reason"), [("a: [", "line 1"), (f"{'<' * 7} HEAD\na: b\n", "merge markers")])
def test_every_make_target_stops_at_a_torn_lock(target: str, content: str, reason: str, with_make: Path) -> None:
    def make() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["make", target], cwd=with_make, capture_output=True, encoding="utf-8", check=False)

    (with_make / "dvc.lock").write_text(content, encoding="utf-8")
    done = make()
    assert done.returncode
    assert "Error: dvc.lock is broken (" in done.stderr
    assert reason in done.stderr
    assert "dvc.lock`, then `dvc repro`" in done.stderr
    assert "ran" not in done.stdout.split()
    (with_make / "dvc.lock").unlink()
    done = make()
    assert target == "lock" or "ran" in done.stdout.split(), done
