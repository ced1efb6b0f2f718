"""Processes that share a batch: started by a launcher such as accelerate, or as more of the command that runs."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from medsum.core.errors import UserError
from medsum.core.parent_process import LAUNCHER, end_with_launcher

PATIENCE_SECONDS = 10


def place() -> tuple[int, int] | None:
    """Which process of how many this is; None where neither a launcher nor another process has started it."""
    try:
        return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    except KeyError:
        return None
    except ValueError:
        raise UserError("RANK and WORLD_SIZE are no whole numbers; a launcher sets them, so unset both") from None


@contextmanager
def others(processes: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The same command as processes 1, 2, ... of so many; they end with the block, however it ends."""
    signal.signal(signal.SIGTERM, _stop)
    started: list[subprocess.Popen[bytes]] = []
    try:
        for rank in range(1, processes):
            place = {"RANK": str(rank), "WORLD_SIZE": str(processes), LAUNCHER: str(os.getpid())}
            started.append(subprocess.Popen([sys.executable, *sys.argv], env={**os.environ, **place}))
        yield started
    finally:
        for process in started:
            process.terminate()  # no more than a formality where all went well
        for process in started:
            _wait(process)


def end_with_first() -> None:
    """Let a process of `others` end when the one that started it is gone, and leave Ctrl-C to that."""
    if LAUNCHER in os.environ:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_launcher()


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough; what is under way ends now
    sys.exit("Stopped; run the same command again to go on.")


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
