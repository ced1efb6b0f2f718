"""How many connections the server holds, and how long one may wait before it asks for something."""

import asyncio
import resource
from typing import Any

from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 400  # a visitor's browser holds up to eight
MAX_DESCRIPTORS = 4096  # asyncio accepts up to 2048 connections (uvicorn's backlog) before it asks the protocol of one
REQUEST_SECONDS = 15.0  # in which the head of a request must arrive


class BoundedProtocol(H11Protocol):
    """HTTP as uvicorn speaks it, without connections that are too many or that ask for nothing."""

    waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Take the connection, or close it at once where there are too many."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Read on; a connection that was answered and sends half a request has as long as a fresh one."""
        super().data_received(data)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self.waiting is not None:
            self.waiting.cancel()
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


def bound_connections() -> None:
    """Let every server that this process starts from now on speak through BoundedProtocol.

    The page's library makes its own configuration of uvicorn and passes no protocol on.
    """
    HTTP_PROTOCOLS["auto"] = f"{BoundedProtocol.__module__}:{BoundedProtocol.__qualname__}"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MAX_DESCRIPTORS:
        most = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
