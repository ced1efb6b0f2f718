"""Manage the promoted models. Each version has a folder, and one file names the version that is served.

The folder models/promoted/v<N> has the same files as models/serving: the model and the weights that guess sections. It
also has two files that promote.py writes: promotion.json and scores.jsonl. The file models/promoted/current.json names
the version that is served. A version is first written under a temporary name and then renamed. After that, current.json
is replaced. So if the command is killed, the server serves either the previous version or the new version.
"""

import shutil
from pathlib import Path
from typing import Any

from medsum.core.atomic import replacing_folder, write_json, write_jsonl
from medsum.core.errors import UserError
from medsum.core.paths import CONVERTED, MERGED, SECTION_GUESS
from medsum.core.reading import read_json

PROMOTED = Path("models/promoted")
CURRENT = PROMOTED / "current.json"
RECORD, SCORES = "promotion.json", "scores.jsonl"
NAME = "promoted"  # the value of --model that means the promoted version
REMEDY = "run `make rollback` or `make promote`"


def folder_of(version: int) -> Path:
    """Return the folder of a version."""
    return PROMOTED / f"v{version}"


def current() -> int | None:
    """Return the version that is served, or None if no model was promoted.

    Raise UserError if the folder of the version is missing.
    """
    if not CURRENT.exists():
        return None
    version = read_json(CURRENT, REMEDY).get("version")
    if not isinstance(version, int) or f"v{version}" not in {path.parent.name for path in PROMOTED.glob(f"*/{RECORD}")}:
        raise UserError(f"{CURRENT} names a version whose folder is missing; {REMEDY}")
    return version


def record_of(version: int) -> dict[str, Any]:
    """Return the record of a promotion: the content of promotion.json."""
    return read_json(folder_of(version) / RECORD, REMEDY)


def next_version() -> int:
    """Return the number of the next version. It is higher than the number of every existing version."""
    found = (path.name.removeprefix("v") for path in PROMOTED.glob("v*"))
    return max((int(name) for name in found if name.isdecimal()), default=0) + 1


def add(version: int, record: dict[str, Any], scores: list[dict[str, Any]]) -> None:
    """Copy the model of models/serving into the folder of a version. The version is not served yet."""
    served = CONVERTED if CONVERTED.is_dir() else MERGED
    if not (served.is_dir() and SECTION_GUESS.is_file()):
        raise UserError(f"{served.parent} has no model to promote; run `dvc repro` to make it")
    with replacing_folder(folder_of(version)) as folder:
        shutil.copytree(served, folder / served.name)
        shutil.copyfile(SECTION_GUESS, folder / SECTION_GUESS.name)
        write_jsonl(folder / SCORES, scores)
        write_json(folder / RECORD, record)


def serve(version: int) -> None:
    """Choose the version that the server serves after its next start."""
    write_json(CURRENT, {"version": version})


def chosen_model(model: str | None) -> str:
    """Return the name or the folder of the model to open.

    Return `model` if it is given. Otherwise return the promoted version, or `serving` if no model was promoted. Raise
    UserError if the folder of the promoted version is missing.
    """
    if model is not None and model != NAME:
        return model
    version = current()
    if version is not None:
        return folder_of(version).as_posix()
    if model == NAME:
        raise UserError("no model was promoted yet; run `make promote`, or leave out --model")
    return "serving"


def guess_file() -> Path:
    """Return the file with the weights that guess sections.

    If there is a promoted version, return the file of this version.
    """
    version = current()
    return SECTION_GUESS if version is None else folder_of(version) / SECTION_GUESS.name


def told(model: str) -> str:
    """Return a sentence that names the model if it is a promoted version. Otherwise return an empty text."""
    folder = Path(model)
    return f"The model is {folder.name} of {PROMOTED}." if folder.parent == PROMOTED else ""
