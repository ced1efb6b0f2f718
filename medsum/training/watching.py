"""Set the folder into which the integrations of transformers, such as TensorBoard and W&B, write their logs."""

import errno
import os
import threading
from pathlib import Path

from transformers.integrations.integration_utils import (
    INTEGRATION_TO_CALLBACK,
    get_available_reporting_integrations,
)

from medsum.core.errors import UserError
from medsum.core.params_section import closest

FOLDER = "logs"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def open_logs(report_to: list[str], project: Path, run: str) -> None:
    """Set the log folder of each integration, unless the user has set it. A resumed run uses the same folder again.

    The folder is in `logs/` of `project`. Its name contains `run` and, in an experiment of DVC, the experiment's name.
    Raise UserError if an integration is unknown or not installed.
    """
    for name in report_to:
        if name not in INTEGRATION_TO_CALLBACK:
            raise UserError(
                f"watch.report_to: {name} is not an integration; {closest(name, list(INTEGRATION_TO_CALLBACK))}"
            )
        if name not in get_available_reporting_integrations():
            raise UserError(f"watch.report_to: {name} is not installed; run `pip install {name}` or leave it out")
    folder = project / FOLDER / "-".join(filter(None, [os.environ.get("DVC_EXP_NAME"), run]))
    if report_to:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                f"{folder} cannot be written: {error.strerror}; free space or set its permissions"
            ) from None
    threading.excepthook = _quiet_without_room
    os.environ.setdefault("TENSORBOARD_LOGGING_DIR", str(folder))
    os.environ.setdefault("WANDB_DIR", str(folder))
    os.environ.setdefault("WANDB_PROJECT", "medical-text-summarization")


def _quiet_without_room(failure: threading.ExceptHookArgs) -> None:
    """Do not print a traceback if TensorBoard's thread fails because the disk is full.

    TensorBoard raises the same error again when it is called the next time. fine_tuning.py turns this error into a
    UserError.
    """
    if not (isinstance(failure.exc_value, OSError) and failure.exc_value.errno in NO_ROOM):
        threading.__excepthook__(failure)
