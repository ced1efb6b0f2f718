"""What a folder of a model held when it was made: the sha256 of each file, checked when the model is loaded.

The manifest has the form of sha256sum, so `sha256sum -c manifest.sha256` checks it too.
"""

import json
from contextlib import suppress
from pathlib import Path

from medsum.core.atomic import write_json, write_text
from medsum.core.errors import UserError
from medsum.core.hashing import sha256

NAME = "manifest.sha256"
SEEN = Path(".medsum/checked.json")  # files that were found whole, by size and time, so that each is read once
REMEDY = "delete that folder and run `dvc repro`"


def write(folder: Path) -> None:
    """Write the manifest of the files that lie in `folder`, sorted by name."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    write_text(folder / NAME, "".join(f"{sha256(file)}  {file.name}\n" for file in files if file.name != NAME))


def require_unchanged(folder: Path) -> None:
    """Raise UserError where a file of the manifest is missing or not what was made; a folder without one passes.

    A file is read again only when its size or its time has changed.
    """
    seen = _seen()
    fresh = {}
    for name, digest in read(folder).items():
        file = folder / name
        try:
            stat = file.stat()
            stamp = [stat.st_size, stat.st_mtime_ns, digest]
            if seen.get(str(file.resolve())) != stamp:
                require_file(file, digest)
                fresh[str(file.resolve())] = stamp
        except OSError:
            raise UserError(f"{file} is missing, though it was made with the model; {REMEDY}") from None
    if fresh:
        with suppress(UserError):  # a folder that cannot be written costs time at the next start, no more
            write_json(SEEN, {**seen, **fresh})


def read(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file by name, empty where there is no manifest; raises UserError for a broken one."""
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        pairs = [line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines()]
        return {name: digest for digest, name in pairs}
    except (OSError, ValueError):
        raise UserError(f"{path} is no list of sha256 and names; {REMEDY}") from None


def require_file(file: Path, digest: str) -> None:
    """Raise UserError where the file's content is not the one of the manifest, and OSError where it is not there."""
    if sha256(file) != digest:
        raise UserError(f"{file} has changed since it was made; {REMEDY}")


def _seen() -> dict[str, list[object]]:
    try:
        found = json.loads(SEEN.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
