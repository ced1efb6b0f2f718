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

    This process forks a child that reads from a pipe. This process writes the byte DONE into the pipe at the end of
    the block. If the pipe closes without DONE, this process was killed, and the child prints the sentence. The child
    needs almost no memory of its own. A process that a launcher started needs no child, because the launcher prints
    the message.
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
    """Wait until the other process ends, and print `words` if it was killed. Ctrl-C does not stop this child."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if os.read(pipe, 1) != DONE:
            os.write(2, words)
    finally:
        os._exit(0)
