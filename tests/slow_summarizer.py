"""A summariser that waits before each window, for tests of turns, stops and queues."""

import threading
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

from medsum.generation.merging import Merged
from medsum.signs.writing import Written

SECONDS = 20  # that a window may wait


class Slow:
    """A summariser of windows, one a batch, that waits before each for `on` and counts who is at work."""

    def __init__(self, windows: int = 5) -> None:
        self.windows = windows
        self.at_work = self.most = self.written = 0
        self.begun, self.on = threading.Event(), threading.Event()

    def prompts(self, _: str, __: str | None) -> list[SimpleNamespace]:
        return [SimpleNamespace(ids=[n]) for n in range(self.windows)]

    def signs(self, dialogue: str) -> Written:
        return Written(dialogue, 0, ())

    def batches(self, prompts: Sequence[Any]) -> list[list[int]]:
        return [[place] for place in range(len(prompts))]

    def write_visits(self, _: Sequence[Any], report: Callable[[int], object]) -> list[Merged]:
        self.at_work += 1
        self.most = max(self.most, self.at_work)
        try:
            for _window in range(self.windows):
                self.begun.set()
                assert self.on.wait(SECONDS)
                self.written += 1
                report(0)
        finally:
            self.at_work -= 1
        return [Merged(("Pain in the left knee.",), ())]
