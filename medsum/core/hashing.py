"""Compute the sha256 of files."""

import hashlib
from pathlib import Path


def sha256(file: Path) -> str:
    """Return the sha256 of a file in hexadecimal digits. The file may be larger than the machine's memory."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
