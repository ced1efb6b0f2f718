"""Run the whole pipeline twice and compare every output: `python -m medsum.review.reproduce [PROJECT]`.

Each run has its own clone of the project's last commit, and an empty cache. The two runs have different surroundings:
path, order of sets (PYTHONHASHSEED), language, time zone and permissions of new files (umask). Models and data that Git
does not have are copied from the project. No run uses the network or a result of another run, so the command takes as
long as two training runs. The clones are deleted if all outputs are equal.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path

from dvc.exceptions import DvcException
from dvc.repo import Repo

from medsum.core.errors import UserError, first_line, run_script
from medsum.core.lock import outputs, read_lock
from medsum.core.pipeline import reason

LANGUAGES = ("tr_TR.utf8", "de_DE.utf8", "fr_FR.utf8", "C.utf8")  # Turkish is first: its upper-case i is not I


@dataclass(frozen=True)
class Surroundings:
    """Properties of a run that must not change its result. `folder` is the name of the run's folder."""

    folder: str
    hash_seed: str
    language: str
    time_zone: str
    umask: int

    @property
    def told(self) -> str:
        """Return the surroundings as a text for a message."""
        return f"PYTHONHASHSEED={self.hash_seed} LC_ALL={self.language} TZ={self.time_zone} umask={self.umask:03o}"


def both() -> tuple[Surroundings, Surroundings]:
    """Return the surroundings of the two runs. The second run uses one of the LANGUAGES that this machine supports."""
    done = subprocess.run(["locale", "-a"], capture_output=True, encoding="utf-8", errors="replace", check=False)
    there = done.stdout.replace("UTF-8", "utf8").split()
    other = next((name for name in LANGUAGES if name in there), "POSIX")
    return (
        Surroundings("a", "0", "C", "UTC0", 0o022),
        Surroundings("another folder/ü/b", "4294967295", other, "NPT-5:45", 0o077),
    )


def needed_folders(project: Path) -> list[Path]:
    """Return the folders that the parameters need and that DVC neither caches nor deletes, such as base models."""
    try:
        with chdir(project), Repo() as repo:
            outs = [Path(out.fs_path) for out in repo.index.outs if out.persist and not out.use_cache]
    except (DvcException, OSError) as error:
        raise UserError(f"DVC cannot read {project} ({first_line(error)}); run `dvc status` there to see why") from None
    return [path.relative_to(project) for path in outs if path.exists()]


def clone(project: Path, folder: Path) -> None:
    """Clone the last commit and copy the folders that Git does not have."""
    done = subprocess.run(
        ["git", "clone", "--quiet", "--no-hardlinks", str(project), str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise UserError(f"{project} cannot be cloned: {done.stderr.strip().partition(chr(10))[0]}; check the folder")
    for path in needed_folders(project):
        shutil.copytree(project / path, folder / path, dirs_exist_ok=True)


def run(folder: Path, around: Surroundings, log: Path) -> dict[Path, str]:
    """Run the pipeline in a clone, with its output in `log`. Return the md5 of each output by path."""
    (folder / "dvc.lock").unlink(missing_ok=True)  # without this file, DVC runs every stage
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONHASHSEED": around.hash_seed,
        "LC_ALL": around.language,
        "TZ": around.time_zone,
    }
    with log.open("wb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "dvc", "repro"],
            cwd=folder,
            env={name: value for name, value in variables.items() if name != "DVC_ROOT"},
            umask=around.umask,
            stdout=file,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        said = reason(log.read_text(encoding="utf-8", errors="replace"))
        raise UserError(f"`dvc repro` failed in {folder} ({around.told}): {said}; see {log}")
    with chdir(folder):
        return outputs(read_lock())


def differences(first: dict[Path, str], second: dict[Path, str]) -> list[Path]:
    """Return the outputs that differ, and the outputs that only one of the runs has."""
    return sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))


def check(project: Path, folder: Path) -> int:
    """Run the pipeline twice below `folder`. Return the number of outputs. Raise UserError if an output differs."""
    found = []
    for around in both():
        place = folder / around.folder
        place.parent.mkdir(parents=True, exist_ok=True)
        clone(project, place)
        print(f"Running in {place}: {around.told}", flush=True)
        found.append(run(place, around, folder / f"{place.name}.log"))
    if wrong := differences(*found):
        named = ", ".join(map(str, wrong))
        raise UserError(f"{len(wrong)} of {len(found[0])} outputs differ ({named}); compare them below {folder}")
    return len(found[0])


def main() -> None:
    """Run the check in a temporary folder. The folder is not deleted if the outputs differ."""
    parser = argparse.ArgumentParser(
        prog="python -m medsum.review.reproduce", description="Run the pipeline twice and compare every output."
    )
    parser.add_argument("project", type=Path, nargs="?", default=Path(), help="default: this folder")
    parser.add_argument("--folder", type=Path, help="an empty folder for the two runs (default: a temporary one)")
    given = parser.parse_args()
    project = given.project.resolve()
    if given.folder and given.folder.exists() and any(given.folder.iterdir()):
        raise UserError(f"--folder {given.folder} is not empty; choose another one")
    folder = given.folder.resolve() if given.folder else Path(tempfile.mkdtemp(prefix="medsum-reproduce-"))
    compared = check(project, folder)
    shutil.rmtree(folder)
    print(f"All {compared} outputs are equal in both runs.")


if __name__ == "__main__":
    run_script(main)
