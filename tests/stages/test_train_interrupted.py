"""A training that is killed at any moment goes on with the next run, and gives the same bytes."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import run_stage, set_params

KILLER = Path(__file__).with_name("killer.py")
MOMENTS = [  # the step where the run resumed, if it did; the function at which it is killed; which call of it
    ("", "medsum.model.loading:load_base", 1),  # at the start
    ("", "transformers:Trainer.training_step", 1),  # in the first step
    ("", "torch:save", 1),  # in the first checkpoint
    ("", "torch:save", 6),  # in the second one
    ("1", "medsum.training.checkpoints:seal", 1),  # when it is written, but not sealed
    ("", "shutil:rmtree", 1),  # when the next run removes the torn one
    ("1", "medsum.training.trainer:LoraTrainer.prediction_step", 1),  # in the validation
    ("2", "medsum.metrics.rouge:mean_rouge_l", 1),  # at its end
    ("2", "transformers:Trainer.training_step", 3),  # in the second epoch
    ("4", "transformers:TrainerState.save_to_json", 2),  # in the checkpoint of a step after that
    ("5", "medsum.training.trainer:LoraTrainer.prediction_step", 2),  # in the second last validation
    ("8", "shutil:copyfile", 2),  # in the final save
    ("9", "medsum.core.atomic:write_csv", 1),  # between the adapter and its curves
    ("9", "medsum.training.checkpoints:FileLock.release", 1),  # when all is written, but the checkpoints still there
]


def ended(project: Path, signal: str, function: str, nth: int, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the stage until the nth call of a function, where the signal comes."""
    return subprocess.run(
        [sys.executable, str(KILLER), signal, function, str(nth), "train"],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def resumed_at(output: str) -> str:
    found = re.search(r"^Resuming an interrupted run at step (\d+)$", output, flags=re.MULTILINE)
    return found[1] if found else ""


def outputs(project: Path) -> dict[str, bytes]:
    """Everything that the stage writes for the pipeline."""
    files = [project / "metrics/train.json", project / "reports/train.json", *(project / "plots/training").iterdir()]
    files += (project / "models/finetuned").iterdir()
    return {str(file.relative_to(project)): file.read_bytes() for file in files}


@pytest.mark.slow
def test_a_training_killed_at_fourteen_moments_gives_the_bytes_of_one_that_was_not(ready: Path) -> None:
    set_params(ready, **{"train.select_best_by": "rougeL"})  # so that a validation writes summaries too
    assert run_stage(ready, "train").returncode == 0
    expected = outputs(ready)
    assert list((ready / ".checkpoints").iterdir()) == []
    for name in expected:
        (ready / name).unlink()
    for step, function, nth in MOMENTS:
        done = ended(ready, "SIGKILL", function, nth)
        assert done.returncode == -9, (function, done.stderr)
        assert resumed_at(done.stdout) == step, function
    last = run_stage(ready, "train")
    assert resumed_at(last.stdout) == "9", last.stderr
    assert outputs(ready) == expected
    assert list((ready / ".checkpoints").iterdir()) == []


@pytest.mark.long
def test_a_decoder_only_training_that_is_killed_gives_the_same_bytes(causal_ready: Path) -> None:
    assert run_stage(causal_ready, "train").returncode == 0
    expected = outputs(causal_ready)
    for name in expected:
        (causal_ready / name).unlink()
    assert ended(causal_ready, "SIGKILL", "medsum.training.trainer:LoraTrainer.training_step", 5).returncode == -9
    assert resumed_at(run_stage(causal_ready, "train").stdout) == "4"
    assert outputs(causal_ready) == expected


@pytest.mark.slow
def test_patience_that_was_over_before_the_kill_is_still_over(ready: Path) -> None:
    values = {"learning_rate": 1e-9, "num_epochs": 6, "early_stopping_patience": 1}  # nothing gets better
    set_params(ready, **{f"train.{name}": value for name, value in values.items()})
    assert run_stage(ready, "train").returncode == 0
    expected = outputs(ready)
    assert b'"steps": 6,' in expected["reports/train.json"]
    assert ended(ready, "SIGKILL", "shutil:copyfile", 1).returncode == -9
    assert resumed_at(run_stage(ready, "train").stdout)
    assert outputs(ready) == expected


@pytest.mark.slow
def test_ctrl_c_says_that_the_next_run_resumes_and_another_parameter_does_not(ready: Path, tmp_path: Path) -> None:
    main = tmp_path / "main"  # as DVC names it to a run in a copy of the project
    stopped = ended(ready, "SIGINT", "transformers:Trainer.training_step", 5, DVC_ROOT=str(main))
    assert stopped.returncode == 1
    assert stopped.stderr.splitlines()[-1] == (
        "Stopped by Ctrl-C; the next run with the same parameters resumes from its last checkpoint."
    )
    assert not (ready / ".checkpoints").exists()
    assert len(list((main / ".checkpoints").iterdir())) == 1
    set_params(ready, **{"train.weight_decay": 0.02})
    other = run_stage(ready, "train", env={"DVC_ROOT": str(main)})
    assert (other.returncode, resumed_at(other.stdout)) == (0, "")
    set_params(ready, **{"train.weight_decay": 0.01, "watch.checkpoint_seconds": 60})
    same = run_stage(ready, "train", env={"DVC_ROOT": str(main)})
    assert (same.returncode, resumed_at(same.stdout)) == (0, "4")


@pytest.mark.slow
def test_a_folder_where_no_checkpoint_can_be_written_is_one_sentence(ready: Path) -> None:
    (ready / ".checkpoints").write_text("in the way\n", encoding="utf-8")
    done = run_stage(ready, "train")
    assert done.returncode == 1
    assert re.fullmatch(
        r"Error: \S+/\.checkpoints/[0-9a-f]{16} cannot be written: [\w ]+; free space or set its permissions\n",
        done.stderr,
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("report_to", "room_bytes", "where"),
    [([], 4096, "checkpoint-1"), ([], 13000, "checkpoint-1"), (["tensorboard"], 4096, "logs")],
    ids=["weights", "tokenizer", "logs"],
)
def test_a_disk_that_fills_up_is_one_sentence(ready: Path, report_to: list[str], room_bytes: int, where: str) -> None:
    set_params(ready, **{"watch.report_to": report_to})
    done = subprocess.run(
        [sys.executable, "-B", "-m", "stages.train"],
        cwd=ready,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, room_bytes)),
    )
    assert done.returncode == 1
    assert re.match(
        rf"Error: (\S+/)?{where} cannot be written: .+; free space, and the next run resumes$",
        done.stderr.splitlines()[-1],
    )
    assert "Traceback" not in done.stderr
    assert not (ready / "models/finetuned").exists()
