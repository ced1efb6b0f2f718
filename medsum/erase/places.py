"""Find where DVC stores data: its cache, its run cache, its database of files (the state) and its remotes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dvc.exceptions import DvcException
from dvc.repo import Repo

from medsum.core.errors import UserError, first_line
from medsum.core.lock import read_lock, require_repository
from medsum.core.running import is_running

RUNNING = (Path(".dvc/tmp/rwlock"), Path(".dvc/tmp/exps/rwlock"))  # in these files, DVC lists the running stages


@dataclass(frozen=True)
class Places:
    """Folders of DVC, and the addresses of its remotes by name."""

    cache: Path
    objects: tuple[Path, ...]  # the folder of DVC 3, and the older folder of DVC 2, which still has lists of folders
    runs: Path
    state: Path  # a database outside the project; it has the names and the md5 of files
    remotes: dict[str, str]


def read_places() -> Places:
    """Return where DVC stores data. Raise UserError if DVC cannot read the project."""
    require_repository()
    read_lock()
    try:
        with Repo() as repo:
            objects = (Path(repo.cache.local.path), Path(repo.cache.legacy.path))
            cache = Path(repo.cache.local_cache_dir)
            runs, state = Path(repo.stage_cache.cache_dir), Path(repo.site_cache_dir)
            remotes = {name: str(facts.get("url", "")) for name, facts in repo.config["remote"].items()}
    except (DvcException, OSError) as error:
        raise UserError(f"DVC cannot read this project ({first_line(error)}); run `dvc status` to see why") from None
    return Places(cache, objects, runs, state, remotes)


def require_no_run() -> None:
    """Raise UserError while DVC runs a stage, because the stage would write the record again."""
    for path in RUNNING:
        for holder in _holders(path):
            if is_running(int(holder["pid"])):
                raise UserError(f"DVC is running `{holder['cmd']}` (process {holder['pid']}); wait for it or stop it")


def _holders(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [one for entry in found.values() for one in (entry.get("write"), *(entry.get("read") or ())) if one]
