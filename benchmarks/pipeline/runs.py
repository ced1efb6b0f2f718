"""Run the pipeline in separate folders: clones of this project that differ in one parameter.

The clones share the project's DVC cache. So a second call restores the results and repeats no run.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from medsum.core.catalogue import is_there
from medsum.core.errors import UserError
from medsum.core.paths import PARAMS

CHOSEN = {"data.source": "data/raw", "model.base": "models/base", "evaluate.scorer": "models/scorer"}


def make_runs(parent: Path, vary: str, changes: list[str]) -> list[Path]:
    """Run the pipeline once for each value in `vary`, such as `split.seed=1,2,3`.

    `changes` are settings of all runs, such as `train.num_epochs=4`.

    Return the folders `parent/<key>=<value>` in the order of the values. Raise UserError if a run fails.
    """
    key, _, values = vary.partition("=")
    if not values:
        raise UserError(f"--vary is '{vary}'; write it as KEY=VALUE,VALUE such as split.seed=1,2,3")
    if _output("git", "status", "--porcelain", "--untracked-files=no"):
        print("Note: these runs do not use your uncommitted changes.", file=sys.stderr)
    folders = []
    for value in values.split(","):
        folder = (parent / f"{key}={value}").resolve()
        _clone(folder)
        _set_params(folder, [*changes, f"{key}={value}"])
        _copy_chosen(folder)
        print(f"{folder}: dvc repro", file=sys.stderr)
        if subprocess.run(["dvc", "repro"], cwd=folder, stdout=sys.stderr, check=False).returncode:
            raise UserError(f"the pipeline failed in {folder}; see the lines above")
        folders.append(folder)
    return folders


def _output(*command: str, folder: Path = Path()) -> str:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def _clone(folder: Path) -> None:
    """Clone the last commit into the folder. If the folder already has this commit, keep it."""
    head = _output("git", "rev-parse", "HEAD")
    if folder.exists():
        if _output("git", "rev-parse", "HEAD", folder=folder) != head:
            raise UserError(f"{folder} belongs to another commit; delete it or choose another folder")
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", _output("git", "rev-parse", "--show-toplevel"), folder], check=True)
    subprocess.run(
        ["dvc", "cache", "dir", "--quiet", "--local", _output("dvc", "cache", "dir")], cwd=folder, check=True
    )


def _set_params(folder: Path, changes: list[str]) -> None:
    """Write KEY=VALUE settings into the committed params.yaml. The stage check refuses invalid values."""
    params = yaml.safe_load(PARAMS.read_text(encoding="utf-8"))
    for change in changes:
        key, _, value = change.partition("=")
        section, *path, leaf = key.split(".") if "." in key else ["", key]
        values: Any = params.get(section)
        for name in path:
            values = values.get(name) if isinstance(values, dict) else None
        if not isinstance(values, dict) or leaf not in values:
            raise UserError(f"{key} is not a parameter in {PARAMS}; write SECTION.KEY=VALUE")
        values[leaf] = yaml.safe_load(value)
    (folder / PARAMS).write_text(yaml.safe_dump(params, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _copy_chosen(folder: Path) -> None:
    """Copy data and models that the parameters choose and that Git does not track. Skip what this project lacks."""
    params = yaml.safe_load((folder / PARAMS).read_text(encoding="utf-8"))
    for key, catalogue in CHOSEN.items():
        section, _, leaf = key.partition(".")
        chosen = Path(catalogue, params[section][leaf])
        if is_there(chosen) and not is_there(folder / chosen):
            shutil.copytree(chosen, folder / chosen, dirs_exist_ok=True)
