"""Whether dvc.lock is whole: a process that was killed, or a merge, can leave one that every dvc command stumbles over.

    python -m medsum.core.lock

Every make target asks first.
"""

from pathlib import Path
from typing import Any

from medsum.core.errors import UserError, run_script
from medsum.core.paths import LOCK
from medsum.core.reading import read_yaml

REMEDY = "run `git checkout dvc.lock`, then `dvc repro`"


def read_lock() -> dict[str, dict[str, Any]]:
    """Return the stages of dvc.lock, none where there is no such file; raises UserError where it is torn."""
    if not LOCK.exists():
        return {}
    try:
        found = read_yaml(LOCK, REMEDY)
    except UserError as error:
        reason = str(error).removeprefix(f"{LOCK}, ").partition(";")[0]
        raise UserError(f"{LOCK} is torn ({reason}); {REMEDY}") from None
    stages = found.get("stages") if isinstance(found, dict) else None
    if not (isinstance(stages, dict) and stages and all(map(_is_stage, stages.values()))):
        raise UserError(f"{LOCK} is torn (a stage or all of them are missing); {REMEDY}")
    return stages


def outputs(stages: dict[str, dict[str, Any]]) -> dict[Path, str]:
    """Return the md5 of every output that dvc.lock records; of a folder it ends with `.dir`."""
    return {Path(out["path"]): out["md5"] for stage in stages.values() for out in stage.get("outs", [])}


def _is_stage(stage: Any) -> bool:
    if not (isinstance(stage, dict) and isinstance(stage.get("cmd"), str)):
        return False
    outs = stage.get("outs", [])
    return isinstance(outs, list) and all(
        isinstance(out, dict) and isinstance(out.get("path"), str) and isinstance(out.get("md5"), str) for out in outs
    )


def main() -> None:
    """Say nothing where the file is whole."""
    read_lock()


if __name__ == "__main__":
    run_script(main)
