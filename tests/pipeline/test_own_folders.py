"""A user's own data and own base model in the copies of the project in which DVC runs experiments."""

import json
import shutil
import time
from pathlib import Path

import pytest

from tests.pipeline.conftest import command, under_git

pytestmark = [pytest.mark.slow, pytest.mark.long]


def put_own_folders(project: Path) -> None:
    """Put data/raw/mine and models/base/mine into the project, where Git ignores them."""
    shutil.copytree(project / "data/raw/few", project / "data/raw/mine")
    shutil.copytree(project / "models/base/tiny", project / "models/base/mine")


def test_own_data_and_an_own_base_run_in_a_copy_and_in_the_queue(tiny_project: Path) -> None:
    under_git(tiny_project)
    put_own_folders(tiny_project)
    chosen = ("-S", "data.source=mine", "-S", "model.base=mine")
    output = command(tiny_project, "dvc", "exp", "run", "--temp", "--name", "copy", *chosen, "train")
    for folder in ("data/raw/mine", "models/base/mine"):
        assert f"{folder}: copied from the main project" in output
    sweep = ("-S", "train.max_records=10,15", "-S", "train.seed=1")
    command(tiny_project, "dvc", "exp", "run", "--queue", "train", *chosen, *sweep)
    try:
        command(tiny_project, "dvc", "queue", "start", "--jobs", "1")
        deadline = time.monotonic() + 900
        while (status := command(tiny_project, "dvc", "queue", "status")).count("Success") < 2:
            logs = [command(tiny_project, "dvc", "queue", "logs", line.split()[0]) for line in status.splitlines()
                    if "Failed" in line]  # fmt: skip
            assert not logs, "".join(logs)
            assert time.monotonic() < deadline, status
            time.sleep(2)
    finally:
        command(tiny_project, "dvc", "queue", "stop", "--kill")
    shown = json.loads(command(tiny_project, "dvc", "exp", "show", "--json"))[-1]
    params = [
        revision["data"]["params"]["params.yaml"]["data"]
        for experiment in shown["experiments"]
        for revision in experiment["revs"]
    ]
    assert {(found["data"]["source"], found["model"]["base"]) for found in params} == {("mine", "mine")}
    assert sorted(str(found["train"]["max_records"]) for found in params) == ["10", "15", "None"]
    assert command(tiny_project, "git", "status", "--porcelain") == ""
