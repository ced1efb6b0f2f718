"""A training that does not fit is stopped before it begins, with values that would fit."""

import re
from pathlib import Path

import pytest
from datasets import Dataset

from medsum.core.errors import UserError
from medsum.params import train
from medsum.params.train import TrainParams
from medsum.training import memory_check

BASE = Path("models/base/compact")
GB = 10**9


def params() -> TrainParams:
    changes = {"batch_size": 64, "batch_tokens": None, "gradient_checkpointing": False, "precision": "fp32"}
    return train.load().model_copy(update={**changes, "auto_batch_size": False})


def records(prompt: int = 500, note: int = 100, number: int = 64) -> Dataset:
    return Dataset.from_dict({"input_ids": [[5] * prompt] * number, "labels": [[7] * note] * number})


def takes(changed: TrainParams, data: Dataset) -> float:
    return memory_check.plan_of(BASE, "none", changed, data).needs().total


def require(monkeypatch: pytest.MonkeyPatch, there: float) -> None:
    monkeypatch.setattr(memory_check, "device_room", lambda: there)
    memory_check.require_room(BASE, "none", params(), records())


def test_a_training_that_fits_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    require(monkeypatch, 64 * GB)
    assert re.fullmatch(r"Memory: about \d\.\d GB expected, a process .* has 64\.0 GB\n", capsys.readouterr().out)


def test_one_that_may_not_fit_runs_and_is_told_what_takes_less(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    require(monkeypatch, takes(params(), records()))
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "if that is too little, set train.gradient_checkpointing=true" in said


def test_one_that_cannot_fit_is_stopped_with_values_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    there = 0.5 * takes(params(), records())
    with pytest.raises(UserError) as raised:
        require(monkeypatch, there)
    said = str(raised.value)
    assert "\n" not in said
    named = dict(re.findall(r"train\.(gradient_checkpointing|batch_size|batch_tokens)=(\w+)", said))
    assert {"batch_size", "batch_tokens"} <= set(named)
    for name, value in named.items():
        changed = params().model_copy(update={name: True if value == "true" else int(value)})
        assert takes(changed, records()) < there, name
    assert re.search(r"train\.batch_size=\d+ with train\.gradient_accumulation_steps=\d+", said)


def test_one_that_no_parameter_brings_down_names_the_base(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"no parameter saves enough, so take a smaller model\.base"):
        require(monkeypatch, 0.1 * GB)


def test_a_budget_of_tokens_bounds_what_a_batch_takes() -> None:
    cut = params().model_copy(update={"batch_tokens": 1200})
    [piece] = memory_check.plan_of(BASE, "none", cut, records()).batches()
    assert piece == (2, 500, 100)


@pytest.mark.parametrize(
    ("membership", "limit"),
    [("0::/job/step", "job/memory.max"), ("4:memory:/job/step", "memory/job/memory.limit_in_bytes")],
)
def test_a_control_group_above_this_process_limits_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, membership: str, limit: str
) -> None:
    monkeypatch.setattr(memory_check, "CGROUPS", tmp_path / "groups")
    monkeypatch.setattr(memory_check, "MEMBERSHIP", tmp_path / "cgroup")
    (tmp_path / "cgroup").write_text(f"9:cpu:/\n{membership}\n", encoding="utf-8")
    assert (memory_check.device_room() or 0) > GB
    file = tmp_path / "groups" / limit
    file.parent.mkdir(parents=True)
    file.write_text("123456789\n", encoding="utf-8")
    assert memory_check.device_room() == 123456789
    file.write_text("max\n", encoding="utf-8")
    assert (memory_check.device_room() or 0) > GB
