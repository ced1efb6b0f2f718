"""Divide a batch among several machines, such as the jobs of a Slurm job array.

Each machine does one run, which is called a shard. A shard writes some of the parts of the output (batch.py).
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

BEGIN_SECONDS = 60  # how long a shard waits at most while other shards begin


@dataclass(frozen=True)
class Shard:
    """One of `total` shards. `number` is the number of this shard. The first shard has the number 1."""

    number: int = 1
    total: int = 1

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the shard that a text such as 2/8 names. Raise ValueError if the text does not name a shard."""
        number, total = map(int, text.split("/"))
        if not 1 <= number <= total:
            raise ValueError
        return cls(number, total)

    def place(self, rank: int, processes: int) -> tuple[int, int]:
        """Return the index of a process among the processes of all shards, and how many processes all shards have."""
        return self.number - 1 + rank * self.total, self.total * processes

    @property
    def lock(self) -> str:
        """The name of the lock that this shard holds while it runs."""
        return f"shard-{self.number}-of-{self.total}.lock"

    def is_sister(self, lock: Path) -> bool:
        """Return whether a lock belongs to a shard with the same `total`."""
        return self.total > 1 and lock.name.endswith(f"-of-{self.total}.lock")


WHOLE = Shard()


@contextmanager
def locked(parts: Path, shard: Shard) -> Iterator[ExitStack]:
    """Reserve a folder of parts for one run, or for all shards of one run.

    Raise Timeout if another run uses the folder. No other run begins until the caller closes the stack that this
    context manager yields.
    """
    with ExitStack() as beginning, ExitStack() as held:
        beginning.enter_context(FileLock(parts / "lock").acquire(BEGIN_SECONDS if shard.total > 1 else 0))
        if any(is_taken(lock) for lock in parts.glob("shard-*.lock") if not shard.is_sister(lock)):
            raise Timeout(str(parts))
        if shard.total > 1:
            held.enter_context(FileLock(parts / shard.lock).acquire(0))
        yield beginning


def is_taken(lock: Path) -> bool:
    """Return whether a process holds a lock."""
    try:
        with FileLock(lock).acquire(0):
            return False
    except Timeout:
        return True


def has_sisters(parts: Path, shard: Shard) -> bool:
    """Return whether another shard is running in this folder."""
    return any(is_taken(lock) for lock in parts.glob("shard-*.lock") if lock.name != shard.lock)
