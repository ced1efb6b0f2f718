"""Read the whole body of a request. Refuse a body that is too large, arrives too late, or contains files."""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
SECONDS = 30.0  # a body must arrive in this time
MAX_HELD_BYTES = 50_000_000  # the largest sum of all bodies that are in memory at the same time
BUSY = b"The server is busy; try again in a minute."
FILE_KEYS = ("meta", "path")  # Gradio fetches or copies the file that an object with these keys names


class RefusedError(Exception):
    """A refused request: its status and a sentence. The status is `GONE` if the client has disconnected."""

    def __init__(self, status: int, sentence: bytes) -> None:
        super().__init__(status)
        self.status, self.sentence = status, sentence


GONE = 0


class Bodies:
    """Counts the bytes of all request bodies that a server has in memory."""

    def __init__(self) -> None:
        self.held_bytes = 0

    async def read(self, receive: Receive, max_bytes: int, told_bytes: int) -> bytes:
        """Return the whole body. Its bytes count as memory in use until `release` is called.

        `told_bytes` is the length in the header. If this length is too large, the body is refused before it is read.
        Raise RefusedError if a limit is reached. The bytes of a refused body no longer count.
        """
        if told_bytes > max_bytes:
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
        """Subtract the bytes of a body that is no longer in memory."""
        self.held_bytes -= count


def parsed(body: bytes) -> Any:
    """Return the value of a JSON body. Raise RefusedError if it is not JSON; NaN and Infinity are not JSON."""
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise RefusedError(400, b"The request is not valid JSON.") from None


def require_whole_text(body: bytes) -> None:
    """Raise RefusedError if the body is not JSON, or if a text in it has half a character (a lone surrogate).

    An answer repeats some texts of a request, and no answer can contain half a character.
    """
    value = parsed(body)
    try:
        if b"\\" in body:  # only an escape such as \\ud800 can be half a character
            json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise RefusedError(400, b"A text of the request has half a character (a lone surrogate).") from None


def require_no_file(body: bytes) -> None:
    """Raise RefusedError if the body is not JSON, or if an object in it names a file."""
    left = [parsed(body)]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            if any(key in value for key in FILE_KEYS):
                raise RefusedError(403, b"This server accepts no files.")
            left += value.values()
        elif isinstance(value, list):
            left += value


def _refuse_constant(_: str) -> None:
    raise ValueError
