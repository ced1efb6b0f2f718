"""Checkpoints of a running training, outside the pipeline's outputs, so that a killed run can resume.

They lie in `.checkpoints/<fingerprint>` of the main project, whose folder DVC also names in `--temp` runs. The
fingerprint covers everything that determines the result, so a changed parameter never resumes an old run.
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

from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.core.paths import CHECKPOINTS

SEAL = "whole.json"  # name and size of every other file: written last, so that an incomplete checkpoint shows
LIBRARIES = ("accelerate", "bitsandbytes", "peft", "rouge-score", "tokenizers", "torch", "transformers")


def main_project() -> Path:
    """Return the folder of the main project, even if DVC runs an experiment in a copy of it."""
    return Path(os.environ.get("DVC_ROOT") or ".").resolve()


def fingerprint(values: dict[str, Any], inputs: Iterable[Path]) -> str:
    """Return a digest of parameters, input files or folders, the project's loaded code, libraries and device.

    It also covers the main project's folder, since checkpoints hold absolute paths.
    """
    versions = {name: version(name) for name in LIBRARIES}
    digest = hashlib.sha256(json.dumps([values, versions, _device(), str(main_project())], sort_keys=True).encode())
    for path in [*inputs, *_own_code()]:
        for name, file in _files(path):
            digest.update(f"{name} {sha256(file)}\n".encode())
    return digest.hexdigest()[:16]


def _files(path: Path) -> list[tuple[str, Path]]:
    """Return a file, or a folder's files by name, without hidden folders, where Git and the hub keep theirs."""
    if not path.is_dir():
        return [(path.name, path)]
    names = {file.relative_to(path): file for file in path.rglob("*") if file.is_file()}
    return [(n.as_posix(), names[n]) for n in sorted(names) if not any(p.startswith(".") for p in n.parts[:-1])]


def _device() -> str:
    """Return the device, the same for all processes of a machine: a GPU must not resume what a CPU has begun."""
    return torch.cuda.get_device_name(0) if torch.cuda.is_available() else "cpu"


def _own_code() -> list[Path]:
    modules = [sys.modules[name] for name in sorted(sys.modules) if name.partition(".")[0] in ("medsum", "stages")]
    files = [getattr(module, "__file__", None) for module in [*modules, sys.modules["__main__"]]]  # a notebook has none
    return [Path(file) for file in files if file]


@contextmanager
def claimed(key: str, *, first: bool = True) -> Iterator[Path]:
    """Claim the folder of a training's checkpoints for the block, and remove it when the block succeeds.

    Of several processes, the `first` claims it for all. Raises UserError if another run trains the same, or if the
    folder cannot be written.
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
        raise UserError(f"another process is training exactly this in {folder}; wait for it or stop it") from None
    except OSError as error:
        raise UserError(f"{folder} cannot be written: {error.strerror}; make room or set its permissions") from None
    try:
        yield folder
    except BaseException:
        lock.release()
        raise
    lock.release()
    shutil.rmtree(folder, ignore_errors=True)  # whatever is left is either whole or not recognised


def unwritten_because(error: BaseException) -> str | None:
    """Return the reason of a failed write in a few words, None for any other error.

    torch, safetensors, tokenizers and torch's distributed writer each raise their own errors.
    """
    if isinstance(error, CheckpointException):
        error = next(iter(error.failures.values()))[0]
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    written = isinstance(error, (OSError, RuntimeError, SafetensorError)) or "(os error" in str(error)
    return str(error).partition("\n")[0] if written else None


def step_of(checkpoint: Path) -> int:
    """Return the number of optimizer steps before a checkpoint."""
    return int(checkpoint.name.rpartition("-")[2])


def newest(folder: Path, *, tidy: bool = True) -> Path | None:
    """Return the last whole checkpoint; if `tidy`, remove incomplete ones, which a kill leaves."""
    whole = []
    for checkpoint in folder.glob("checkpoint-*"):
        if _is_whole(checkpoint):
            whole.append(checkpoint)
        elif tidy:
            shutil.rmtree(checkpoint)
    return max(whole, key=step_of, default=None)


def seal(checkpoint: Path, best_step: int | None) -> None:
    """Mark a checkpoint as whole and, once it is on disk, remove all others except the best."""
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
    """Wait until these files and, on POSIX, the entries of these folders survive a power cut."""
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
