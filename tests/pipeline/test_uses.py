"""The four uses, as docs/training.md types them, in a tiny project under Git."""

import json
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.pipeline.conftest import command, commit
from tests.pipeline.test_staleness import ran
from tests.test_presets import TABLE

pytestmark = [pytest.mark.slow, pytest.mark.long]


def evaluation(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((project / "metrics/evaluation.json").read_text(encoding="utf-8"))
    return found


def metrics_table(project: Path) -> list[list[str]]:
    """Rows of the table that `dvc metrics diff` shows, sorted by name: file, metric, values."""
    lines = command(project, "dvc", "metrics", "diff", "--md").splitlines()[2:]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in lines if line.strip()]


def experiments(project: Path) -> dict[str, dict[str, Any]]:
    """Name → what `dvc exp show` knows of each experiment of the last commit."""
    shown = json.loads(command(project, "dvc", "exp", "show", "--json"))
    baseline = shown[-1]
    return {revision["name"]: revision for exp in baseline["experiments"] for revision in exp["revs"]}


def params_of(experiment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = experiment["data"]["params"]["params.yaml"]["data"]
    return found


def metrics_of(experiment: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = experiment["data"]["metrics"]["metrics/evaluation.json"]["data"]
    return found


def test_a_second_repro_runs_nothing_and_all_is_clean(reproduced: Path) -> None:
    output = command(reproduced, "dvc", "repro")
    assert ran(output) == []
    assert "Data and pipelines are up to date." in output
    assert "Data and pipelines are up to date." in command(reproduced, "dvc", "status", "dvc.yaml")
    assert command(reproduced, "git", "status", "--porcelain") == ""


def test_two_clean_runs_give_the_same_lock_byte_for_byte(reproduced: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    command(tmp_path, "git", "clone", "--quiet", str(reproduced), str(again))
    (again / "dvc.lock").unlink()
    for folder in ("metrics", "plots/training", "plots/evaluation"):
        shutil.rmtree(again / folder)
    assert not (again / ".dvc/cache").exists()
    assert "evaluate" in ran(command(again, "dvc", "repro"))
    assert (again / "dvc.lock").read_bytes() == (reproduced / "dvc.lock").read_bytes()
    assert command(again, "git", "status", "--porcelain") == ""


def test_an_experiment_in_the_workspace_can_be_compared_by_metrics_and_parameters(reproduced: Path) -> None:
    before = evaluation(reproduced)
    command(reproduced, "dvc", "exp", "run", "--name", "rank", "-S", "train.lora_rank=3")
    assert evaluation(reproduced) != before

    changes = json.loads(command(reproduced, "dvc", "params", "diff", "--json"))
    assert changes["params.yaml"] == {"train.lora_rank": {"old": 2, "new": 3, "diff": 1}}

    shown = json.loads(command(reproduced, "dvc", "metrics", "diff", "--all", "--json"))["metrics/evaluation.json"]
    for name in ("finetuned.rouge1", "finetuned.rougeL"):
        model, score = name.split(".")
        assert shown[name]["old"] == before[model][score]
        assert shown[name]["new"] == evaluation(reproduced)[model][score]
    decided_by = shown["against_baseline.rouge1.difference"]
    assert decided_by["new"] == evaluation(reproduced)["against_baseline"]["rouge1"]["difference"]
    changed = [row for row in metrics_table(reproduced) if row[0] == "metrics/evaluation.json"]
    assert changed[0][1].startswith("against_baseline.")
    assert any(name.startswith("finetuned.bertscore") for _, name, *_ in changed)

    assert params_of(experiments(reproduced)["rank"])["train"]["lora_rank"] == 3


def test_a_named_configuration_runs_in_a_temporary_folder_and_can_be_watched(reproduced: Path) -> None:
    """DVC writes its rate 5e-5 as `5e-05`, which YAML reads as text."""
    before = evaluation(reproduced)
    shutil.rmtree(reproduced / "logs", ignore_errors=True)
    preset = (reproduced / "presets/config2.args").read_text(encoding="utf-8").split()  # as $(cat ...) does
    output = command(reproduced, "dvc", "exp", "run", "--temp", "--name", "slow", *preset)
    assert "Ran experiment" in output
    experiment = experiments(reproduced)["slow"]
    found = {name: float(params_of(experiment)["train"][name]) for name in TABLE["config2"]}
    assert found == TABLE["config2"]
    [logs] = (reproduced / "logs").iterdir()
    assert logs.name.startswith("slow-")
    rates = EventAccumulator(str(logs)).Reload().Scalars("train/learning_rate")
    assert [event.step for event in rates] == list(range(1, 11))  # five epochs of two steps
    assert max(event.value for event in rates) == pytest.approx(5e-5)
    assert metrics_of(experiment)["finetuned"] != before["finetuned"]
    assert evaluation(reproduced) == before
    assert command(reproduced, "git", "status", "--porcelain") == ""


def test_two_queued_experiments_run_side_by_side(reproduced: Path) -> None:
    command(reproduced, "dvc", "exp", "run", "--queue", "-S", "train.lora_rank=3,4")
    try:
        command(reproduced, "dvc", "queue", "start", "--jobs", "2")
        deadline = time.monotonic() + 300
        while (status := command(reproduced, "dvc", "queue", "status")).count("Success") < 2:
            assert "Failed" not in status, failures(reproduced, status)
            assert time.monotonic() < deadline, status
            time.sleep(2)
    finally:
        command(reproduced, "dvc", "queue", "stop", "--kill")
    found = experiments(reproduced).values()
    assert sorted(params_of(experiment)["train"]["lora_rank"] for experiment in found) == [3, 4]
    first, second = (metrics_of(experiment)["finetuned"] for experiment in found)
    assert first != second


def failures(project: Path, status: str) -> str:
    """The logs of the queue's failed tasks."""
    tasks = [line.split()[0] for line in status.splitlines() if "Failed" in line]
    return status + "".join(command(project, "dvc", "queue", "logs", task) for task in tasks)


def test_an_experiment_is_brought_back_by_name(reproduced: Path) -> None:
    before = evaluation(reproduced)
    command(reproduced, "dvc", "exp", "run", "--name", "layer", "-S", "evaluate.scorer_layer=1")
    changed = evaluation(reproduced)
    assert changed != before
    command(reproduced, "git", "checkout", "--quiet", ".")
    command(reproduced, "dvc", "checkout")
    assert evaluation(reproduced) == before
    command(reproduced, "dvc", "exp", "apply", "layer")
    assert evaluation(reproduced) == changed
    assert ran(command(reproduced, "dvc", "repro")) == []
    commit(reproduced, "Another layer")
