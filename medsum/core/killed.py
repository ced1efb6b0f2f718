"""Print a message if this process is killed. The system kills a process with SIGKILL when memory runs out."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DONE = b"."


@contextmanager
def telling_if_killed(sentence: str) -> Iterator[None]:
    """Print the sentence on stderr if this process is killed within the block.

    A forked child waits at a pipe whose other end this process holds. If that end closes without the byte DONE, this
    process was killed. The child does nothing else, so it shares its memory with this process. A process that a
    launcher started needs no child, because the launcher prints the message.
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
    """Wait for the end of the other process, ignore Ctrl-C of the terminal, and exit without clean-up."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if os.read(pipe, 1) != DONE:
            os.write(2, words)
    finally:
        os._exit(0)
