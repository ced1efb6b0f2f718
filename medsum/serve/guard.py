"""Check every request to the server, and set the headers of every answer.

A request must be small, must be addressed to this server, and must contain no files. The guard is the outermost layer
of the application. So every answer passes through the guard, even an error of a library and an answer to another
origin. The guard sends requests below /v1/ to the API, and all other requests to the page.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, NamedTuple

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from medsum.serve.hosts import Hosts
from medsum.serve.login import Login, credentials_of
from medsum.serve.request_body import BUSY, GONE, Bodies, Receive, RefusedError, require_no_file, require_whole_text

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
MAX_BODY_BYTES = 5_000_000
MAX_STRANGER_BYTES = 10_000  # the largest body of a request without a login; the login form is smaller
_LONGEST_LENGTH = 18  # in digits; a longer number is too large in any case
MAX_STRANGERS = 50  # the most requests without a login at the same time
# The page does not need these paths of Gradio. Most of these paths upload or serve files. Our page does not upload
# files, because it reads them in the browser.
CLOSED = ("/upload", "/file", "/stream/", "/proxy=", "/deep_link", "/vibe", "/component_server", "/process_recording",
          "/run-history", "/monitoring", "/dev/", "/custom_component", "/profiling")  # fmt: skip
# Gradio answers these paths without a login, and keeps a connection or a task for each request.
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
    """The application below /v1/, and a function that makes the response to a refused request.

    The arguments of the function are the path, the status and a sentence.
    """

    app: Application
    refusal: Callable[[str, int, str], Response]


class Guard:
    """An ASGI layer around the page and the API.

    The page's cookie proves a login. The API also accepts the login in the header `Authorization`, because programs
    send this header with each request.
    """

    def __init__(self, app: Application, hosts: Hosts, login: Login | None, api: Api | None = None) -> None:
        self.app, self.hosts, self.login, self.api = app, hosts, login, api
        self.bodies = Bodies()
        self.strangers = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse the request with one sentence."""
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
            raise RefusedError(403, b"This server accepts no files and does not offer this path.")
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
        """Pass a request on if its body arrives in time and is JSON without files."""
        for_api = self._is_for_api(scope)
        app = self.api.app if self.api and for_api else self.app
        headers = Headers(scope=scope)
        # The header x-gradio-server could name another origin.
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] != b"x-gradio-server"]
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await app(scope, receive, send)
            return
        length = headers.get("content-length", "0")
        told = int(length[:_LONGEST_LENGTH]) if length.isdecimal() else 0
        body = await self.bodies.read(receive, max_bytes, told)
        try:
            if for_api:
                require_whole_text(body)
            elif body and scope["path"].rstrip("/") not in ("/login", "/gradio_api/login"):  # a login is not JSON
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
        response.headers["connection"] = "close"  # the client may still be sending the rest of the body
        return response


def guarding(hosts: Hosts, login: Login | None, api: Api) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    """Return a `lifespan` function that puts a guard around a Starlette application before the first request."""

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        app.middleware_stack = Guard(app.middleware_stack, hosts, login, api)
        yield

    return lifespan


async def wrong_form(_: Request, __: Exception) -> PlainTextResponse:
    """Refuse a request that does not fit the interface. The answer does not quote the request."""
    return PlainTextResponse("The request does not have the form that the interface describes.", 422)


def _has_cookie(scope: Scope) -> bool:
    """Return whether the request has a cookie of Gradio that proves a login on the page."""
    app = scope["app"]
    if not hasattr(app, "tokens"):  # the server without the page
        return False
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(Request(scope).cookies.get(name) in app.tokens for name in names)


async def _log_in(login: Login, authorization: str) -> None:
    """Raise RefusedError unless the header has the right login. A wrong login is delayed as on the page."""
    found = credentials_of(authorization)
    if found is None:
        raise RefusedError(401, b"Log in first: send the login as 'Authorization: Bearer user:password'.")
    if login.is_busy:
        raise RefusedError(503, BUSY)
    if not await login.check(*found):
        raise RefusedError(401, b"User or password is wrong.")


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` function. Its first call returns the body that was already read. Later calls use `receive`."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return left.pop() if left else await receive()

    return again


def _with_headers(send: Send) -> Send:
    """Set the headers of every answer, and remove headers that give access to another origin."""

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name in [name for name in headers if name.startswith("access-control-")]:
                del headers[name]
            headers.update(HEADERS)
        await send(message)

    return sending
