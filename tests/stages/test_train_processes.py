"""Two processes train as one does: the same steps, the same loss, one adapter written once."""

import csv
import json
from pathlib import Path

import pytest

from tests.conftest import run_stage, set_params

pytestmark = pytest.mark.slow


def losses(run: Path) -> list[float]:
    with (run / "plots/training/loss.csv").open(encoding="utf-8", newline="") as file:
        return [float(row["loss"]) for row in csv.DictReader(file)]


def test_two_processes_have_the_loss_curve_of_one(tiny_project: Path) -> None:
    set_params(tiny_project, **{"train.lora_dropout": 0.0, "train.num_epochs": 3, "watch.report_to": []})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    one = run_stage(tiny_project, "train", "--batch_size", "6", "--output", "one")
    assert one.returncode == 0, one.stderr
    two = run_stage(tiny_project, "train", "--batch_size", "3", "--num_processes", "2", "--output", "two")
    assert two.returncode == 0, two.stderr
    assert two.stdout.count("trainable of") == 1
    runs = [tiny_project / name for name in ("one", "two")]
    curves = [losses(run) for run in runs]
    assert len(curves[0]) == 4 * 3 + 3
    assert curves[1] == pytest.approx(curves[0], rel=1.1e-3)  # the files hold four digits
    found = [json.loads((run / "metrics/train.json").read_text(encoding="utf-8")) for run in runs]
    assert found[1]["validation"]["loss"] == pytest.approx(found[0]["validation"]["loss"], rel=1e-4)
    names = [sorted(path.name for path in (run / "models/finetuned").iterdir()) for run in runs]
    assert names[0] == names[1]
    assert list((tiny_project / ".checkpoints").iterdir()) == []
