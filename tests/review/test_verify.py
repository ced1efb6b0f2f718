"""A broken dvc.lock and a flipped byte are found, and the message says what to do."""

import hashlib
import json
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
     "<<<<<<< HEAD\nschema: '2.0'\n", "schema: '2.0'\nstages:\n  train:\n    cmd: x\n    outs:\n    - path: a\n"],
)  # fmt: skip
def test_a_torn_lock_is_told_with_the_remedy(content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("dvc.lock").write_text(content, encoding="utf-8")
    for read in (read_lock, lambda: dvc("status")):
        with pytest.raises(UserError) as caught:
            read()
        assert str(caught.value).startswith("dvc.lock is broken (")
        assert str(caught.value).endswith(TORN)


def test_the_projects_own_lock_is_whole() -> None:
    assert subprocess.run([sys.executable, "-m", "medsum.core.lock"], cwd=ROOT, check=False).returncode == 0


def test_every_make_target_asks_whether_the_lock_is_whole() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    [targets] = [line.split(":", 1)[1].split() for line in text.splitlines() if line.startswith(".PHONY")]
    for target in set(targets) - {"lock"}:
        [line] = [line for line in text.splitlines() if line.startswith(f"{target}:")]
        assert "lock" in line.split(), target
