"""Serve the web page for the clinician who signs the note: run `python app.py`, then open http://localhost:7860.

Other programs use the API below http://localhost:7860/v1 (docs/endpoint.md). With `--no-page`, the server has only the
API and no page.

By default, the server listens only on this machine. To serve other machines, use `--host 0.0.0.0` and set a user and a
password. Write them into the environment variables MEDSUM_USER and MEDSUM_PASSWORD, or write the line `user:password`
into a file and name this file with `--login`. Put the server behind a proxy with TLS.
"""

import argparse
import ipaddress
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from medsum.core.errors import UserError, run_script

if TYPE_CHECKING:
    from medsum.api.served import Served
    from medsum.serve.hosts import Hosts
    from medsum.serve.login import Login
from medsum.serve.login import Login, credentials

# The largest number of sessions in memory. A session takes 100 kB. Each call over HTTP opens a session, and no call
# closes it.
SESSIONS = 100


def arguments() -> argparse.Namespace:
    """Return the options of the command line. No option takes a password."""
    parser = argparse.ArgumentParser(description="Serve a web page that summarises doctor-patient dialogues.")
    parser.add_argument("--host", default="127.0.0.1", help="the server's address (default: only for this machine)")
    parser.add_argument("--port", type=int, default=7860)
    parser.add_argument(
        "--model",
        help="'promoted' (docs/promote.md), 'serving' (the converted model), 'finetuned' (the adapter), 'baseline' (the"
        " unchanged base model), or a model's folder (default: 'promoted' if a model was promoted, else 'serving')",
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a host name that visitors use, such as the name of a proxy; the option may be repeated",
    )
    parser.add_argument("--no-page", action="store_true", help="serve only the API below /v1")
    parser.add_argument("--login", type=Path, metavar="FILE", help="a file with one line: user:password")
    parser.add_argument(
        "--audit-log", type=Path, metavar="FILE", help="record each use, without any text, in this file (default: none)"
    )
    parser.add_argument(
        "--keep-corrections",
        type=Path,
        metavar="FOLDER",
        help="store the notes that a person signs, with patient text, in this folder (default: none)",
    )
    chosen = parser.parse_args()
    if chosen.keep_corrections and chosen.no_page:
        parser.error("--keep-corrections needs the page, where notes are signed; leave out --no-page")
    return chosen


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def main() -> None:
    """Load the model and run the server. If other machines can connect, require a login first."""
    chosen = arguments()
    # A service manager stops the server with SIGTERM. The signal then has the effect of Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    login = credentials(chosen.login, os.environ.get("MEDSUM_USER", ""), os.environ.get("MEDSUM_PASSWORD", ""))
    if not is_loopback(chosen.host) and login is None:
        raise UserError(
            f"{chosen.host} can be reached from other machines; set MEDSUM_USER and MEDSUM_PASSWORD,"
            " or name a file with --login"
        )
    # At the start, Gradio sends a request to its own page to check that the page runs. A proxy cannot reach the page,
    # so this request must not use a proxy.
    for name in [name for name in os.environ if name.lower() in ("http_proxy", "https_proxy", "all_proxy")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="medsum-page-") as scratch:  # the folder is deleted at the end
        os.environ |= {"GRADIO_TEMP_DIR": scratch, "GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
        serve(chosen, login)


def kind_alone(self: traceback.TracebackException) -> Generator[str, None, None]:
    """Yield the last line of a traceback without the exception's message, which may quote a dialogue."""
    yield f"{self.exc_type.__name__} (message not shown)\n"


def serve(chosen: argparse.Namespace, login: tuple[str, str] | None) -> None:
    """Run the server until it is stopped."""
    from medsum.api.served import served
    from medsum.api.server import run_without_page
    from medsum.generation.model_choice import open_summarizer
    from medsum.review import promoted
    from medsum.review.model_hash import model_hash
    from medsum.serve.audit_log import AuditLog, Uses
    from medsum.serve.bounded_log import BoundedLog
    from medsum.serve.check_workers import check_workers, warm_up
    from medsum.serve.connections import bound_connections
    from medsum.serve.hosts import Hosts
    from medsum.serve.login import Login
    from medsum.serve.note_sections import instructions

    traceback.TracebackException.format_exception_only = kind_alone  # type: ignore[method-assign]
    bound_connections()
    sys.stderr = BoundedLog(sys.stderr)
    chosen.model = promoted.chosen_model(chosen.model)
    if said := promoted.told(chosen.model):
        print(said, flush=True)
    log = AuditLog(chosen.audit_log, login[0] if login else None) if chosen.audit_log else None
    summarizer = open_summarizer(chosen.model, instructions=instructions())
    uses = Uses(model_hash(chosen.model), log)
    model = served(chosen.model, summarizer, uses)
    hosts, guard_login = Hosts(chosen.host, chosen.allow_host), Login(*login) if login else None
    try:
        with check_workers():
            if chosen.no_page:
                warm_up()
                run_without_page(model, hosts, guard_login, chosen.host, chosen.port)
            else:
                serve_page(chosen, model, hosts, guard_login)
    except ValueError as error:
        if "localhost is not accessible" not in str(error):
            raise
        raise UserError("the page did not start in time; start it again when the machine is less busy") from None
    except OSError as error:
        raise UserError(
            f"port {chosen.port} of {chosen.host} cannot be used ({error}); choose another --port"
        ) from None


def serve_page(chosen: argparse.Namespace, model: "Served", hosts: "Hosts", login: "Login | None") -> None:
    """Run the page together with the API."""
    from fastapi.exceptions import RequestValidationError

    from medsum.api.server import api_of
    from medsum.serve.check_workers import warm_up
    from medsum.serve.guard import guarding, wrong_form
    from medsum.serve.keeping import Corrections
    from medsum.serve.page import ASSETS, Page
    from medsum.serve.widgets import theme

    script = (ASSETS / "page.js").read_text(encoding="utf-8")
    kept = Corrections(chosen.keep_corrections) if chosen.keep_corrections else None
    blocks = Page(chosen.model, model.summarizer, model.runs, model.uses, kept).build()
    _, url, _ = blocks.launch(
        server_name=chosen.host,
        server_port=chosen.port,
        auth=login.check if login else None,  # type: ignore[arg-type]  # Gradio also accepts asynchronous functions
        share=False,
        show_error=False,
        quiet=True,
        prevent_thread_lock=True,
        max_file_size=0,
        ssr_mode=False,
        run_history=False,
        state_session_capacity=SESSIONS,
        enable_monitoring=False,
        footer_links=["api"],
        app_kwargs={
            "lifespan": guarding(hosts, login, api_of(model)),
            "exception_handlers": {RequestValidationError: wrong_form},
        },
        theme=theme(),
        css=(ASSETS / "page.css").read_text(encoding="utf-8"),
        head=f"<script>{script}</script>",
    )
    print(f"Open {url} in a browser; Ctrl-C stops the server.", flush=True)
    warm_up()
    try:
        blocks.block_thread()
    except KeyboardInterrupt:
        blocks.close()


if __name__ == "__main__":
    run_script(main)
