"""The body of a request: read whole within limits of size, time and memory; no file in it."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
SECONDS = 30.0  # in which a body must arrive
MAX_HELD_BYTES = 50_000_000  # bodies that are being read or answered, all requests together
BUSY = b"The server is busy; try again in a minute."
FILE_KEYS = ("meta", "path")  # the library fetches or copies what an object with these names


class RefusedError(Exception):
    """A request that gets no further: its status and a sentence. `GONE` where nobody waits for an answer."""

    def __init__(self, status: int, sentence: bytes) -> None:
        super().__init__(status)
        self.status, self.sentence = status, sentence


GONE = 0


class Bodies:
    """The bodies that one server holds in memory."""

    def __init__(self) -> None:
        self.held_bytes = 0

    async def read(self, receive: Receive, max_bytes: int, told_bytes: int) -> bytes:
        """Return the whole body, and count it until `release`; raises RefusedError, and then holds nothing."""
        if told_bytes > max_bytes:  # before any of it is read
            raise RefusedError(413, b"The request is too large.")
        body = bytearray()
        try:
            async with asyncio.timeout(SECONDS):
                await self._fill(body, receive, max_bytes)
        except TimeoutError:
            self.release(len(body))
            raise RefusedError(408, b"The request did not arrive in time.") from None
        except BaseException:
            self.release(len(body))
            raise
        return bytes(body)

    async def _fill(self, body: bytearray, receive: Receive, max_bytes: int) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RefusedError(GONE, b"")
            part = message.get("body", b"")
            if len(body) + len(part) > max_bytes:
                raise RefusedError(413, b"The request is too large.")
            if self.held_bytes + len(part) > MAX_HELD_BYTES:
                raise RefusedError(503, BUSY)
            self.held_bytes += len(part)
            body += part
            more = message.get("more_body", False)

    def release(self, count: int) -> None:
        """Forget a body of so many bytes."""
        self.held_bytes -= count


def parsed(body: bytes) -> Any:
    """Return the value of a JSON body; raises RefusedError where it is none. NaN and Infinity are no JSON."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedError(400, b"The request is no JSON that can be read.") from None


def require_no_file(body: bytes) -> None:
    """Raise RefusedError unless the body is JSON in which no object stands for a file."""
    left = [parsed(body)]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if any(key in value for key in FILE_KEYS):
                raise RefusedError(403, b"This server takes no files.")
            left += value.values()
        elif isinstance(value, list):
            left += value


def _refuse_constant(_: str) -> None:
    raise ValueError
