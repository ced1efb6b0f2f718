"""Divide a batch among processes.

A launcher such as accelerate starts the processes. Without a launcher, the first process starts the other processes.
"""

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
    """Return the number of this process and the number of all processes. Return None if there is only one process."""
    try:
        return int(os.environ["RANK"]), int(os.environ["WORLD_SIZE"])
    except KeyError:
        return None
    except ValueError:
        raise UserError("RANK and WORLD_SIZE are not whole numbers; a launcher sets them, so unset both") from None


@contextmanager
def others(processes: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Start the other processes with the same command, and end them after the block.

    `processes` is the number of all processes. The first process has the number 0.
    """
    stop_on_sigterm()
    started: list[subprocess.Popen[bytes]] = []
    try:
        for rank in range(1, processes):
            place = {"RANK": str(rank), "WORLD_SIZE": str(processes), LAUNCHER: str(os.getpid())}
            started.append(subprocess.Popen([sys.executable, *sys.argv], env={**os.environ, **place}))
        yield started
    finally:
        for process in started:
            process.terminate()  # this has no effect on a process that has finished
        for process in started:
            _wait(process)


def stop_on_sigterm() -> None:
    """Make SIGTERM raise an exception, so that this process ends the processes that it has started."""
    signal.signal(signal.SIGTERM, _stop)


def end_with_first() -> None:
    """Make this process end when the first process ends. Ignore Ctrl-C, because the first process handles it."""
    if LAUNCHER in os.environ:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        end_with_launcher()


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second signal must not interrupt the end
    sys.exit("Stopped; run the same command again to continue.")


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
