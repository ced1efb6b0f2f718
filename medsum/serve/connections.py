"""Limit the number of connections, and the time for which a connection may stay open without progress."""

import asyncio
import resource
from typing import Any

from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 400  # the browser of one visitor opens up to eight connections
MAX_DESCRIPTORS = 4096  # asyncio may accept 2048 connections (uvicorn's backlog) before BoundedProtocol can close one
REQUEST_SECONDS = 15.0  # the head of a request must arrive in this time
READING_SECONDS = 30.0  # in this time, a visitor must read LEAST_READ of an answer
LEAST_READ = 30_000  # bytes; even a slow telephone line is faster than 1 kB a second


class BoundedProtocol(H11Protocol):
    """The HTTP protocol of uvicorn with three limits.

    It closes a new connection if there are too many connections. It also closes a connection that sends no request, and
    a connection that does not read its answer.
    """

    waiting: asyncio.TimerHandle | None = None
    reading: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Accept the connection, or close it at once if there are too many connections."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        transport.set_write_buffer_limits(high=0)  # so that `pause_writing` is called for every unread byte
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Read data, and start the time limit for the next request."""
        super().data_received(data)
        self._await_request()

    def pause_writing(self) -> None:
        """Stop sending, because the visitor reads more slowly than the server writes. Begin to measure the reading."""
        super().pause_writing()
        self._await_reading()

    def resume_writing(self) -> None:
        """Send again, because the visitor has read most of what was sent."""
        if self.reading is not None:
            self.reading.cancel()
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limits."""
        for limit in (self.waiting, self.reading):
            if limit is not None:
                limit.cancel()
        super().connection_lost(exc)

    def _await_request(self) -> None:
        if self.waiting is None and self._asks_nothing():
            self.waiting = self.loop.call_later(REQUEST_SECONDS, self._close_if_idle)

    def _asks_nothing(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _close_if_idle(self) -> None:
        self.waiting = None
        if self._asks_nothing() and not self.transport.is_closing():
            self.transport.abort()

    def _await_reading(self) -> None:
        unread = self.transport.get_write_buffer_size()
        self.reading = self.loop.call_later(READING_SECONDS, self._close_if_unread, unread)

    def _close_if_unread(self, unread_before: int) -> None:
        """Close the connection if the visitor has read too little of the answer since the last look."""
        if unread_before - self.transport.get_write_buffer_size() < LEAST_READ:
            self.transport.abort()
        else:
            self._await_reading()


def bound_connections() -> None:
    """Make every server that this process starts later use BoundedProtocol.

    Gradio, the library of the page, configures uvicorn itself and has no option for the protocol. So this function
    changes uvicorn's default.
    """
    HTTP_PROTOCOLS["auto"] = f"{BoundedProtocol.__module__}:{BoundedProtocol.__qualname__}"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MAX_DESCRIPTORS:
        most = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
