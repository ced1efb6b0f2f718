"""The queue of requests for the model.

One request uses the model. A limited number of requests waits. The server refuses all other requests.
"""

import asyncio
import threading
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.types import Receive

from medsum.api.errors import ApiError
from medsum.api.section_wish import Wish
from medsum.api.served import Served
from medsum.serve.audit_log import Entry
from medsum.serve.one_note import Draft, draft_of, write_note
from medsum.serve.request_body import BUSY
from medsum.serve.turns_at_the_model import StoppedError

MAX_WAITING = 40  # the most requests that wait; the limit of the page is also 40
READERS = 2  # the most dialogues that are read at the same time; another request may use the model meanwhile


class GoneError(Exception):
    """The client has closed its connection, so nobody waits for an answer."""


class Job:
    """A note that is being written, or that waits for the model."""

    def __init__(self, served: Served, draft: Draft, turn: CapacityLimiter, entry: Entry) -> None:
        self.stop = threading.Event()

        def report(*_: int) -> None:
            if self.stop.is_set():
                raise StoppedError

        def work() -> dict[str, Any]:
            with served.uses.record(entry, served.sha256) as use:
                use.note = write_note(served.summarizer, served.runs, draft, report)
            return use.note

        self.task = asyncio.create_task(to_thread.run_sync(work, limiter=turn))
        # If nobody reads the exception of a task, asyncio logs an error.
        self.task.add_done_callback(lambda task: task.cancelled() or task.exception())

    async def wait(self, seconds: float) -> bool:
        """Wait at most `seconds`, and return whether the note is done."""
        await asyncio.wait({self.task}, timeout=seconds)
        return self.task.done()

    def abandon(self) -> None:
        """Stop the job: at once if it waits for the model, or after the current batch if the model is writing."""
        self.stop.set()
        self.task.cancel()


class ModelQueue:
    """The queue that all requests to the model use."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.waiting = 0
        self._turn = CapacityLimiter(1)
        self._readers = CapacityLimiter(READERS)

    async def draft(self, text: str, wish: Wish, entry: Entry) -> Draft:
        """Read a dialogue. Raise UserError if it or the wish is wrong, and ApiError if too many requests wait."""
        self._require_room()

        def read() -> Draft:
            with self.served.uses.record(entry, self.served.sha256, only_refusals=True):
                return draft_of(self.served.summarizer, text, wish.section, wish.sections)

        return await to_thread.run_sync(read, limiter=self._readers)

    def start(self, draft: Draft, entry: Entry) -> Job:
        """Start a job. The job may have to wait for the model. Raise ApiError if too many requests wait."""
        self._require_room()
        job = Job(self.served, draft, self._turn, entry)
        self.waiting += 1
        job.task.add_done_callback(self._leave)
        return job

    async def note(self, draft: Draft, receive: Receive, entry: Entry) -> dict[str, Any]:
        """Write a note for a client that waits. If the client disconnects, stop writing and raise GoneError."""
        job = self.start(draft, entry)
        gone = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({job.task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if job.task.done():
                return job.task.result()
            raise GoneError
        finally:
            gone.cancel()
            job.abandon()

    def _require_room(self) -> None:
        if self.waiting > MAX_WAITING:
            raise ApiError(503, BUSY.decode())

    def _leave(self, _: object) -> None:
        self.waiting -= 1


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
