"""A training can be watched, and watching changes no byte of what it gives."""

import subprocess
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from tests.conftest import run_stage, set_params
from tests.stages.test_train_interrupted import outputs


@pytest.fixture
def ready(tiny_project: Path) -> Path:
    set_params(tiny_project, **{"train.num_epochs": 2})
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    return tiny_project


def trained(project: Path, report_to: list[str], **env: str) -> subprocess.CompletedProcess[str]:
    set_params(project, **{"watch.report_to": report_to})
    done = run_stage(project, "train", env=env)
    assert done.returncode == 0, done.stderr
    return done


@pytest.mark.slow
def test_tensorboard_gets_every_value_by_step_in_the_main_project(ready: Path, tmp_path: Path) -> None:
    set_params(ready, **{"train.select_best_by": "rougeL"})
    trained(ready, [])
    assert not (ready / "logs").exists()
    unwatched = outputs(ready)
    trained(ready, ["tensorboard"], DVC_ROOT=str(tmp_path / "main"), DVC_EXP_NAME="trial")
    assert outputs(ready) == unwatched
    assert not (ready / "logs").exists()
    [folder] = (tmp_path / "main/logs").iterdir()
    assert folder.name.startswith("trial-")
    events = EventAccumulator(str(folder)).Reload()
    for name, steps in {
        "train/loss": range(1, 7),
        "train/learning_rate": range(1, 7),
        "train/grad_norm": range(1, 7),
        "eval/loss": (3, 6),
        "eval/rougeL": (3, 6),
    }.items():
        assert [event.step for event in events.Scalars(name)] == list(steps), name


@pytest.mark.slow
def test_wandb_logs_offline_into_the_same_place(ready: Path) -> None:
    trained(ready, ["wandb"], WANDB_MODE="offline")
    assert list(ready.glob("logs/*/wandb/offline-run-*/*.wandb"))
    assert not (ready / "wandb").exists()


@pytest.mark.slow
def test_dvclive_logs_into_the_same_place_and_leaves_dvc_yaml(ready: Path) -> None:
    before = (ready / "dvc.yaml").read_bytes()
    trained(ready, ["dvclive"])
    [folder] = ready.glob("logs/*/dvclive/plots/metrics")
    for name, steps in {
        "train/loss": [*range(1, 7)],
        "train/learning_rate": [*range(1, 7)],
        "eval/loss": [3, 6],
    }.items():
        lines = (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        assert [int(line.partition("\t")[0]) for line in lines[1:]] == steps, name
    assert (ready / "dvc.yaml").read_bytes() == before
    assert not (ready / "dvclive").exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tensorbord", "watch.report_to: tensorbord is not an integration; did you mean 'tensorboard'?"),
        ("neptune", "watch.report_to: neptune is not installed; run `pip install neptune` or leave it out"),
        (
            "mlflow",
            "watch.report_to: mlflow is not installed; run `pip install mlflow-skinny sqlalchemy alembic` or leave it"
            " out",
        ),
    ],
)
@pytest.mark.slow
def test_an_integration_that_is_not_there_is_one_sentence(ready: Path, name: str, said: str) -> None:
    set_params(ready, **{"watch.report_to": [name]})
    assert run_stage(ready, "train").stderr == f"Error: {said}\n"
