"""A process among several knows its place, and says so where the machine has none for it."""

from pathlib import Path

import pytest
import torch

from medsum.core.errors import UserError
from medsum.core.parent_process import LAUNCHER
from medsum.generation import model_choice
from medsum.model import loading, processes


def test_more_processes_than_gpus_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", taken.append)
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert processes.launched()
    monkeypatch.setenv("LOCAL_RANK", "2")
    with pytest.raises(UserError, match="process 3 of this machine has no GPU, because there are only 2"):
        processes.launched()
    assert taken == [1]


def test_a_process_that_nobody_launched_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOCAL_RANK", raising=False)
    assert not processes.launched()


def test_a_launched_process_loads_its_model_on_its_own_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    class LoadedError(Exception):
        """Ends what would need a GPU."""

    def load(_: Path) -> None:
        assert taken == [1]
        raise LoadedError

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(torch.cuda, "set_device", taken.append)
    monkeypatch.setattr(loading, "load_base", load)
    monkeypatch.setattr("medsum.model.determinism.fix", lambda _: None)
    monkeypatch.setenv("LOCAL_RANK", "1")
    with pytest.raises(LoadedError):
        model_choice.open_summarizer(str(tmp_path))


def test_who_reports_a_lost_process_depends_on_the_launcher(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def wait(message: str) -> None:
        with processes.ending_with_the_others():
            raise RuntimeError(message)

    gone = "[pair.cc:537] Connection closed by peer [127.0.0.1]:9999"
    with pytest.raises(RuntimeError, match="closed by peer"):  # alone, nobody can be gone
        wait(gone)
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        wait("mat1 and mat2 shapes cannot be multiplied")
    with pytest.raises(UserError, match="another process of this run has ended or cannot be reached; read its own"):
        wait(gone)
    monkeypatch.setenv(LAUNCHER, "1")
    with pytest.raises(SystemExit) as ended:
        wait(gone)
    assert ended.value.code == processes.ALONE
