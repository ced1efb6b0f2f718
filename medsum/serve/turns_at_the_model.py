"""What runs for whom: one visitor at a time has the model, and who presses Stop gives it back."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate

from medsum.generation.merging import Merged
from medsum.generation.summarizer import Summarizer, Window

Report = Callable[[int, int], object]  # windows done, windows in all


class StoppedError(Exception):
    """Its visitor stopped the run."""


class Runs:
    """The runs of one server, by the visitor's session."""

    def __init__(self) -> None:
        self.model = threading.Lock()  # the queue gives a stopped run's turn away while its thread is still at work
        self.stops: dict[str | None, threading.Event] = {}

    @contextmanager
    def of(self, session: str | None) -> Iterator[Callable[[], None]]:
        """A run; what is given raises StoppedError once it has been stopped."""
        stop = self.stops[session] = threading.Event()

        def go_on() -> None:
            if stop.is_set():
                raise StoppedError

        try:
            yield go_on
        finally:
            if self.stops.get(session) is stop:
                del self.stops[session]

    def stop(self, session: str | None) -> None:
        """Stop what runs for the visitor, if anything does."""
        if session in self.stops:
            self.stops[session].set()


def write_visit(summarizer: Summarizer, visit: Sequence[list[Window]], report: Report) -> Merged:
    """Return what is written of a visit; `report` hears after each batch how many windows are done, and may raise."""
    windows = [window.ids for part in visit for window in part]
    done = accumulate(map(len, summarizer.batches(windows)))
    report(0, len(windows))
    [merged] = summarizer.write_visits([visit], lambda _: report(next(done), len(windows)))
    return merged


def quietly(*_: int) -> None:
    """A report to nobody."""
