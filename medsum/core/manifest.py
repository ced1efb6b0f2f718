"""Write and check the manifest of a model's folder. A manifest lists the files of the folder with their sha256.

The manifest is written when the folder is made. When the model is loaded, the files are compared with the manifest. The
manifest has the format of the program sha256sum. So `sha256sum -c manifest.sha256` can also check the files.
"""

import json
from contextlib import suppress
from pathlib import Path

from medsum.core.atomic import write_json, write_text
from medsum.core.errors import UserError
from medsum.core.hashing import sha256

NAME = "manifest.sha256"
SEEN = Path(".medsum/checked.json")  # sizes and modification times of the files that were checked
REMEDY = "delete that folder and run `dvc repro`"


def write(folder: Path) -> None:
    """Write the manifest of the files in `folder`, sorted by name."""
    files = sorted(file for file in folder.iterdir() if file.is_file() and not file.name.startswith("."))
    write_text(folder / NAME, "".join(f"{sha256(file)}  {file.name}\n" for file in files if file.name != NAME))


def require_unchanged(folder: Path) -> None:
    """Raise UserError if a file of the manifest is missing or has changed. Accept a folder without a manifest.

    Read a file again only if its size or its modification time has changed since the last check.
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
            raise UserError(f"{file} is missing, but it belongs to the model; {REMEDY}") from None
    if fresh:
        with suppress(UserError):  # without this list, the next check takes longer but works
            write_json(SEEN, {**seen, **fresh})


def read(folder: Path) -> dict[str, str]:
    """Return the sha256 of each file by name, or {} without a manifest. Raise UserError if the manifest is broken."""
    path = folder / NAME
    if not path.is_file():
        return {}
    try:
        pairs = [line.split("  ", 1) for line in path.read_text(encoding="utf-8").splitlines()]
        return {name: digest for digest, name in pairs}
    except (OSError, ValueError):
        raise UserError(f"{path} is not a list of sha256 and file names; {REMEDY}") from None


def require_file(file: Path, digest: str) -> None:
    """Raise UserError if the sha256 of the file is not `digest`. Raise OSError if the file does not exist."""
    if sha256(file) != digest:
        raise UserError(f"{file} has changed since it was made; {REMEDY}")


def _seen() -> dict[str, list[object]]:
    try:
        found = json.loads(SEEN.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
