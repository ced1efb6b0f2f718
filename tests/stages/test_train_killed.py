"""A training that the system kills says so in a sentence, and only then."""

from pathlib import Path

import pytest

from stages.train import KILLED
from tests.conftest import run_stage
from tests.stages.test_train_interrupted import ended, resumed_at


@pytest.mark.slow
def test_a_killed_training_tells_what_to_do_and_the_next_run_resumes(ready: Path) -> None:
    killed = ended(ready, "SIGKILL", "transformers:Trainer.training_step", 3)
    assert killed.returncode == -9
    assert killed.stderr.endswith(f"\nError: {KILLED}\n")
    assert killed.stderr.count("Error:") == 1
    done = run_stage(ready, "train")
    assert done.returncode == 0, done.stderr
    assert resumed_at(done.stdout) == "2"
    assert "killed" not in done.stdout + done.stderr


@pytest.mark.slow
def test_a_training_stopped_by_hand_is_not_told_as_killed(ready: Path) -> None:
    stopped = ended(ready, "SIGINT", "transformers:Trainer.training_step", 2)
    assert stopped.returncode == 1
    assert "killed" not in stopped.stderr
