"""Checks for the tests of the workers. A worker imports this module, so it imports little."""

import os
import re
import signal

from medsum.serve.check_workers import in_worker


@in_worker
def process(text: str) -> tuple[int, int, str]:
    return os.getpid(), os.getpriority(os.PRIO_PROCESS, 0), text


@in_worker
def spin(length: int) -> bool:
    """Match a pattern for a time that doubles with each character; nothing in this process can interrupt it."""
    return bool(re.match(r"(a+)+$", "a" * length + "b"))


@in_worker
def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@in_worker
def fail(text: str) -> None:
    raise ValueError(text)
