"""Two processes train as one does: the same steps, the same loss, one adapter written once."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.conftest import ROOT, run_stage, set_params
from tests.processes import runs, wait_until

pytestmark = pytest.mark.slow


def losses(folder: Path) -> list[float]:
    """As logged, in single precision: the plots hold four digits."""
    events = EventAccumulator(str(folder)).Reload()
    return [event.value for name in ("train/loss", "eval/loss") for event in events.Scalars(name)]


def logs_in(folder: Path) -> dict[str, str]:
    return {"TENSORBOARD_LOGGING_DIR": str(folder)}


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


@pytest.mark.parametrize("records", [4, 5])
def test_validation_loss_is_that_of_one_process_where_the_last_round_is_not_full(
    tiny_project: Path, records: int
) -> None:
    set_params(tiny_project, **{"train.lora_dropout": 0.0, "train.select_best_by": "loss"})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    lines = (tiny_project / "data/splits/train.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tiny_project / "data/splits/validation.jsonl").write_text("".join(lines[:records]), encoding="utf-8")
    found = []
    for output, flags in {"one": ["--batch_size", "6"], "two": ["--batch_size", "3", "--num_processes", "2"]}.items():
        done = run_stage(tiny_project, "train", *flags, "--output", output)
        assert done.returncode == 0, done.stderr
        found.append(json.loads((tiny_project / output / "metrics/train.json").read_text(encoding="utf-8")))
    assert found[1]["validation"]["loss"] == pytest.approx(found[0]["validation"]["loss"], abs=2e-4)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_processes_end_with_a_launcher_that_is_killed(tiny_project: Path) -> None:
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    flags = ["--num_processes", "2", "--num_epochs", "1000", "--checkpoint_seconds", "0"]
    launcher = subprocess.Popen([sys.executable, "-m", "stages.train", *flags], cwd=tiny_project)
    try:
        wait_until(lambda: any(tiny_project.glob(".checkpoints/*/checkpoint-*")), seconds=200)
        children = Path(f"/proc/{launcher.pid}/task/{launcher.pid}/children").read_text(encoding="ascii").split()
        assert len(children) == 2
    finally:
        launcher.kill()
        launcher.wait()
    wait_until(lambda: not any(map(runs, children)), seconds=10)


def test_accelerate_launch_on_two_machines_trains_as_one_process_does(tiny_project: Path) -> None:
    """Both machines are this one, with a process on each, and no GPU."""
    set_params(tiny_project, **{"train.lora_dropout": 0.0, "watch.report_to": ["tensorboard"]})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    one = run_stage(
        tiny_project, "train", "--batch_size", "6", "--output", "one", env=logs_in(tiny_project / "one-logs")
    )
    assert one.returncode == 0, one.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = [
        sys.executable,
        "-m",
        "accelerate.commands.launch",
        "--config_file",
        str(ROOT / "presets/accelerate_machines.yaml"),
    ]
    command += ["--num_processes", "2", "--main_process_ip", "127.0.0.1", "--main_process_port", port]
    machines = [
        subprocess.Popen(
            [*command, "--machine_rank", str(rank), "-m", "stages.train", "--batch_size", "3", "--output", "two"],
            cwd=tiny_project,
            env={**os.environ, **logs_in(tiny_project / "two-logs")},
        )
        for rank in (0, 1)
    ]
    assert [machine.wait(timeout=300) for machine in machines] == [0, 0]
    curves = [losses(tiny_project / name) for name in ("one-logs", "two-logs")]
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)
    assert (tiny_project / "two/models/finetuned/adapter_model.safetensors").is_file()
