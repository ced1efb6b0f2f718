"""The log folder of a training run, and what is set for each integration before it begins."""

import os
import threading
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.training import watching

VARIABLES = (
    "TENSORBOARD_LOGGING_DIR", "WANDB_DIR", "WANDB_PROJECT", "MLFLOW_TRACKING_URI", "MLFLOW_EXPERIMENT_NAME",
    "MLFLOW_DISABLE_TELEMETRY", "DVC_EXP_NAME",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    for name in VARIABLES:
        monkeypatch.setenv(name, "")  # so that the end of the test removes what open_logs sets
        monkeypatch.delenv(name)


def test_mlflow_writes_into_the_logs_of_this_machine_and_sends_nothing(tmp_path: Path) -> None:
    assert watching.open_logs([], tmp_path, "run") == tmp_path / "logs/run"
    assert os.environ["MLFLOW_TRACKING_URI"] == f"sqlite:///{tmp_path}/logs/mlflow.db"
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"


def test_the_users_own_server_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
    watching.open_logs([], tmp_path, "run")
    assert os.environ["MLFLOW_TRACKING_URI"] == "http://127.0.0.1:5000"


@pytest.mark.parametrize("server", [False, True])
def test_mlflow_needs_the_packages_of_its_database_only_without_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: bool
) -> None:
    monkeypatch.setattr(watching, "get_available_reporting_integrations", lambda: ["mlflow"])
    monkeypatch.setattr(watching, "find_spec", lambda _: None)
    if server:
        monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:5000")
        watching.open_logs(["mlflow"], tmp_path, "run")
    else:
        with pytest.raises(UserError, match="run `pip install mlflow-skinny sqlalchemy alembic` or leave it out"):
            watching.open_logs(["mlflow"], tmp_path, "run")
