"""A log that a visitor cannot fill the disk with: of many lines in a minute the rest are left out."""

import time
from collections.abc import Callable
from typing import TextIO

MAX_LINES = 300  # a minute: ten tracebacks, or what a busy day brings
PERIOD_SECONDS = 60.0
LEFT_OUT = "More lines came in this minute; they are left out.\n"


class BoundedLog:
    """A text stream that passes on at most MAX_LINES lines a minute to another."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.clock = stream, clock
        self.since, self.lines = clock(), 0

    def write(self, text: str) -> int:
        """Write the text while there are lines left; then say once that the rest is left out."""
        if self.clock() - self.since >= PERIOD_SECONDS:
            self.since, self.lines = self.clock(), 0
        before, self.lines = self.lines, self.lines + text.count("\n")
        if self.lines <= MAX_LINES:
            self.stream.write(text)
        elif before <= MAX_LINES:
            self.stream.write(LEFT_OUT)
        return len(text)

    def __getattr__(self, name: str) -> object:
        """Do everything else as the stream does."""
        return getattr(self.stream, name)
