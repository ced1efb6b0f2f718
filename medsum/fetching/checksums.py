"""The sha256 of fetched files, held against the pinned one."""

from pathlib import Path

from medsum.core.errors import UserError
from medsum.core.hashing import sha256


def require_pinned(path: Path, digest: str, remedy: str, name: str = "") -> None:
    """Raise UserError with a remedy unless the file has this sha256; `name` is what the user calls the file."""
    if sha256(path) != digest:
        raise UserError(f"{name or path} is not the pinned file: its sha256 differs; {remedy}")
