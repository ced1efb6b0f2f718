"""The catalogues: folders of named data sets and models, some in Git, some fetched, some the user's own.

A catalogue's catalogue.yaml lists the entries that can be chosen by name: the kind of each, its origin and its licence.
Until an entry is fetched, its folder holds only a .gitignore, which keeps the folder in Git.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.paths import BASES, SCORERS, SOURCES
from medsum.core.reading import read_yaml

FETCH = {  # what puts an entry into its folder
    SOURCES: "python -m stages.fetch_data",
    BASES: "python -m stages.fetch_base",
    SCORERS: "python -m stages.fetch_scorer",
}


REMEDY = "restore it from Git"


@cache
def entries(catalogue: Path) -> dict[str, dict[str, Any]]:
    """Return name → facts of every entry of catalogue.yaml; none where the folder has no such file."""
    path = catalogue / "catalogue.yaml"
    if not path.exists():
        return {}
    found: dict[str, dict[str, Any]] = read_yaml(path, REMEDY)
    if not (isinstance(found, dict) and all(isinstance(facts, dict) for facts in found.values())):
        raise UserError(f"{path} is no list of entries by name; {REMEDY}")
    return found


def is_there(folder: Path) -> bool:
    """Return whether the folder holds more than the .gitignore of an entry that is not fetched yet."""
    return folder.is_dir() and any(file.name != ".gitignore" for file in folder.iterdir())


def names(catalogue: Path) -> list[str]:
    """Return every name that can be chosen: the folders that are there and the entries of catalogue.yaml.

    `dvc exp run --temp` and DVC's queue run in a copy with Git's files alone, and DVC_ROOT names the project itself:
    its folders can be chosen too, since the stage that brings the folder copies it from there.
    """
    places = {catalogue, Path(os.environ.get("DVC_ROOT") or ".", catalogue)}
    present = {
        folder.name
        for place in places
        if place.is_dir()
        for folder in place.iterdir()
        if not folder.name.startswith(".") and is_there(folder)
    }
    return sorted(present | entries(catalogue).keys())


def check_name(key: str, name: str, catalogue: Path, where: str = "params.yaml") -> None:
    """Raise UserError that lists the known names unless `name` is one; `where` is where the user wrote it."""
    check_hub_name(key, name, catalogue, where)
    known = names(catalogue)
    if name not in known:
        raise UserError(
            f"{where}: {key} is '{name}', but {catalogue} has only {', '.join(known)};"
            f" choose one of them or put your own folder at {catalogue / name}"
        )


def check_hub_name(key: str, name: object, catalogue: Path, where: str = "params.yaml") -> None:
    """Raise UserError with the right name if `name` is an entry's repository on the hub."""
    for entry, facts in entries(catalogue).items():
        if isinstance(name, str) and name.casefold() == facts.get("repository", "").casefold() != "":
            raise UserError(f"{where}: {key} is '{name}', which is called {entry} here; choose {key}={entry}")


def require_there(name: str, catalogue: Path) -> None:
    """Raise UserError that says how to get the folder of a known name if it is not there."""
    folder = catalogue / name
    if is_there(folder):
        return
    kind = entries(catalogue).get(name, {}).get("kind")
    if kind is None:
        raise UserError(f"{folder} is not there, and no entry of {catalogue}/catalogue.yaml: put your own folder there")
    if kind == "git":
        raise UserError(f"{folder} is not there; restore it from Git with `git checkout {folder}`")
    raise UserError(f"{folder} is not fetched yet; run `{FETCH[catalogue]} {name}`")
