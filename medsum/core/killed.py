"""Tells the user when this process is killed: SIGKILL, which comes where memory runs out, leaves it no last words."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DONE = b"."


@contextmanager
def telling_if_killed(sentence: str) -> Iterator[None]:
    """Print the sentence on stderr if this process is killed within the block; however else it ends, nothing.

    A forked child waits at a pipe whose other end this process holds: when that closes without a last byte, this
    process was killed. The child does nothing else, so it shares its memory with this process. One of several
    processes needs no child of its own, since its launcher tells.
    """
    if not hasattr(os, "fork") or "LOCAL_RANK" in os.environ:
        yield
        return
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        os.close(writing)
        _watch(reading, f"\nError: {sentence}\n".encode())
    os.close(reading)
    try:
        yield
    finally:
        os.write(writing, DONE)
        os.close(writing)
        os.waitpid(child, 0)


def _watch(pipe: int, words: bytes) -> None:
    """Wait for the other process' end, out of reach of the terminal's Ctrl-C, and end without any clean-up."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if os.read(pipe, 1) != DONE:
            os.write(2, words)
    finally:
        os._exit(0)
