"""The state of the pipeline in the current folder, as DVC reports it."""

import json
import subprocess
import sys

from medsum.core.errors import UserError
from medsum.core.lock import read_lock


def dvc(*words: str) -> str:
    """Return the output of a dvc command. Raise UserError with the last line of stderr if the command fails."""
    read_lock()  # with a broken dvc.lock every dvc command fails, and no message says how to repair the file
    done = subprocess.run([sys.executable, "-m", "dvc", *words], capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise UserError(f"`dvc {' '.join(words)}` failed: {done.stderr.strip().splitlines()[-1]}")
    return done.stdout.strip()


def require_fresh(*stages: str) -> None:
    """Raise UserError if inputs, parameters, code or outputs of the stages differ from dvc.lock."""
    status: dict[str, list[str | dict[str, dict[str, object]]]] = json.loads(dvc("status", "--json", *stages))
    parts = [change for changes in status.values() for change in changes if isinstance(change, dict)]
    files = {name: None for part in parts for names in part.values() for name in names}  # each name once, in order
    if status:
        raise UserError(
            f"{', '.join(status)}: not up to date ({', '.join(files) or 'the command'} changed), so the adapter and the"
            " metrics may not belong together; run `dvc repro` first"
        )
