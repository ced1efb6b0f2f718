"""Find data sets and models by name in the catalogues.

A catalogue is a folder such as data/raw. Each folder in a catalogue is an entry: a data set or a model. Git stores some
entries, a stage of the pipeline fetches others, and users add their own. The file catalogue.yaml of a catalogue lists
the entries that Git stores or that can be fetched. The values of an entry (kind, origin, licence) are called facts.
Before an entry is fetched, the folder of the entry contains only a .gitignore, because Git stores no empty folders.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.paths import BASES, SCORERS, SOURCES
from medsum.core.reading import read_yaml

FETCH = {  # for each catalogue, the command that fetches an entry
    SOURCES: "python -m stages.fetch_data",
    BASES: "python -m stages.fetch_base",
    SCORERS: "python -m stages.fetch_scorer",
}


REMEDY = "restore it from Git"


@cache
def entries(catalogue: Path) -> dict[str, dict[str, Any]]:
    """Return the facts of every entry of catalogue.yaml by name, or {} if the catalogue has no such file."""
    path = catalogue / "catalogue.yaml"
    if not path.exists():
        return {}
    found: dict[str, dict[str, Any]] = read_yaml(path, REMEDY)
    if not (isinstance(found, dict) and all(map(_is_entry, found.items()))):
        raise UserError(f"{path} is not a list of entries by name; {REMEDY}")
    return found


def _is_entry(item: tuple[object, object]) -> bool:
    name, facts = item
    return isinstance(name, str) and isinstance(facts, dict) and isinstance(facts.get("repository", ""), str)


def is_there(folder: Path) -> bool:
    """Return whether the folder exists and contains anything except a .gitignore."""
    return folder.is_dir() and any(file.name != ".gitignore" for file in folder.iterdir())


def names(catalogue: Path) -> list[str]:
    """Return every name that can be chosen: the existing folders and the entries of catalogue.yaml.

    `dvc exp run --temp` and DVC's queue run in a temporary copy of the project, which has only the files that Git
    stores. In the copy, the environment variable DVC_ROOT is the path of the original project. The folders of the
    original project are included, because the fetch stages copy these folders.
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
    """Raise UserError if `name` is not known. The message lists all names. `where` says where the user wrote `name`."""
    check_hub_name(key, name, catalogue, where)
    known = names(catalogue)
    if name not in known:
        raise UserError(
            f"{where}: {key} is '{name}', but {catalogue} has only {', '.join(known)};"
            f" choose one of them or put your own folder at {catalogue / name}"
        )


def check_hub_name(key: str, name: object, catalogue: Path, where: str = "params.yaml") -> None:
    """Raise UserError if `name` is the name of an entry's repository on the model hub.

    The message says under which name the catalogue has the entry.
    """
    for entry, facts in entries(catalogue).items():
        if isinstance(name, str) and name.casefold() == facts.get("repository", "").casefold() != "":
            raise UserError(f"{where}: {key} is '{name}', which is called {entry} here; choose {key}={entry}")


def require_there(name: str, catalogue: Path) -> None:
    """Raise UserError if the folder `name` is missing or not fetched yet. The message says how to get the folder."""
    folder = catalogue / name
    if is_there(folder):
        return
    kind = entries(catalogue).get(name, {}).get("kind")
    if kind is None:
        raise UserError(
            f"{folder} is not there, and {catalogue}/catalogue.yaml has no such entry; put your own folder there"
        )
    if kind == "git":
        raise UserError(f"{folder} is not there; restore it from Git with `git checkout {folder}`")
    raise UserError(f"{folder} is not fetched yet; run `{FETCH[catalogue]} {name}`")
