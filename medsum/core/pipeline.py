"""The state of the pipeline in the current folder, as DVC reports it."""

import json
import subprocess
import sys

from medsum.core.errors import UserError
from medsum.core.lock import read_lock


def dvc(*words: str) -> str:
    """Return what a dvc command prints; raise UserError with its last line if it fails."""
    read_lock()  # a torn one makes every command of DVC fail, and none says how to mend it
    done = subprocess.run([sys.executable, "-m", "dvc", *words], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise UserError(f"`dvc {' '.join(words)}` failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout.strip()


def require_fresh(*stages: str) -> None:
    """Raise UserError unless inputs, parameters, code and outputs of the stages are those that dvc.lock records."""
    status: dict[str, list[str | dict[str, dict[str, object]]]] = json.loads(dvc("status", "--json", *stages))
    parts = [change for changes in status.values() for change in changes if isinstance(change, dict)]
    files = {name: None for part in parts for names in part.values() for name in names}  # each once, in order
    if status:
        raise UserError(
            f"{', '.join(status)}: not up to date ({', '.join(files) or 'another command'}), so adapter and metrics may"
            " not belong together; run `dvc repro` first"
        )
