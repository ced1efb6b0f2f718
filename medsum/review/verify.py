"""Check outputs, models and DVC's cache against their hashes; say what is damaged and what to do.

    python -m medsum.review.verify

DVC takes an object of its cache for whole without reading it again, so a bad disk can change a result in silence.
Reads everything, changes nothing; ends with exit code 1 where something is damaged.
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
FOLDER = ".dir"  # ends the md5 of a folder, whose object lists its files


def md5(file: Path) -> str:
    """Return the md5 of a file, as DVC names its objects."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def damaged_objects() -> Iterator[str]:
    """Yield a sentence for each object of the cache whose content is not what its name says."""
    for file in sorted(CACHE.glob("??/*")):
        if file.is_file() and md5(file) != f"{file.parent.name}{file.name}".removesuffix(FOLDER):
            yield f"{file} is damaged; delete it, then run `dvc fetch`, or `dvc repro` where no remote has it"


def changed_outputs() -> Iterator[str]:
    """Yield a sentence for each output in the work tree that is not what dvc.lock records."""
    for path, digest in outputs(read_lock()).items():
        if not path.exists():
            yield f"{path} is not there; run `dvc checkout {path}`, or `dvc repro`"
        elif path.is_file() and md5(path) != digest:
            yield f"{path} is not what dvc.lock records; run `dvc repro`, or `dvc checkout --force {path}` to go back"
        elif path.is_dir():
            yield from _changed_files(path, digest)


def _changed_files(folder: Path, digest: str) -> Iterator[str]:
    listing = CACHE / digest[:2] / digest[2:]
    if not listing.is_file():  # not cached, as what is fetched; its manifest is checked
        return
    try:
        wanted = {entry["relpath"]: entry["md5"] for entry in json.loads(listing.read_bytes())}
    except (ValueError, KeyError, TypeError):
        return  # a damaged object, which is named as such
    for name, content in wanted.items():
        file = folder / name
        if not file.is_file() or md5(file) != content:
            yield f"{file} is not what dvc.lock records; delete {folder} and run `dvc checkout {folder}`"


def changed_models() -> Iterator[str]:
    """Yield a sentence for each file of a model that is not what its manifest says."""
    for listing in sorted(MODELS.glob(f"**/{manifest.NAME}")):
        for name, digest in manifest.read(listing.parent).items():
            file = listing.parent / name
            if not file.is_file():
                yield f"{file} is missing, though it was made with the model; {manifest.REMEDY}"
                continue
            try:
                manifest.require_file(file, digest)
            except UserError as error:
                yield str(error)


def main() -> None:
    """Check everything and tell all that is wrong at once."""
    found = [*damaged_objects(), *changed_outputs(), *changed_models()]
    for sentence in found:
        print(sentence)
    if found:
        raise UserError(f"{len(found)} files are not what they should be; mend the cache first, then the work tree")
    print(f"{MODELS}, outputs and {CACHE}: every file is what its hash says")


if __name__ == "__main__":
    run_script(main)
