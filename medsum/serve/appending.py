"""Append lines to files that only their owner can read.

Several threads and processes may append to the same file. If a process is killed while it writes, the file may end with
a part of a line. The next append removes this part.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from medsum.core.errors import UserError

_BLOCK_BYTES = 65_536


def require_private(path: Path) -> None:
    """Make the file if it is missing. Raise UserError if it cannot be written or if other users can read it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(path) as file:
            mode = os.fstat(file).st_mode
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}; choose another file") from None
    if not stat.S_ISREG(mode):
        raise UserError(f"{path} is not a regular file; choose another file")
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UserError(f"{path} is open to other users of this machine; run `chmod 600 {path}`")


def append_line(path: Path, line: str, max_bytes: int | None = None) -> None:
    """Append one line and wait until it is on the disk. If this fails, raise OSError and leave the file unchanged.

    If the line would make the file larger than `max_bytes` bytes, rename the file to `FILE.1`, `FILE.2` and so on, and
    write the line to a new file. The renamed file with the highest number is the newest. No file is deleted.
    """
    content = line.encode() + b"\n"
    with _locked(path) as file:
        size = _without_part_of_a_line(file)
        if max_bytes is None or size == 0 or size + len(content) <= max_bytes:
            _write(file, content, size)
            return
        path.rename(_numbered(path))
        append_line(path, line, max_bytes)


def replace_line(path: Path, begin: str, line: str) -> None:
    """Append one line as `append_line` does, and remove earlier lines that begin with `begin`."""
    start = begin.encode()
    with _locked(path) as file:
        size = _without_part_of_a_line(file)
        lines = path.read_bytes().split(b"\n")[:-1]
        kept = [one for one in lines if not one.startswith(start)]
        if len(kept) == len(lines):
            _write(file, line.encode() + b"\n", size)
            return
        part = path.with_name(f".{path.name}.part")  # the name is free, because only this process has the lock
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as changed:
            changed.writelines(one + b"\n" for one in [*kept, line.encode()])
            changed.flush()
            os.fsync(changed.fileno())
        part.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the file, and lock it during the block, so that no other thread or process writes to it."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _has_name(file, path):
                yield file
                return
        finally:
            os.close(file)  # closing the file also unlocks it


def _has_name(file: int, path: Path) -> bool:
    """Return whether the open file is still the file at `path`. Another process may have renamed the open file."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _without_part_of_a_line(file: int) -> int:
    """If the last line of the file is not complete, remove this line. Return the size of the file in bytes."""
    size = end = os.fstat(file).st_size
    while end:
        start = max(0, end - _BLOCK_BYTES)
        newline = os.pread(file, end - start, start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end < size:
        os.ftruncate(file, end)
    return end


def _write(file: int, content: bytes, size: int) -> None:
    """Append `content` to a file of `size` bytes. If the disk reports an error, cut the file to `size` bytes again."""
    try:
        left = content
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except OSError:
        os.ftruncate(file, size)
        raise


def _numbered(path: Path) -> Path:
    """Return the next free name for a full file, such as `FILE.3` after `FILE.2`."""
    endings = (other.name.removeprefix(f"{path.name}.") for other in path.parent.iterdir())
    return path.with_name(f"{path.name}.{max((int(end) for end in endings if end.isdecimal()), default=0) + 1}")
