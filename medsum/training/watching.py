"""Set the folder into which the integrations of transformers, such as TensorBoard and W&B, write their logs.

Also set that MLflow writes into a database on this machine and sends no statistics of its use.
"""

import errno
import os
import threading
from importlib.util import find_spec
from pathlib import Path

from transformers.integrations.integration_utils import (
    INTEGRATION_TO_CALLBACK,
    get_available_reporting_integrations,
)

from medsum.core.errors import UserError
from medsum.core.params_section import closest

FOLDER = "logs"
PROJECT = "medical-text-summarization"
# The packages of an integration, if its name is not the package. mlflow itself does not allow the project's pyarrow, so
# pip would install a version of mlflow from 2022. mlflow-skinny contains the part of mlflow that writes logs.
PACKAGES = {"mlflow": "mlflow-skinny sqlalchemy alembic"}
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def open_logs(report_to: list[str], project: Path, run: str) -> Path:
    """Return the log folder of the run. Set it for each integration, unless the user has set another folder.

    A resumed run uses the same folder again. The folder is in `logs/` of `project`. Its name contains `run` and, in an
    experiment of DVC, the experiment's name. Raise UserError if an integration is unknown or not installed.
    """
    for name in report_to:
        _require(name)
    folder = project / FOLDER / "-".join(filter(None, [os.environ.get("DVC_EXP_NAME"), run]))
    if report_to:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{folder} cannot be written: {error.strerror}; free space or set its permissions"
            ) from None
    threading.excepthook = _quiet_without_room
    for variable, value in {
        "TENSORBOARD_LOGGING_DIR": str(folder),
        "WANDB_DIR": str(folder),
        "WANDB_PROJECT": PROJECT,
        "MLFLOW_TRACKING_URI": f"sqlite:///{project / FOLDER / 'mlflow.db'}",  # one database, to compare the runs
        "MLFLOW_EXPERIMENT_NAME": PROJECT,
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }.items():
        os.environ.setdefault(variable, value)
    return folder


def _require(name: str) -> None:
    """Raise UserError if the integration is unknown or not installed.

    MLflow needs two more packages for its database, which it uses unless MLFLOW_TRACKING_URI names a server.
    """
    if name not in INTEGRATION_TO_CALLBACK:
        raise UserError(
            f"watch.report_to: {name} is not an integration; {closest(name, list(INTEGRATION_TO_CALLBACK))}"
        )
    database = name == "mlflow" and "MLFLOW_TRACKING_URI" not in os.environ
    modules = ("sqlalchemy", "alembic") if database else ()
    if name not in get_available_reporting_integrations() or not all(find_spec(module) for module in modules):
        packages = PACKAGES.get(name, name)
        raise UserError(f"watch.report_to: {name} is not installed; run `pip install {packages}` or leave it out")


def _quiet_without_room(failure: threading.ExceptHookArgs) -> None:
    """Do not print a traceback if TensorBoard's thread fails because the disk is full.

    TensorBoard raises the same error again when it is called the next time. fine_tuning.py turns this error into a
    UserError.
    """
    if not (isinstance(failure.exc_value, OSError) and failure.exc_value.errno in NO_ROOM):
        threading.__excepthook__(failure)
