"""What the page's server lets in and out: small requests addressed to it, no files, nothing from elsewhere.

It is the outermost layer of the application, so that no answer passes it by: neither an error of the library nor a
reply to another origin.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from medsum.serve.hosts import Hosts
from medsum.serve.request_body import GONE, Bodies, Receive, RefusedError, require_no_file

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
MAX_BODY_BYTES = 5_000_000
MAX_STRANGER_BYTES = 10_000  # of who has not logged in: a login is smaller
MAX_STRANGERS = 50  # requests at once of those who have not logged in
# Files are read in the browser, so that none lies on the server's disk and no answer names a path of it.
CLOSED = ("/upload", "/file", "/stream/", "/proxy=", "/deep_link", "/vibe", "/component_server", "/process_recording",
          "/run-history", "/monitoring", "/dev/", "/custom_component", "/profiling")  # fmt: skip
# What the library itself answers without a login, and keeps a connection or a task for.
MEMBERS_ONLY = ("/heartbeat", "/reset", "/cancel")
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self';"
    " object-src 'none'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}


class Guard:
    """An ASGI layer around the page."""

    def __init__(self, app: Application, hosts: Hosts) -> None:
        self.app, self.hosts = app, hosts
        self.bodies = Bodies()
        self.strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in a sentence what is not let in, else pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        known = _known(scope)
        self.strangers += not known
        try:
            await self._answer(scope, receive, _with_headers(send), known)
        except RefusedError as refused:
            if refused.status != GONE:
                answer = PlainTextResponse(refused.sentence, refused.status, {"connection": "close"})
                await answer(scope, receive, _with_headers(send))
        finally:
            self.strangers -= not known

    async def _answer(self, scope: Scope, receive: Receive, send: Send, known: bool) -> None:
        headers = Headers(scope=scope)
        if not self.hosts.accepts(headers):
            raise RefusedError(403, b"This server does not answer to that host or origin; see --allow-host.")
        path = scope["path"].removeprefix("/gradio_api")
        if path.startswith(CLOSED):
            raise RefusedError(403, b"This server takes no files and does not offer that.")
        if not known and path.startswith(MEMBERS_ONLY):
            raise RefusedError(401, b"Log in first.")
        if self.strangers > MAX_STRANGERS and not known:
            raise RefusedError(503, b"The server is busy; try again in a minute.")
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"x-gradio-server"]  # names another origin
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        most = MAX_BODY_BYTES if known else MAX_STRANGER_BYTES
        body = await self.bodies.read(receive, most, int(length) if length.isdecimal() else 0)
        try:
            if body and path.rstrip("/") != "/login":  # a login is a form
                require_no_file(body)
            await self.app(scope, _replay(body, receive), send)
        finally:
            self.bodies.release(len(body))


def guarding(hosts: Hosts) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return the `lifespan` that puts a guard around a Starlette application before its first request."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Guard(app.middleware_stack, hosts)
        yield

    return lifespan


async def wrong_form(_: Request, __: Exception) -> PlainTextResponse:
    """Answer a request that does not fit the interface without what it says, which may be a dialogue."""
    return PlainTextResponse("The request does not have the form that the interface describes.", 422)


def _known(scope: Scope) -> bool:
    """Return whether the request is of someone who logged in, or nobody needs to, by the library's cookies."""
    app = scope["app"]
    if app.auth is None:
        return True
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(Request(scope).cookies.get(name) in app.tokens for name in names)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Give the body that was read, then what comes after it (the client going away)."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return left.pop() if left else await receive()

    return again


def _with_headers(send: Send) -> Send:
    """Set the headers of every answer, and let none give another origin access."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers.update(HEADERS)
        await send(message)

    return sending
