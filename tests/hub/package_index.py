"""A package index of one's own: the part of its HTTP interface that pip asks for, with faults on demand."""

import threading
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Index:
    """The server: `with Index() as index`, then fill `files` and set a fault; `requests` are the paths asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}  # wheels by file name
        self.hashes = True  # whether a page tells the sha256 of a file
        self.page_status = 200  # what a page answers
        self.file_status = 200  # what a file answers
        self.cut_after: int | None = None  # hang up after so many bytes of a file
        self.requests: list[str] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                index.requests.append(self.path)
                name = self.path.rpartition("/")[2]
                if name in index.files:
                    self.answer(index.file_status, index.files[name], index.cut_after)
                else:
                    self.answer(index.page_status, index.page(self.path).encode(), None)

            def answer(self, status: int, body: bytes, cut_after: int | None) -> None:
                if status != 200:
                    self.send_error(status)
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/zip" if body[:2] == b"PK" else "text/html")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[:cut_after])
                self.close_connection = cut_after is not None

            def log_message(self, *_: object) -> None:
                """The terminal belongs to the tests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple"

    def page(self, path: str) -> str:
        """The links of one package's page."""
        package = path.strip("/").rpartition("/")[2].replace("-", "_")
        links = [
            f'<a href="/files/{name}{f"#sha256={sha256(body).hexdigest()}" if self.hashes else ""}">{name}</a>'
            for name, body in self.files.items()
            if name.startswith(package)
        ]
        return f"<!DOCTYPE html><html><body>{''.join(links)}</body></html>"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
