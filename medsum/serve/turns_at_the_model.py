"""Manage the runs of the visitors. One visitor at a time uses the model. The Stop button ends a visitor's own run."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate

from medsum.generation.merging import Merged
from medsum.generation.summarizer import Summarizer, Window

Report = Callable[[int, int], object]  # takes the number of finished windows and the number of all windows


class StoppedError(Exception):
    """The visitor stopped the run."""


class Runs:
    """The runs of one server. The session of a visitor identifies the run of this visitor."""

    def __init__(self) -> None:
        # This lock is needed because the queue may start a run while the thread of a stopped run still uses the model.
        self.model = threading.Lock()
        self.stops: dict[str | None, threading.Event] = {}

    @contextmanager
    def of(self, session: str | None) -> Iterator[Callable[[], None]]:
        """Register a run, and yield a function that raises StoppedError after the visitor has stopped the run."""
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
        """Stop the run of the visitor, if the visitor has a run."""
        if session in self.stops:
            self.stops[session].set()


def write_visit(summarizer: Summarizer, visit: Sequence[list[Window]], report: Report) -> Merged:
    """Write the texts of all windows of a visit, and return the texts merged into one note.

    After each batch, call `report` with the number of finished windows and the number of all windows. `report` may
    raise an exception to stop the work.
    """
    windows = [window.ids for part in visit for window in part]
    done = accumulate(map(len, summarizer.batches(windows)))
    report(0, len(windows))
    [merged] = summarizer.write_visits([visit], lambda _: report(next(done), len(windows)))
    return merged


def quietly(*_: int) -> None:
    """Report nothing."""
