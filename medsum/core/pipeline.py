"""Ask DVC for the state of the pipeline in the current folder."""

import json
import subprocess
import sys

from medsum.core.errors import UserError
from medsum.core.lock import read_lock, require_repository

LINES = 3  # number of lines of DVC's output that are shown if no line contains the word ERROR


def dvc(*words: str) -> str:
    """Return the output of a dvc command. Raise UserError with DVC's reason if the command fails."""
    read_lock()  # if dvc.lock is broken, the error of read_lock says how to repair it; DVC's error does not
    require_repository()
    done = subprocess.run([sys.executable, "-m", "dvc", *words], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise UserError(f"`dvc {' '.join(words)}` failed: {reason(done.stderr)}")
    return done.stdout.strip()


def reason(said: str) -> str:
    """Return the errors in DVC's stderr as one line. Without errors, return the last lines except for DVC's advice."""
    lines = [line.strip() for line in said.replace("\r", "\n").splitlines() if line.strip()]
    errors = [line.partition("ERROR: ")[2] for line in lines if "ERROR: " in line]
    others = [line for line in lines if not line.startswith("Having any troubles?")]
    return "; ".join(dict.fromkeys(errors)) or " ".join(others[-LINES:]) or "DVC gave no reason"


def require_fresh(*stages: str) -> None:
    """Raise UserError if dvc.lock does not match the inputs, parameters, code or outputs of the stages."""
    status: dict[str, list[str | dict[str, dict[str, object]]]] = json.loads(dvc("status", "--json", *stages))
    parts = [change for changes in status.values() for change in changes if isinstance(change, dict)]
    # A dict keeps each name once, in order.
    files = {name: None for part in parts for names in part.values() for name in names}
    if status:
        raise UserError(
            f"{', '.join(status)}: not up to date ({', '.join(files) or 'the command'} changed), so the adapter and the"
            " metrics may not belong together; run `dvc repro` first"
        )
