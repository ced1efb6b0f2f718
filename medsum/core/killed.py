"""Print a message if this process is killed. If memory runs out, Linux kills a process without any message."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

DONE = b"."
TRAINING = (
    "the system killed this training run, most often because memory ran out; set train.gradient_checkpointing=true or a"
    " smaller train.batch_size, or run again"
)


@contextmanager
def telling_if_killed(sentence: str) -> Iterator[None]:
    """Print the sentence on stderr if this process is killed during the `with` block.

    This process forks a child, which waits for a byte from a pipe. At the end of the block, this process writes the
    byte DONE into the pipe. If the pipe closes without DONE, this process was killed, and the child prints the
    sentence. The child needs almost no memory. If a launcher started this process, no child is needed, because the
    launcher prints a message.
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
    """Wait until the parent process writes DONE or is killed. Print `words` if the parent was killed. Ignore Ctrl-C."""
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if os.read(pipe, 1) != DONE:
            os.write(2, words)
    finally:
        os._exit(0)
