"""Check outputs, models and DVC's cache against their hashes. Print what is damaged and what to do.

    python -m medsum.review.verify

DVC does not check an object of its cache again before it uses the object. So a bad disk can change a result without a
message. This command reads everything and changes nothing. Its exit code is 1 if something is damaged.
"""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from medsum.core import manifest
from medsum.core.errors import UserError, run_script
from medsum.core.lock import outputs, read_lock

CACHE = Path(".dvc/cache/files/md5")
MODELS = Path("models")
FOLDER = ".dir"  # the md5 of a folder ends with this suffix; the object in the cache lists the files of the folder


def md5(file: Path) -> str:
    """Return the md5 of a file, which is the name of its object in DVC's cache."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def damaged_objects() -> Iterator[str]:
    """Yield a sentence for each object of the cache whose content does not match its name."""
    for file in sorted(CACHE.glob("??/*")):
        if file.is_file() and md5(file) != f"{file.parent.name}{file.name}".removesuffix(FOLDER):
            yield f"{file} is damaged; delete it, then run `dvc fetch`, or `dvc repro` if no remote has it"


def changed_outputs() -> Iterator[str]:
    """Yield a sentence for each output in the work tree that differs from dvc.lock."""
    for path, digest in outputs(read_lock()).items():
        if not path.exists():
            yield f"{path} is not there; run `dvc checkout {path}`, or `dvc repro`"
        elif path.is_file() and md5(path) != digest:
            yield f"{path} is not what dvc.lock records; run `dvc repro`, or `dvc checkout --force {path}` to go back"
        elif path.is_dir():
            yield from _changed_files(path, digest)


def _changed_files(folder: Path, digest: str) -> Iterator[str]:
    listing = CACHE / digest[:2] / digest[2:]
    if not listing.is_file():  # a fetched base model is not in the cache; `changed_models` checks it
        return
    try:
        wanted = {entry["relpath"]: entry["md5"] for entry in json.loads(listing.read_bytes())}
    except (ValueError, KeyError, TypeError):
        return  # damaged_objects reports this object
    for name, content in wanted.items():
        file = folder / name
        if not file.is_file() or md5(file) != content:
            yield f"{file} is not what dvc.lock records; delete {folder} and run `dvc checkout {folder}`"


def changed_models() -> Iterator[str]:
    """Yield a sentence for each file of a model that differs from the manifest."""
    for listing in sorted(MODELS.glob(f"**/{manifest.NAME}")):
        for name, digest in manifest.read(listing.parent).items():
            file = listing.parent / name
            if not file.is_file():
                yield f"{file} is missing, but it belongs to the model; {manifest.REMEDY}"
                continue
            try:
                manifest.require_file(file, digest)
            except UserError as error:
                yield str(error)


def main() -> None:
    """Check everything and print all problems at once."""
    found = [*damaged_objects(), *changed_outputs(), *changed_models()]
    for sentence in found:
        print(sentence)
    if found:
        raise UserError(f"{len(found)} files are damaged or changed; repair the cache first, then the work tree")
    print(f"{MODELS}, outputs and {CACHE}: every file matches its hash")


if __name__ == "__main__":
    run_script(main)
