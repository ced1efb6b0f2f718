"""Find a record in DVC's cache: objects with its text, models that were trained on it, and DVC's notes of the runs.

An object is a file of the cache. Its name is the md5 of its content. The run cache has an entry for each run of a
stage. The entry has the md5 of everything that the run read and wrote.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from medsum.core.atomic import write_json
from medsum.core.lock import outputs, read_lock
from medsum.core.paths import BASES, SCORERS
from medsum.erase.content import texts_of
from medsum.erase.finding import Finding
from medsum.erase.places import Places
from medsum.erase.traces import Traces

FOLDER = ".dir"  # the md5 of a folder ends with this suffix; the object in the cache lists the files of the folder
ERASED = Path(".medsum/erased.json")  # has the md5 of models that the next training run must replace, and no ids
Stage = dict[str, Any]  # an entry of dvc.lock or of the run cache


@dataclass
class Held:
    """What DVC has of a record: objects with its text, models trained on it (both as md5), and entries of runs."""

    texts: set[str] = field(default_factory=set)
    models: set[str] = field(default_factory=set)
    runs: list[Path] = field(default_factory=list)


def objects(places: Places) -> Iterator[Path]:
    """Yield every object of the cache."""
    for folder in places.objects:
        yield from sorted(file for file in folder.glob("[0-9a-f][0-9a-f]/*") if file.is_file())


def md5_of(file: Path) -> str:
    """Return the md5 of an object. The path of the object consists of this md5."""
    return f"{file.parent.name}{file.name}"


def held(places: Places, traces: Traces, locks: Iterable[Stage], files: Iterable[Path]) -> Held:
    """Return what DVC has of the record.

    `locks` are the stages in the dvc.lock files of the work tree and of the experiments. `files` are the files of the
    work tree that have the record.
    """
    found = Held({md5_of(file) for file in objects(places) if traces.in_any(texts_of(file))})
    found.texts |= {digest for path, digest in outputs(read_lock()).items() if path in set(files)}
    runs = {path: stage for path in sorted(places.runs.glob("??/*/*")) if (stage := _stage(path))}
    found.models = _erased() | trained(found.texts, [*runs.values(), *locks])
    found.runs = [path for path, stage in runs.items() if not (found.texts | found.models).isdisjoint(md5s(stage))]
    return found


def trained(texts: set[str], stages: list[Stage]) -> set[str]:
    """Return the md5 of all models that were made from objects with the text. `texts` has the md5 of these objects.

    A stage made such a model directly from the objects, or from another model that was made from them.
    """
    models: set[str] = set()
    while True:
        new = {
            str(out.get("md5"))
            for stage in stages
            if any(dep.get("md5") in texts | models for dep in stage.get("deps") or ())
            for out in stage.get("outs") or ()
            if is_model(str(out.get("path")))
        }
        if new <= models:
            return models
        models |= new


def is_model(path: str) -> bool:
    """Return whether a path is a model that a stage makes."""
    return path.startswith("models/") and not path.startswith((f"{BASES}/", f"{SCORERS}/"))


def md5s(stage: Stage) -> set[str]:
    """Return the md5 of everything that a stage read and wrote."""
    return {str(one.get("md5")) for kind in ("deps", "outs") for one in stage.get(kind) or ()}


def current_models(models: set[str]) -> dict[Path, str]:
    """Return those of the models that dvc.lock names. They stay until a new training run replaces them."""
    return {path: digest for path, digest in outputs(read_lock()).items() if digest in models}


def findings(places: Places, found: Held) -> list[Finding]:
    """Return the findings in the order of removal. Objects that lead to other objects are removed last."""
    kept = set(current_models(found.models).values())
    old = _with_members(places, found.models - kept)
    texts = [file for file in objects(places) if md5_of(file) in found.texts]
    # Objects with whole records come last.
    texts.sort(key=lambda file: any('"dialogue"' in text for text in texts_of(file)))
    cache = places.objects[0]
    several = [
        (found.runs, "records of runs in DVC's run cache", places.runs),
        (old, "files of models trained on it, from earlier runs, in DVC's cache", cache),
        (texts, "files with its text or id in DVC's cache", cache),
    ]
    return [Finding(f"{len(files)} {what}", "deleted", partial(_delete, files)) for files, what, _ in several if files]


def remember(found: Held) -> None:
    """Save the md5 of the models that a new training run must replace, so that a later erasure removes the models."""
    models = sorted(current_models(found.models).values())
    if models or ERASED.exists():
        write_json(ERASED, {"models": models})


def _erased() -> set[str]:
    try:
        found = json.loads(ERASED.read_text(encoding="utf-8"))
        return set(map(str, found["models"]))
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _stage(path: Path) -> Stage | None:
    """Return an entry of the run cache, or None if the file is not a valid entry."""
    try:
        found = yaml.load(path.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 (both are safe)
    except (OSError, yaml.YAMLError):
        return None
    return found if isinstance(found, dict) else None


def _with_members(places: Places, models: set[str]) -> list[Path]:
    """Return the objects of these models, with their files. Leave out files that the cache needs for another folder."""
    listings = {file: _members(file) for file in objects(places) if file.name.endswith(FOLDER)}
    ours = {file for file in listings if md5_of(file) in models}
    others = {md5 for file, members in listings.items() if file not in ours for md5 in members}
    members = {md5 for file in ours for md5 in listings[file]} - others
    files = [file for file in objects(places) if md5_of(file) in members | models and file not in ours]
    return [*files, *sorted(ours)]  # the object of a folder comes last, because it leads to the files of the folder


def _members(listing: Path) -> set[str]:
    try:
        return {str(entry["md5"]) for entry in json.loads(listing.read_bytes())}
    except (OSError, ValueError, KeyError, TypeError):
        return set()


def _delete(files: list[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
