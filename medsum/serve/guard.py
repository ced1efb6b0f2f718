"""What the server lets in and out: small requests addressed to it, no files, nothing from elsewhere.

It is the outermost layer of the application, so that no answer passes it by: neither an error of the library nor a
reply to another origin. It also decides who is answered by the page and who by the API below /v1/.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from medsum.serve.hosts import Hosts
from medsum.serve.login import Login, credentials_of
from medsum.serve.request_body import BUSY, GONE, Bodies, Receive, RefusedError, parsed, require_no_file

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
API = "/v1/"
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


class Api(NamedTuple):
    """What answers below /v1/, and the form of its refusals: path, status, sentence → response."""

    app: Application
    refusal: Callable[[str, int, str], Response]


class Guard:
    """An ASGI layer around the page and the API.

    Who has the page's cookie is known. The API also takes the login in the header `Authorization`, as its clients send
    it with each request.
    """

    def __init__(self, app: Application, hosts: Hosts, login: Login | None, api: Api | None = None) -> None:
        self.app, self.hosts, self.login, self.api = app, hosts, login, api
        self.bodies = Bodies()
        self.strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in a sentence what is not let in, else pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        try:
            await self._answer(scope, receive, _with_headers(send))
        except RefusedError as refused:
            if refused.status != GONE:
                await self._refusal(scope["path"], refused)(scope, receive, _with_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not self.hosts.accepts(headers):
            raise RefusedError(403, b"This server does not answer to that host or origin; see --allow-host.")
        path = scope["path"].removeprefix("/gradio_api")
        if path.startswith(CLOSED):
            raise RefusedError(403, b"This server takes no files and does not offer that.")
        if self.login is None or _has_cookie(scope):
            await self._serve(scope, receive, send, MAX_BODY_BYTES)
            return
        if self.strangers >= MAX_STRANGERS:
            raise RefusedError(503, BUSY)
        self.strangers += 1
        try:
            if path.startswith(MEMBERS_ONLY):
                raise RefusedError(401, b"Log in first.")
            if not self._is_for_api(scope):
                await self._serve(scope, receive, send, MAX_STRANGER_BYTES)
                return
            await _log_in(self.login, headers.get("authorization", ""))
        finally:
            self.strangers -= 1
        await self._serve(scope, receive, send, MAX_BODY_BYTES)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, max_bytes: int) -> None:
        """Pass on a request whose body, if it has one, arrives in time and is JSON that the application may see."""
        for_api = self._is_for_api(scope)
        app = self.api.app if self.api and for_api else self.app
        headers = Headers(scope=scope)
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"x-gradio-server"]  # names another origin
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await app(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        body = await self.bodies.read(receive, max_bytes, int(length) if length.isdecimal() else 0)
        try:
            if for_api:
                parsed(body)
            elif body and scope["path"].rstrip("/") not in ("/login", "/gradio_api/login"):  # a login is a form
                require_no_file(body)
            await app(scope, _replay(body, receive), send)
        finally:
            self.bodies.release(len(body))

    def _is_for_api(self, scope: Scope) -> bool:
        return self.api is not None and scope["path"].startswith(API)

    def _refusal(self, path: str, refused: RefusedError) -> Response:
        sentence = refused.sentence.decode()
        of_api = self.api is not None and path.startswith(API)
        response = self.api.refusal(path, refused.status, sentence) if self.api and of_api else None
        response = response or PlainTextResponse(sentence, refused.status)
        response.headers["connection"] = "close"  # the rest of the body may still be on its way
        return response


def guarding(hosts: Hosts, login: Login | None, api: Api) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return the `lifespan` that puts a guard around a Starlette application before its first request."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Guard(app.middleware_stack, hosts, login, api)
        yield

    return lifespan


async def wrong_form(_: Request, __: Exception) -> PlainTextResponse:
    """Answer a request that does not fit the interface without what it says, which may be a dialogue."""
    return PlainTextResponse("The request does not have the form that the interface describes.", 422)


def _has_cookie(scope: Scope) -> bool:
    """Return whether the request is of someone who logged in on the page, by the library's cookies."""
    app = scope["app"]
    if not hasattr(app, "tokens"):  # the server without the page
        return False
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(Request(scope).cookies.get(name) in app.tokens for name in names)


async def _log_in(login: Login, authorization: str) -> None:
    """Raise RefusedError unless the header holds the login; a wrong one costs as much time as on the page."""
    found = credentials_of(authorization)
    if found is None:
        raise RefusedError(401, b"Log in first: send the login as 'Authorization: Bearer user:password'.")
    if login.is_busy:
        raise RefusedError(503, BUSY)
    if not await login.check(*found):
        raise RefusedError(401, b"User or password is wrong.")


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
