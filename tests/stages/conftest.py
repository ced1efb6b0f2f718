"""Fixture `ready`: a project to train in."""

from pathlib import Path

import pytest

from tests.conftest import run_stage, set_params


@pytest.fixture
def ready(tiny_project: Path) -> Path:
    """A project whose next stage is train: three epochs of three steps, a checkpoint after each step."""
    set_params(tiny_project, **{"train.num_epochs": 3, "watch.checkpoint_seconds": 0})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    return tiny_project
