"""Where transformers' integrations (TensorBoard, W&B, ...) log a training: `logs/` of the main project."""

import errno
import os
import threading
from pathlib import Path

from transformers.integrations.integration_utils import (
    INTEGRATION_TO_CALLBACK,
    get_available_reporting_integrations,
)

from medsum.core.errors import UserError
from medsum.params.params_section import closest

FOLDER = "logs"
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def open_logs(report_to: list[str], project: Path, run: str) -> None:
    """Tell the integrations their folder, where the user has not; a resumed run goes on in its own.

    Raises UserError for one that transformers does not know or that is not installed.
    """
    for name in report_to:
        if name not in INTEGRATION_TO_CALLBACK:
            raise UserError(
                f"watch.report_to: {name} is no integration; {closest(name, list(INTEGRATION_TO_CALLBACK))}"
            )
        if name not in get_available_reporting_integrations():
            raise UserError(f"watch.report_to: {name} is not installed; run `pip install {name}` or leave it out")
    folder = project / FOLDER / "-".join(filter(None, [os.environ.get("DVC_EXP_NAME"), run]))
    if report_to:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"{folder} cannot be written: {error.strerror}; make room or set its permissions") from None
    threading.excepthook = _quiet_without_room
    os.environ.setdefault("TENSORBOARD_LOGGING_DIR", str(folder))
    os.environ.setdefault("WANDB_DIR", str(folder))
    os.environ.setdefault("WANDB_PROJECT", "medical-text-summarization")


def _quiet_without_room(failure: threading.ExceptHookArgs) -> None:
    """TensorBoard writes in a thread and raises its error again in the next call, where it becomes one sentence."""
    if not (isinstance(failure.exc_value, OSError) and failure.exc_value.errno in NO_ROOM):
        threading.__excepthook__(failure)
