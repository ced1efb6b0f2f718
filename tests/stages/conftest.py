"""Fixtures `ready` and `causal_ready`: a project to train in."""

import shutil
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


@pytest.fixture
def causal_ready(ready: Path, tiny_causal: Path) -> Path:
    """The same with a decoder-only base, and room for its prompts."""
    shutil.rmtree(ready / "models/base/tiny")
    shutil.copytree(tiny_causal, ready / "models/base/tiny")
    set_params(ready, **{"prompt.max_input_tokens": 160})
    return ready
