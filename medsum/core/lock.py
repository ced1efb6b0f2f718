"""Check that DVC can run: the folder must be in a Git repository, and dvc.lock must be complete.

    python -m medsum.core.lock

A killed process or a merge can leave a broken dvc.lock. Every dvc command then fails. So every make target runs this
check first.
"""

import os
import re
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError, run_script
from medsum.core.paths import LOCK
from medsum.core.reading import read_text, read_yaml

REMEDY = "run `git checkout dvc.lock`, then `dvc repro`"
AFTER_MERGE = "run `git checkout HEAD dvc.lock`, then `dvc repro`"  # during a merge, Git refuses the command of REMEDY
_MARKER = re.compile(r"(?m)^(?:<{7}|={7}|>{7})(?: |$)")


def read_lock() -> dict[str, dict[str, Any]]:
    """Return the stages of dvc.lock, or {} if the file does not exist. Raise UserError if the file is broken."""
    if not LOCK.exists():
        return {}
    try:
        text = read_text(LOCK, REMEDY)
        found = None if _MARKER.search(text) else read_yaml(LOCK, REMEDY)
    except UserError as error:
        reason = str(error).removeprefix(f"{LOCK}, ").partition(";")[0]
        raise UserError(f"{LOCK} is broken ({reason}); {REMEDY}") from None
    if _MARKER.search(text):
        raise UserError(f"{LOCK} is broken (it has merge markers); {AFTER_MERGE}")
    stages = found.get("stages") if isinstance(found, dict) else None
    if not (isinstance(stages, dict) and stages and all(map(_is_stage, stages.values()))):
        raise UserError(f"{LOCK} is broken (a stage is missing or incomplete); {REMEDY}")
    return stages


def require_repository() -> None:
    """Raise UserError if DVC needs a Git repository and neither this folder nor a parent folder is a repository."""
    places = [Path.cwd(), *Path.cwd().parents]
    if not (os.environ.get("GIT_DIR") or any((place / ".git").exists() for place in places) or _is_without_git()):
        raise UserError(
            "this folder is not a Git repository, but DVC needs one (a ZIP download has none); clone the project,"
            " or make one here: git init && git add -A && git commit -m Begin"
        )


def _is_without_git() -> bool:
    """Return whether .dvc/config or .dvc/config.local tells DVC to run without Git."""
    files = (Path(".dvc/config"), Path(".dvc/config.local"))
    return any(file.is_file() and re.search(r"(?mi)^\s*no_scm\s*=\s*true", file.read_text("utf-8")) for file in files)


def outputs(stages: dict[str, dict[str, Any]]) -> dict[Path, str]:
    """Return the md5 of every output that dvc.lock records. The md5 of a folder ends with `.dir`."""
    return {Path(out["path"]): out["md5"] for stage in stages.values() for out in stage.get("outs", [])}


def _is_stage(stage: Any) -> bool:
    if not (isinstance(stage, dict) and isinstance(stage.get("cmd"), str)):
        return False
    outs = stage.get("outs", [])
    return isinstance(outs, list) and all(
        isinstance(out, dict) and isinstance(out.get("path"), str) and isinstance(out.get("md5"), str) for out in outs
    )


def main() -> None:
    """Print an error if DVC cannot run. Otherwise print nothing."""
    require_repository()
    read_lock()


if __name__ == "__main__":
    run_script(main)
