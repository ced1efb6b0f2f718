"""Compare the sha256 of a fetched file with the pinned sha256, which is the one that the catalogue holds."""

from pathlib import Path

from medsum.core.errors import UserError
from medsum.core.hashing import sha256


def require_pinned(path: Path, digest: str, remedy: str, name: str = "") -> None:
    """Raise UserError if the file's sha256 is not `digest`. The message has the `remedy` and the file's `name`."""
    if sha256(path) != digest:
        raise UserError(f"{name or path} is not the pinned file: its sha256 differs; {remedy}")
