"""Write the bundle's SHA256SUMS, in the format of sha256sum. install.sh compares every file with SHA256SUMS."""

from pathlib import Path

from medsum.core.atomic import write_text
from medsum.core.hashing import sha256

NAME = "SHA256SUMS"


def write(bundle: Path) -> None:
    """Write the sha256 of every file of the bundle, sorted by path."""
    files = sorted(file for file in bundle.rglob("*") if file.is_file() and file != bundle / NAME)
    write_text(bundle / NAME, "".join(f"{sha256(file)}  {file.relative_to(bundle).as_posix()}\n" for file in files))


def of_bundle(bundle: Path) -> str:
    """Return the sha256 of SHA256SUMS. This sha256 changes if any file of the bundle changes."""
    return sha256(bundle / NAME)
