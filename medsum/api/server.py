"""Run a server that has the API and no page. The server with the page uses the same guard."""

import socket
from contextlib import suppress

import uvicorn
from fastapi import FastAPI
from starlette.responses import PlainTextResponse

from medsum.api.application import application
from medsum.api.errors import refusal
from medsum.api.served import Served
from medsum.serve.guard import Api, guarding
from medsum.serve.hosts import Hosts
from medsum.serve.login import Login

PATIENCE_SECONDS = 5  # after a stop signal, the server waits at most 5 seconds for unfinished answers


def api_of(served: Served) -> Api:
    """Return the API in the form that the guard needs."""
    return Api(application(served), refusal)


def run_without_page(served: Served, hosts: Hosts, login: Login | None, host: str, port: int) -> None:
    """Serve until a signal stops the server. Raise OSError if the port is in use."""
    app = FastAPI(lifespan=guarding(hosts, login, api_of(served)), docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/")
    async def front() -> PlainTextResponse:
        return PlainTextResponse("This server has no page; GET /v1/docs describes the API.")

    with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as listening:
        shown = f"[{host}]" if ":" in host else host
        print(f"The API is at http://{shown}:{port}/v1; Ctrl-C stops.", flush=True)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=PATIENCE_SECONDS)
        with suppress(KeyboardInterrupt):  # Ctrl-C is the usual end
            uvicorn.Server(config).run([listening])
