"""Two processes train as one does: the same steps, the same loss, one adapter written once; also with FSDP."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from medsum.model.loading import load_base
from tests.conftest import ROOT, follow_the_dialogue, run_module, run_stage, set_params
from tests.processes import runs, wait_until

pytestmark = pytest.mark.slow
LAUNCHER = "accelerate.commands.launch"
LAUNCHED = str(ROOT / "tests/stages/launched.py")


def losses(folder: Path) -> list[float]:
    """As logged, in single precision: the plots hold four digits."""
    events = EventAccumulator(str(folder)).Reload()
    return [event.value for name in ("train/loss", "eval/loss") for event in events.Scalars(name)]


def logs_in(folder: Path) -> dict[str, str]:
    return {"TENSORBOARD_LOGGING_DIR": str(folder)}


def launching(preset: str, processes: int = 2) -> list[str]:
    """What accelerate's launcher is given to start processes of what follows, by a config file of ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    config = str(ROOT / "presets" / f"{preset}.yaml")
    return ["--config_file", config, "--num_processes", str(processes), "--main_process_port", port]


def of_two(*flags: str) -> list[str]:
    """A training in two processes."""
    return [*launching("accelerate_machines"), "--num_machines", "1", LAUNCHED, "train", *flags]


def sharded(*flags: str) -> list[str]:
    """A training in two processes, each with half of the base's weights."""
    return [*launching("accelerate_fsdp"), LAUNCHED, "train", "--batch_tokens", "null", *flags]


def metrics_of(run: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads((run / "metrics/train.json").read_text(encoding="utf-8"))
    return found


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
    found = [metrics_of(run) for run in runs]
    assert found[1]["validation"]["loss"] == pytest.approx(found[0]["validation"]["loss"], rel=1e-4)
    names = [sorted(path.name for path in (run / "models/finetuned").iterdir()) for run in runs]
    assert names[0] == names[1]
    assert list((tiny_project / ".checkpoints").iterdir()) == []


@pytest.mark.long
@pytest.mark.parametrize("kind", ["ready", "causal_ready"])
def test_pieces_in_two_processes_have_the_loss_curve_of_whole_batches_in_one(
    kind: str, request: pytest.FixtureRequest
) -> None:
    project: Path = request.getfixturevalue(kind)
    set_params(project, **{"train.lora_dropout": 0.0, "watch.report_to": ["tensorboard"]})
    curves = []
    for output, flags in {
        "one": ["--batch_size", "8"],
        "two": ["--batch_size", "4", "--num_processes", "2", "--batch_tokens", "130"],
    }.items():
        logs = project / f"{output}-logs"
        done = run_stage(project, "train", *flags, "--output", output, env=logs_in(logs))
        assert done.returncode == 0, done.stderr
        curves.append(losses(logs))
    assert curves[1] == pytest.approx(curves[0], rel=1e-4)


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
        found.append(metrics_of(tiny_project / output))
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
        assert len(children) == 3  # two train, and one tells if their launcher is killed
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
    command = [sys.executable, "-m", LAUNCHER, *launching("accelerate_machines"), "--main_process_ip", "127.0.0.1"]
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


def trained_alone_and_with_fsdp(project: Path, *flags: str, batch: int = 8) -> tuple[list[float], list[float]]:
    """The losses of one process and of two that share the base's weights; outputs are in `one` and `two`."""
    flags = ("--lora_dropout", "0", "--report_to", "[tensorboard]", "--select_best_by", "rougeL", *flags)
    one = run_stage(
        project, "train", *flags, "--batch_size", f"{batch}", "--output", "one", env=logs_in(project / "one-logs")
    )
    assert one.returncode == 0, one.stderr
    arguments = sharded(*flags, "--batch_size", f"{batch // 2}", "--output", "two")
    two = run_module(project, LAUNCHER, *arguments, env=logs_in(project / "two-logs"))
    assert two.returncode == 0, two.stderr
    assert two.stdout.count("trainable of") == 1
    return losses(project / "one-logs"), losses(project / "two-logs")


def test_two_processes_with_fsdp_have_the_loss_curve_of_one_and_its_adapter(ready: Path) -> None:
    one, two = trained_alone_and_with_fsdp(ready)
    assert two == pytest.approx(one, rel=1e-4)
    expected, found = metrics_of(ready / "one"), metrics_of(ready / "two")
    assert set(found["validation"]) == {"loss", "rougeL"}
    assert found.pop("validation") == pytest.approx(expected.pop("validation"), rel=1e-4)
    assert found == expected
    names = [sorted(path.name for path in (ready / run / "models/finetuned").iterdir()) for run in ("one", "two")]
    assert names[0] == names[1]
    weights = [load_file(ready / run / "models/finetuned/adapter_model.safetensors") for run in ("one", "two")]
    for name, whole in weights[0].items():
        assert torch.allclose(weights[1][name], whole, rtol=0, atol=1e-5), name


def test_fsdp_generates_where_some_summaries_end_before_others(ready: Path) -> None:
    tiny = ready / "models/base/tiny"
    model = load_base(tiny)
    torch.manual_seed(3)
    with torch.no_grad():
        words = torch.randn(400, 16) * 0.5
        words[1] *= 3  # the end of a summary
        model.get_output_embeddings().weight = torch.nn.Parameter(words)
    follow_the_dialogue(model)
    model.config.tie_word_embeddings = False
    model.save_pretrained(tiny)
    lines = (ready / "data/splits/train.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (ready / "data/splits/validation.jsonl").write_text("".join(lines[:16]), encoding="utf-8")
    one, two = trained_alone_and_with_fsdp(ready, "--learning_rate", "0.001", "--max_target_tokens", "24", batch=4)
    assert two == pytest.approx(one, rel=1e-4)  # out of step, the processes would end here


def test_fsdp_trains_in_bf16_and_with_activations_recomputed(ready: Path) -> None:
    one, two = trained_alone_and_with_fsdp(ready, "--precision", "bf16", "--gradient_checkpointing", "true")
    assert two == pytest.approx(one, rel=0.01)  # weights are rounded too, to eight bits


def run_killed_and_resumed(project: Path, launch: Callable[..., list[str]], function: str) -> None:
    """A whole run, and one whose second process is killed in the middle of an epoch and that is run again."""

    def run(output: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return run_module(project, LAUNCHER, *launch("--output", output), env=environment)

    assert run("whole").returncode == 0
    assert run("killed", KILLED_AT=function).returncode == 1
    assert not (project / "killed/models").exists()
    assert {path.parent.name for path in project.glob(".checkpoints/*/*/whole.json")} == {
        "checkpoint-2",
        "checkpoint-3",
    }
    done = run("resumed")
    assert done.returncode == 0, done.stderr
    assert "Resuming an interrupted run at step 3" in done.stdout
    for file in ("models/finetuned/adapter_model.safetensors", "metrics/train.json", "plots/training/loss.csv"):
        assert (project / "resumed" / file).read_bytes() == (project / "whole" / file).read_bytes(), file


def test_two_processes_of_which_one_is_killed_go_on_and_give_the_same_bytes(ready: Path) -> None:
    run_killed_and_resumed(ready, of_two, "medsum.training.trainer:LoraTrainer.training_step")


@pytest.mark.parametrize("moment", ["training_step", "save_model"])
def test_fsdp_of_whose_processes_one_is_killed_goes_on_and_gives_the_same_bytes(ready: Path, moment: str) -> None:
    run_killed_and_resumed(ready, sharded, f"medsum.training.trainer:LoraTrainer.{moment}")


@pytest.mark.skipif(torch.cuda.is_available(), reason="where there are GPUs, it trains")
def test_fsdp_without_gpus_is_refused(ready: Path) -> None:
    flags = ("-m", "stages.train", "--batch_tokens", "null", "--output", "own")
    done = run_module(ready, LAUNCHER, *launching("accelerate_fsdp"), *flags)
    assert done.returncode == 1
    assert "Error: FSDP splits weights across GPUs, but this machine has no GPU; use train.num_proc" in done.stderr
    assert not (ready / "own/models").exists()


@pytest.mark.parametrize(
    ("method", "failure", "told"),
    [
        ("training_step", "os.kill(os.getpid(), signal.SIGKILL)", "process 2 of 2 was ended by SIGKILL, perhaps"),
        ("training_step", "raise UserError('its reason')", "its reason"),
        (
            "_save_rng_state",
            "raise OSError(28, 'No space left')",
            "/checkpoint-2 cannot be written: No space left; free",
        ),
    ],
    ids=["killed", "error", "disk"],
)
def test_what_ends_one_process_is_the_only_thing_told(ready: Path, method: str, failure: str, told: str) -> None:
    script = FAILING.format(method=method, failure=failure)
    (ready / "stages/failing.py").write_text(script, encoding="utf-8")
    done = run_stage(ready, "failing", "--num_processes", "2", "--output", "own")
    assert done.returncode == 1
    assert done.stderr.count("Error") == 1
    assert re.match(rf"Error: (\S+)?{told}", done.stderr.splitlines()[-1])


FAILING = """
import os, signal
from medsum.core.errors import UserError, run_script
from medsum.model import processes
from medsum.training.trainer import LoraTrainer
from stages import train

def failing(self, *args, **kwargs):
    if processes.rank() == 1 and self.state.global_step == 2:
        {failure}
    return method(self, *args, **kwargs)

method, LoraTrainer.{method} = LoraTrainer.{method}, failing
launch = train.launch
train.launch = lambda module, arguments, wanted: launch("stages.failing", arguments, wanted)
run_script(train.main)
"""
