"""Who waits for the model: one at a time, few in line, and nobody who has gone."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from medsum.api import model_queue
from medsum.api.application import CHAT_PATH, Endpoint
from medsum.api.errors import ApiError
from medsum.api.model_queue import GoneError, ModelQueue
from medsum.api.section_wish import Wish
from medsum.generation.merging import Merged
from medsum.serve.audit_log import Uses
from medsum.serve.turns_at_the_model import Runs
from tests.slow_summarizer import SECONDS, Slow

DIALOGUE = "Doctor: Any pain?\nPatient: In my left knee."
CC = Wish("CC")


def served(slow: Slow) -> Any:
    return SimpleNamespace(
        id="serving", sha256="ab" * 32, software="1", summarizer=slow, runs=Runs(), uses=Uses("ab" * 32)
    )


async def stays() -> dict[str, str]:
    """Receive nothing: the client waits."""
    await asyncio.sleep(SECONDS)
    return {"type": "http.disconnect"}


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, SECONDS))


def test_one_request_has_the_model_and_the_others_wait() -> None:
    slow = Slow(windows=3)
    queue = ModelQueue(served(slow))

    async def work() -> None:
        draft = await queue.draft(DIALOGUE, CC, CHAT_PATH)
        asked = [asyncio.create_task(queue.note(draft, stays, CHAT_PATH)) for _ in range(5)]
        await asyncio.sleep(0.1)
        assert queue.waiting == 5
        slow.on.set()
        notes = await asyncio.gather(*asked)
        assert {note["summary"] for note in notes} == {"Pain in the left knee."}

    run(work())
    assert (slow.most, queue.waiting) == (1, 0)


def test_one_more_than_may_wait_is_told_that_the_server_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_queue, "MAX_WAITING", 2)
    slow = Slow(windows=3)
    queue = ModelQueue(served(slow))

    async def work() -> None:
        draft = await queue.draft(DIALOGUE, CC, CHAT_PATH)
        jobs = [queue.start(draft, CHAT_PATH) for _ in range(3)]
        with pytest.raises(ApiError, match="The server is busy") as refused:
            queue.start(draft, CHAT_PATH)
        assert refused.value.status == 503
        with pytest.raises(ApiError):  # before anything is read
            await queue.draft("", CC, CHAT_PATH)
        slow.on.set()
        for job in jobs:
            await job.task
        await queue.note(draft, stays, CHAT_PATH)

    run(work())


def test_who_goes_away_gives_the_turn_back_after_the_window_at_work() -> None:
    slow = Slow(windows=50)
    queue = ModelQueue(served(slow))

    async def work() -> None:
        draft = await queue.draft(DIALOGUE, CC, CHAT_PATH)

        async def goes() -> dict[str, str]:
            while not slow.begun.is_set():
                await asyncio.sleep(0.01)
            return {"type": "http.disconnect"}

        waiting = queue.start(draft, CHAT_PATH)
        first = asyncio.create_task(queue.note(draft, goes, CHAT_PATH))
        waiting.abandon()
        await asyncio.sleep(0)
        with pytest.raises(GoneError):
            await first
        slow.on.set()
        while queue.waiting:
            await asyncio.sleep(0.01)

    run(work())
    assert slow.written < 5


def test_a_stream_that_is_closed_stops_the_writing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medsum.api.application.KEEP_ALIVE_SECONDS", 0.01)
    slow = Slow(windows=50)
    endpoint = Endpoint(served(slow))

    async def work() -> None:
        draft = await endpoint.queue.draft(DIALOGUE, CC, CHAT_PATH)
        events: Any = endpoint._events(draft, lambda note: str(note["summary"]), with_usage=False)
        assert (await anext(events)).startswith(b"data: ")
        assert (await anext(events)).startswith(b": ")  # still writing
        await events.aclose()
        slow.on.set()
        while endpoint.queue.waiting:
            await asyncio.sleep(0.01)

    run(work())
    assert slow.written < 5


class Broken(Slow):
    """A summariser with a fault, whose exception quotes the dialogue."""

    def write_visits(self, _: Sequence[Any], __: Callable[[int], object]) -> list[Merged]:
        raise ValueError(DIALOGUE)


def test_a_stream_that_fails_ends_with_a_sentence_of_its_own() -> None:
    endpoint = Endpoint(served(Broken()))
    seen: list[bytes] = []

    async def work() -> None:
        draft = await endpoint.queue.draft(DIALOGUE, CC, CHAT_PATH)
        async for event in endpoint._events(draft, lambda _: "", with_usage=False):
            seen.append(event)

    with pytest.raises(ValueError, match="Any pain"):  # which the server logs without its words
        run(work())
    assert b'"message": "the request could not be answered' in seen[-1]
    assert b"knee" not in b"".join(seen)
    assert b"DONE" not in b"".join(seen)
