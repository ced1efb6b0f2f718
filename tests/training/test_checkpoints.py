"""Checkpoints are found whole or not at all, belong to one process, and are named by all that shapes the result."""

import os
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

from medsum.core.errors import UserError
from medsum.training import checkpoints


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DVC_ROOT", str(tmp_path))


def checkpoint(folder: Path, step: int, best: int | None = None) -> Path:
    made = folder / f"checkpoint-{step}"
    made.mkdir()
    (made / "weights").write_bytes(bytes(100))
    (made / "state").write_bytes(bytes(10))
    checkpoints.seal(made, best)
    return made


def steps(folder: Path) -> set[int]:
    return {checkpoints.step_of(made) for made in folder.glob("checkpoint-*")}


def test_the_newest_is_the_one_of_the_highest_step(tmp_path: Path) -> None:
    assert checkpoints.newest(tmp_path) is None
    checkpoint(tmp_path, 9)
    newest = checkpoint(tmp_path, 10, best=9)
    assert checkpoints.newest(tmp_path) == newest


def test_all_but_the_newest_and_the_best_are_removed(tmp_path: Path) -> None:
    for step in (1, 2, 3, 4):
        checkpoint(tmp_path, step, best=2)
    assert steps(tmp_path) == {2, 4}


@pytest.mark.parametrize("torn", ["no seal", "half a seal", "a file missing", "half a file"])
def test_a_torn_checkpoint_is_removed_and_the_one_before_taken(tmp_path: Path, torn: str) -> None:
    before = checkpoint(tmp_path, 1)
    after = checkpoint(tmp_path, 2, best=1)
    match torn:
        case "no seal":
            (after / checkpoints.SEAL).unlink()
        case "half a seal":
            (after / checkpoints.SEAL).write_text('{"weights": 1', encoding="utf-8")
        case "a file missing":
            (after / "state").unlink()
        case "half a file":
            (after / "weights").write_bytes(bytes(50))
    assert checkpoints.newest(tmp_path) == before
    assert steps(tmp_path) == {1}


def test_success_removes_the_checkpoints_and_failure_keeps_them(tmp_path: Path) -> None:
    def interrupted() -> None:
        with checkpoints.claimed("key") as folder:
            checkpoint(folder, 1)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with checkpoints.claimed("key") as folder:
        assert folder == tmp_path / ".checkpoints/key"
        assert steps(folder) == {1}
    assert not folder.exists()


def test_a_second_process_is_refused_and_takes_nothing_away(tmp_path: Path) -> None:
    with checkpoints.claimed("key") as folder:
        checkpoint(folder, 1)
        with (
            pytest.raises(UserError, match=r"another process does the same training run in .*/key"),
            checkpoints.claimed("key"),
        ):
            pass
        assert steps(tmp_path / ".checkpoints/key") == {1}


def test_a_value_a_file_or_the_project_s_folder_gives_another_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, data = tmp_path / "base", tmp_path / "data"
    base.mkdir()
    (base / "config").write_text("a", encoding="utf-8")
    data.write_text("a", encoding="utf-8")

    def name(rate: float) -> str:
        return checkpoints.fingerprint({"rate": rate}, [base, data])

    first = name(0.1)
    assert name(0.1) == first
    names = {first, name(0.2)}
    data.write_text("b", encoding="utf-8")
    names.add(name(0.1))
    (base / "config").write_text("b", encoding="utf-8")
    names.add(name(0.1))
    monkeypatch.setenv("DVC_ROOT", str(tmp_path / "elsewhere"))
    names.add(name(0.1))
    assert len(names) == 5


def test_what_git_and_the_hub_keep_beside_a_base_changes_nothing_but_a_real_file_does(tmp_path: Path) -> None:
    base = tmp_path / "base"
    (base / "onnx").mkdir(parents=True)
    (base / "config").write_text("a", encoding="utf-8")
    names = [checkpoints.fingerprint({}, [base])]
    for hidden in (".git", ".cache/huggingface/download"):
        (base / hidden).mkdir(parents=True)
        (base / hidden / "x.lock").write_text("a", encoding="utf-8")
    names.append(checkpoints.fingerprint({}, [base]))
    (base / "onnx/config").write_text("a", encoding="utf-8")
    names.append(checkpoints.fingerprint({}, [base]))
    assert names[0] == names[1] != names[2]


def test_another_device_or_library_gives_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [checkpoints.fingerprint({}, [])]
    for library in ("bitsandbytes", "rouge-score", "tokenizers"):
        with monkeypatch.context() as patch:
            patch.setattr(checkpoints, "version", lambda name, old=library: "0" if name == old else version(name))
            names.append(checkpoints.fingerprint({}, []))
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    for gpu in ("NVIDIA A100", "NVIDIA H100"):
        monkeypatch.setattr(torch.cuda, "get_device_name", lambda _number, name=gpu: name)
        names.append(checkpoints.fingerprint({}, []))
    assert len(set(names)) == 6


@pytest.mark.skipif(os.name != "posix", reason="folders are flushed there")
def test_a_checkpoint_is_on_the_disk_before_an_older_one_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = checkpoint(tmp_path, 1)
    flushed: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    missing: list[set[Path]] = []

    def remove(folder: Path) -> None:
        new = tmp_path / "checkpoint-2"
        missing.append({path for path in (*new.iterdir(), new, tmp_path) if path.stat().st_ino not in flushed})
        assert folder == old

    monkeypatch.setattr(shutil, "rmtree", remove)
    seal = checkpoint(tmp_path, 2) / checkpoints.SEAL
    assert missing == [set()]
    assert flushed.index(seal.stat().st_ino) == 2  # after both files that it speaks of
