"""What the page's server lets in and out: small requests, no uploads, nothing from elsewhere."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import Request

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
MAX_BODY_BYTES = 5_000_000
MAX_STRANGER_BYTES = 10_000  # of who has not logged in: a login is smaller
# Files are read in the browser, so that none lies on the server's disk and no answer names a path of it.
CLOSED = ("/upload", "/file=", "/file/", "/stream/", "/proxy=", "/deep_link", "/vibe")
HEADERS = (
    (
        b"content-security-policy",
        b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
        b" img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none';"
        b" frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


class Guard:
    """An ASGI layer around the page."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 403 for what is closed and 413 for what is too large, else pass on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path = scope["path"].removeprefix("/gradio_api")
        if path.startswith(CLOSED):
            await _answer(send, 403, b"This server takes no files.")
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        most = MAX_BODY_BYTES if _known(scope) else MAX_STRANGER_BYTES
        body = b""
        if scope["method"] in ("POST", "PUT", "PATCH"):  # read whole, so that no header can lie about it
            more = int(length) <= most
            while more:
                message = await receive()
                body += message.get("body", b"")
                more = message.get("more_body", False) and len(body) <= most
            if int(length) > most or len(body) > most:
                await _answer(send, 413, b"The request is too large.")
                return
            receive = _replay(body, receive)
        await self.app(scope, receive, _with_headers(send))


def _known(scope: Scope) -> bool:
    """Whether the request is of someone who logged in, or nobody needs to; by the cookies that the library sets."""
    app = scope["app"]
    if app.auth is None:
        return True
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    return any(Request(scope).cookies.get(name) in app.tokens for name in names)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Gives the body that was read, then what comes after it (the client going away)."""
    left = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> MutableMapping[str, Any]:
        return left.pop() if left else await receive()

    return again


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *HEADERS]
        await send(message)

    return sending


async def _answer(send: Send, status: int, text: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
