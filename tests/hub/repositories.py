"""What a hub keeps, and how it refuses."""

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatch

LARGE = ("*.bin", "*.h5", "*.model", "*.msgpack", "*.safetensors")  # kept outside Git, as .gitattributes has it


@dataclass
class Repository:
    """Files at one revision; `readers` are the tokens that may download them (none named: anyone may)."""

    revision: str
    files: dict[str, bytes]
    readers: set[str] = field(default_factory=set)
    owner: str = ""  # who may write; where it is private, nobody else sees it
    private: bool = False


class RefusalError(Exception):
    """An answer other than 200, with the header by which huggingface_hub tells them apart."""

    def __init__(self, status: int, code: str = "", message: str = "") -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def is_large(path: str) -> bool:
    """Whether a file is kept outside Git."""
    return any(fnmatch(path, pattern) for pattern in LARGE)


def sha256(content: bytes) -> str:
    """Name of a large file."""
    return hashlib.sha256(content).hexdigest()


def git_hash(content: bytes) -> str:
    """Name of a file in Git."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
