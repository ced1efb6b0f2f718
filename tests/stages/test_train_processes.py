"""Two processes train as one does: the same steps, the same loss, one adapter written once."""

import json
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.conftest import run_stage, set_params

pytestmark = pytest.mark.slow


def losses(folder: Path) -> list[float]:
    """As logged, in single precision: the plots hold four digits."""
    events = EventAccumulator(str(folder)).Reload()
    return [event.value for name in ("train/loss", "eval/loss") for event in events.Scalars(name)]


def test_two_processes_have_the_loss_curve_of_one(tiny_project: Path) -> None:
    set_params(tiny_project, **{"train.lora_dropout": 0.0, "train.num_epochs": 3, "watch.report_to": ["tensorboard"]})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    curves = []
    for output, flags in {"one": ["--batch_size", "6"], "two": ["--batch_size", "3", "--num_processes", "2"]}.items():
        logs = tiny_project / "logs" / output
        done = run_stage(tiny_project, "train", *flags, "--output", output, env={"TENSORBOARD_LOGGING_DIR": str(logs)})
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("trainable of") == 1
        curves.append(losses(logs))
    assert len(curves[0]) == 4 * 3 + 3
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)
    runs = [tiny_project / name for name in ("one", "two")]
    found = [json.loads((run / "metrics/train.json").read_text(encoding="utf-8")) for run in runs]
    assert found[1]["validation"]["loss"] == pytest.approx(found[0]["validation"]["loss"], rel=1e-4)
    names = [sorted(path.name for path in (run / "models/finetuned").iterdir()) for run in runs]
    assert names[0] == names[1]
    assert list((tiny_project / ".checkpoints").iterdir()) == []
