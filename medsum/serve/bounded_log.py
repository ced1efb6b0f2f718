"""Limit the lines of the log per minute, so that no visitor can fill the disk with log lines."""

import time
from collections.abc import Callable
from typing import TextIO

MAX_LINES = 300  # the most lines per minute; this is enough for ten tracebacks
PERIOD_SECONDS = 60.0
LEFT_OUT = "The log leaves out all further lines of this minute.\n"


class BoundedLog:
    """A text stream that passes at most MAX_LINES lines per minute to another stream."""

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self.stream, self.clock = stream, clock
        self.since, self.lines = clock(), 0

    def write(self, text: str) -> int:
        """Write the text if the limit is not reached. Otherwise write LEFT_OUT once per minute."""
        if self.clock() - self.since >= PERIOD_SECONDS:
            self.since, self.lines = self.clock(), 0
        before, self.lines = self.lines, self.lines + text.count("\n")
        if self.lines <= MAX_LINES:
            self.stream.write(text)
        elif before <= MAX_LINES:
            self.stream.write(LEFT_OUT)
        return len(text)

    def __getattr__(self, name: str) -> object:
        """Return an attribute of the stream that receives the lines."""
        return getattr(self.stream, name)
