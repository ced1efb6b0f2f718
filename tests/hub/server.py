"""A Hugging Face hub of one's own: the part of its HTTP API that huggingface_hub asks for, with faults on demand.

Weights are served as the real hub serves them: /resolve/ redirects to another host (here `localhost` beside
`127.0.0.1`), which must not be given the token. The server also answers as a plain HTTP proxy for any host.
"""

import json
import re
import threading
from dataclasses import dataclass
from fnmatch import fnmatch
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from tests.hub import uploads
from tests.hub.repositories import RefusalError, Repository, git_hash, is_large, sha256

ALWAYS = 10**9


@dataclass
class Fault:
    """What goes wrong the next `times` times that a request's method and path match."""

    path: str  # a pattern of fnmatch
    method: str = "GET"
    times: int = 1
    status: int | None = None  # answer so
    message: str = ""  # and with these words
    page: bytes | None = None  # answer with this page, as a proxy that wants a login does
    cut_after: int | None = None  # hang up after so many bytes of the body
    stall_after: int | None = None  # send so many bytes of the body and no more, without a word
    keep: int | None = None  # send so many bytes as if they were all, as a caching proxy does that kept part of it
    whole: bool = False  # send all of it, whatever range is asked for, as some proxies do
    hang_up: bool = False  # take the request and close the connection
    silent: bool = False  # take the request and never answer


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    method: str
    host: str
    path: str
    range: str | None
    token: str | None


class Hub:
    """The server: `with Hub() as hub`, then fill `hub.repositories` and `hub.faults`, and read `hub.requests`."""

    def __init__(self) -> None:
        self.repositories: dict[str, Repository] = {}
        self.users: dict[str, str] = {}  # token → name; where there are users, no other token is accepted
        self.large: dict[str, bytes] = {}  # uploaded, by sha256
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.stopping = threading.Event()
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"hub": self}))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        """The TCP port, chosen by the system."""
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """What HF_ENDPOINT should be."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        """Stop, which a second time does nothing."""
        self.stop()

    def stop(self) -> None:
        """Close the port: from now on connections are refused."""
        if not self.stopping.is_set():
            self.stopping.set()
            self._server.shutdown()
            self._server.server_close()

    def paths(self, method: str = "GET") -> list[str]:
        """Paths asked for by a method, in order."""
        return [request.path for request in self.requests if request.method == method]

    def next_fault(self, request: Request) -> Fault | None:
        """Log the request, and use up the fault that it meets."""
        with self._lock:
            self.requests.append(request)
            for fault in self.faults:
                if fault.times > 0 and fault.method == request.method and fnmatch(request.path, fault.path):
                    fault.times -= 1
                    return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass  # `Hub.requests` is the log

    def _answer(self) -> None:
        url = urlsplit(self.path)  # a whole URL where the client takes the server for a proxy
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ") or None
        host = url.netloc or self.headers["Host"]
        request = Request(self.command, host, url.path, self.headers["Range"], token)
        sent = self.rfile.read(int(self.headers["Content-Length"] or 0))
        fault = self.hub.next_fault(request) or Fault(url.path)
        try:
            if fault.silent:
                self.hub.stopping.wait()
                self.close_connection = True
            elif fault.page is not None:
                self._send(fault.page, {}, fault)
            elif fault.status is not None:
                raise RefusalError(fault.status, message=fault.message)
            elif fault.hang_up:
                self.close_connection = True
            elif request.method in ("POST", "PUT"):
                answer = (uploads.post if request.method == "POST" else uploads.put)(self.hub, request, sent)
                self._send(json.dumps(answer).encode(), {"Content-Type": "application/json"}, fault)
            else:
                self._route(request, fault)
        except RefusalError as refusal:
            body = json.dumps({"error": refusal.message}).encode()
            headers = {"X-Error-Code": refusal.code, "X-Error-Message": refusal.message}
            self._send(body, headers, Fault(url.path), refusal.status)

    def _route(self, request: Request, fault: Fault) -> None:
        if found := re.fullmatch(r"/api/models/(.+?)(?:/(revision|tree)/([^/]+))?", request.path):
            name, kind, revision = found.groups()
            repository = self._repository(name, revision, request.token)
            listing = _tree(repository) if kind == "tree" else _info(name, repository)
            self._send(json.dumps(listing).encode(), {"Content-Type": "application/json"}, fault)
        elif found := re.fullmatch(r"/(.+?)/resolve/([^/]+)/(.+)", request.path):
            name, revision, path = found.groups()
            self._resolve(name, revision, path, request, fault)
        elif found := re.fullmatch(r"/large/([0-9a-f]{64})", request.path):
            self._send(self._large(found[1]), {"ETag": f'"{found[1]}"'}, fault)
        else:
            raise RefusalError(HTTPStatus.NOT_FOUND)

    def _resolve(self, name: str, revision: str, path: str, request: Request, fault: Fault) -> None:
        repository = self._repository(name, revision, request.token)
        if repository.readers and request.token not in repository.readers:
            status = HTTPStatus.FORBIDDEN if request.token else HTTPStatus.UNAUTHORIZED
            raise RefusalError(status, "GatedRepo", f"Access to model {name} is restricted.")
        if path not in repository.files:
            raise RefusalError(HTTPStatus.NOT_FOUND, "EntryNotFound", "Entry not found")
        content = repository.files[path]
        headers = {"X-Repo-Commit": repository.revision, "ETag": f'"{git_hash(content)}"'}
        if not is_large(path):
            self._send(content, headers, fault)
            return
        digest = sha256(content)
        headers |= {
            "Location": f"http://localhost:{self.hub.port}/large/{digest}",
            "X-Linked-ETag": f'"{digest}"',
            "X-Linked-Size": str(len(content)),
            "X-Xet-Hash": digest,
            "X-Xet-Refresh-Route": f"{self.hub.url}/api/models/{name}/xet-read-token/{revision}",
        }
        self._send(b"", headers, fault, HTTPStatus.FOUND)

    def _repository(self, name: str, revision: str | None, token: str | None) -> Repository:
        user = self.hub.users.get(token or "")
        if token and self.hub.users and user is None:
            raise RefusalError(HTTPStatus.UNAUTHORIZED, message="Invalid credentials in Authorization header")
        hidden = {
            n for n, repository in self.hub.repositories.items() if repository.private and repository.owner != user
        }
        if name not in self.hub.repositories or name in hidden:
            status = HTTPStatus.NOT_FOUND if token else HTTPStatus.UNAUTHORIZED
            raise RefusalError(status, "RepoNotFound", "Repository not found")
        repository = self.hub.repositories[name]
        if revision not in (None, "main", repository.revision):
            raise RefusalError(HTTPStatus.NOT_FOUND, "RevisionNotFound", f"Invalid rev id: {revision}")
        return repository

    def _large(self, digest: str) -> bytes:
        for repository in self.hub.repositories.values():
            for content in repository.files.values():
                if sha256(content) == digest:
                    return content
        raise RefusalError(HTTPStatus.NOT_FOUND)

    def _send(self, body: bytes, headers: dict[str, str], fault: Fault, status: int = HTTPStatus.OK) -> None:
        """Send a whole body, or the range asked for, or as much as the fault lets through."""
        body = body[: fault.keep]
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "")
        if asked and status == HTTPStatus.OK and not fault.whole:
            start = int(asked[1])
            headers = {**headers, "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
            body, status = body[start:], HTTPStatus.PARTIAL_CONTENT
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body)), "Accept-Ranges": "bytes"}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body[: fault.cut_after if fault.stall_after is None else fault.stall_after])
            if fault.stall_after is not None:
                self.hub.stopping.wait()
        if fault.cut_after is not None:
            self.close_connection = True


def _info(name: str, repository: Repository) -> dict[str, Any]:
    siblings = [{"rfilename": path} for path in repository.files]
    gated = "manual" if repository.readers else False
    return {
        "id": name,
        "modelId": name,
        "sha": repository.revision,
        "gated": gated,
        "private": repository.private,
        "siblings": siblings,
    }


def _tree(repository: Repository) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path, content in repository.files.items():
        row: dict[str, Any] = {"type": "file", "path": path, "size": len(content), "oid": git_hash(content)}
        if is_large(path):
            row["lfs"] = {"oid": sha256(content), "size": len(content), "pointerSize": 134}
        rows.append(row)
    return rows
