"""Limit the number of connections, and the time for which a connection may stay open without a request."""

import asyncio
import resource
from typing import Any

from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 400  # a visitor's browser opens up to eight
MAX_DESCRIPTORS = 4096  # asyncio may accept 2048 connections (uvicorn's backlog) before BoundedProtocol can close one
REQUEST_SECONDS = 15.0  # the head of a request must arrive in this time


class BoundedProtocol(H11Protocol):
    """The HTTP protocol of uvicorn with two limits.

    It closes a new connection if there are too many connections. It also closes a connection that sends no request.
    """

    waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Accept the connection, or close it at once if there are too many connections."""
        super().connection_made(transport)
        if len(self.connections) > MAX_CONNECTIONS:
            transport.abort()
            return
        self._await_request()

    def data_received(self, data: bytes) -> None:
        """Read data. Each request has the same time limit."""
        super().data_received(data)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancel the time limit."""
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
    """Make every server that this process starts later use BoundedProtocol.

    Gradio, the library of the page, configures uvicorn itself and has no option for the protocol. So this function
    changes uvicorn's default.
    """
    HTTP_PROTOCOLS["auto"] = f"{BoundedProtocol.__module__}:{BoundedProtocol.__qualname__}"
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < MAX_DESCRIPTORS:
        most = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
