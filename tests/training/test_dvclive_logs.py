"""DVCLive gets each log of a training once, at its optimizer step, and it touches no other file."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from medsum.training.dvclive_logs import DvcLiveLogs


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with Git and DVC, which is the current folder."""
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc/config").write_text("[core]\n    analytics = false\n", encoding="utf-8")
    (tmp_path / ".dvc/.gitignore").write_text("/tmp\n/cache\n/config.local\n", encoding="utf-8")
    (tmp_path / "dvc.yaml").write_text("stages: {}  # as it was\n", encoding="utf-8")
    (tmp_path / ".gitignore").write_text("/logs/\n", encoding="utf-8")
    for words in ("init -q", "add -A", "-c user.name=A -c user.email=a@b.invalid commit -qm start"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DVC_STUDIO_OFFLINE", "false")  # the callback sets it, and the next test must not see this
    return tmp_path


def train(folder: Path, state: TrainerState, logs: list[tuple[int, dict[str, Any]]], log_steps: int = 1) -> None:
    """Call the callback as the trainer does."""
    callback, arguments, control = DvcLiveLogs(folder, log_steps), TrainingArguments(report_to=[]), TrainerControl()
    callback.on_train_begin(arguments, state, control)
    for state.global_step, values in logs:
        callback.on_log(arguments, state, control, logs=values)


def curve(folder: Path, name: str) -> list[tuple[int, float]]:
    lines = (folder / f"plots/metrics/{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(int(step), float(value)) for step, value in (line.split("\t") for line in lines)]


def test_losses_are_at_their_steps_and_nothing_else_changes(repository: Path) -> None:
    folder = repository / "logs/run/dvclive"
    train(folder, TrainerState(), [(1, {"loss": 3.0}), (2, {"loss": 2.0}), (2, {"eval_loss": 2.5}), (3, {"loss": 1.0})])
    assert curve(folder, "train/loss") == [(1, 3.0), (2, 2.0), (3, 1.0)]
    assert curve(folder, "eval/loss") == [(2, 2.5)]
    said = subprocess.run(["git", "status", "--porcelain"], check=True, capture_output=True, text=True).stdout
    refs = subprocess.run(["git", "for-each-ref", "refs/exps"], check=True, capture_output=True, text=True).stdout
    assert said == refs == ""


def test_a_resumed_run_writes_each_step_once(repository: Path) -> None:
    folder = repository / "logs/run/dvclive"
    train(folder, TrainerState(), [(2, {"loss": 3.0}), (2, {"eval_loss": 3.5}), (4, {"loss": 2.0})], log_steps=2)
    history = [
        {"step": 1, "loss": 4.0},
        {"step": 2, "loss": 3.0},
        {"step": 2, "eval_loss": 3.5},
        {"step": 3, "loss": 2.5},
    ]
    train(folder, TrainerState(log_history=history), [(4, {"loss": 2.0})], log_steps=2)
    assert curve(folder, "train/loss") == [(2, 3.0), (4, 2.0)]
    assert curve(folder, "eval/loss") == [(2, 3.5)]


def test_only_the_first_process_writes(repository: Path) -> None:
    train(repository / "logs/run/dvclive", TrainerState(is_world_process_zero=False), [(1, {"loss": 3.0})])
    assert not (repository / "logs").exists()
