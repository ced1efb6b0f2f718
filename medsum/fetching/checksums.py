"""The sha256 of fetched files, held against the pinned one."""

import hashlib
from pathlib import Path

from medsum.core.errors import UserError


def sha256(path: Path) -> str:
    """Return the file's hash as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def require_pinned(path: Path, digest: str, remedy: str, name: str = "") -> None:
    """Raise UserError with a remedy unless the file has this sha256; `name` is what the user calls the file."""
    if sha256(path) != digest:
        raise UserError(f"{name or path} is not the pinned file: its sha256 differs; {remedy}")
