"""Manage the checkpoints of a training run. A killed run resumes from a checkpoint.

Checkpoints are not outputs of the pipeline. They are stored in `.checkpoints/<fingerprint>` of the main project. The
fingerprint is a digest of everything that determines the result. So a run with a changed parameter never resumes an
old run.

The main project is the folder in which the user works. `dvc exp run --temp` runs in a temporary copy of the main
project. In the copy, the environment variable DVC_ROOT is the path of the main project.
"""

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from safetensors import SafetensorError
from torch.distributed.checkpoint.api import CheckpointException

from medsum.core.errors import UserError, first_line
from medsum.core.hashing import sha256
from medsum.core.paths import CHECKPOINTS

# This file of a checkpoint lists the names and sizes of all other files. It is written last, so only a complete
# checkpoint has this file.
SEAL = "whole.json"
LIBRARIES = ("accelerate", "bitsandbytes", "peft", "rouge-score", "tokenizers", "torch", "transformers")


def main_project() -> Path:
    """Return the folder of the main project, even if DVC runs an experiment in a temporary copy."""
    return Path(os.environ.get("DVC_ROOT") or ".").resolve()


def fingerprint(values: dict[str, Any], inputs: Iterable[Path]) -> str:
    """Return a digest of the parameters, the input files, this project's imported code, the libraries and the device.

    The digest also includes the path of the main project, because checkpoints hold absolute paths.
    """
    versions = {name: version(name) for name in LIBRARIES}
    digest = hashlib.sha256(json.dumps([values, versions, _device(), str(main_project())], sort_keys=True).encode())
    for path in [*inputs, *_own_code()]:
        for name, file in _files(path):
            digest.update(f"{name} {sha256(file)}\n".encode())
    return digest.hexdigest()[:16]


def _files(path: Path) -> list[tuple[str, Path]]:
    """Return the name and path of a file, or of all files in a folder, sorted by name.

    Hidden folders are left out, because Git and the model hub's client store their own files in such folders.
    """
    if not path.is_dir():
        return [(path.name, path)]
    names = {file.relative_to(path): file for file in path.rglob("*") if file.is_file()}
    return [(n.as_posix(), names[n]) for n in sorted(names) if not any(p.startswith(".") for p in n.parts[:-1])]


def _device() -> str:
    """Return the name of the device. All processes of a machine return the same name.

    The fingerprint includes the name, so that a run on a GPU does not resume a run that began on a CPU.
    """
    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu"


def _own_code() -> list[Path]:
    modules = [sys.modules[name] for name in sorted(sys.modules) if name.partition(".")[0] in ("medsum", "stages")]
    # In a notebook, `__main__` has no file.
    files = [getattr(module, "__file__", None) for module in [*modules, sys.modules["__main__"]]]
    return [Path(file) for file in files if file]


@contextmanager
def claimed(key: str, *, first: bool = True) -> Iterator[Path]:
    """Lock the folder of a run's checkpoints during the `with` block. Delete this folder if the block succeeds.

    If a run has several processes, only the `first` process locks the folder. Raise UserError if another process runs
    the same training, or if the folder cannot be written.
    """
    folder = main_project() / CHECKPOINTS / key
    if not first:
        yield folder
        return
    lock = FileLock(folder / "lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise UserError(f"another process does the same training run in {folder}; wait for it or stop it") from None
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}; free space or set its permissions") from None
    try:
        yield folder
    except BaseException:
        lock.release()
        raise
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)  # a checkpoint that cannot be deleted does no harm


def unwritten_because(error: BaseException) -> str | None:
    """Return the reason in a few words if `error` is a failed write. Return None for any other error.

    If a write fails, torch, its distributed writer, safetensors and tokenizers raise different error classes.
    """
    if isinstance(error, CheckpointException):
        error = next(iter(error.failures.values()))[0]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    written = isinstance(error, (OSError, RuntimeError, SafetensorError)) or "(os error" in str(error)
    return first_line(error) if written else None


def step_of(checkpoint: Path) -> int:
    """Return the optimizer step of a checkpoint."""
    return int(checkpoint.name.rpartition("-")[2])


def newest(folder: Path, *, tidy: bool = True) -> Path | None:
    """Return the newest complete checkpoint. If `tidy` is true, delete the incomplete checkpoints of killed runs."""
    whole = []
    for checkpoint in folder.glob("checkpoint-*"):
        if _is_whole(checkpoint):
            whole.append(checkpoint)
        elif tidy:
            shutil.rmtree(checkpoint)
    return max(whole, key=step_of, default=None)


def seal(checkpoint: Path, best_step: int | None) -> None:
    """Mark a checkpoint as complete and wait until it is on disk. Then delete all others except the best checkpoint."""
    files = [file for file in checkpoint.rglob("*") if file.is_file() and file.name != SEAL]
    sizes = {file.relative_to(checkpoint).as_posix(): file.stat().st_size for file in files}
    _to_disk(*files)
    (checkpoint / SEAL).write_text(json.dumps(sizes), encoding="utf-8")
    folders = {parent for file in files for parent in file.parents if parent.is_relative_to(checkpoint)}
    _to_disk(checkpoint / SEAL, *folders, checkpoint.parent)
    for other in checkpoint.parent.glob("checkpoint-*"):
        if other != checkpoint and step_of(other) != best_step:
            shutil.rmtree(other)


def _to_disk(*paths: Path) -> None:
    """Wait until files and folders are on disk, so that they survive a power cut. Without POSIX, skip folders."""
    for path in paths:
        if path.is_file():
            with path.open("rb+") as file:
                os.fsync(file.fileno())
        elif os.name == "posix":
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


def _is_whole(checkpoint: Path) -> bool:
    try:
        sizes = json.loads((checkpoint / SEAL).read_text(encoding="utf-8"))
        return all((checkpoint / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError):
        return False
