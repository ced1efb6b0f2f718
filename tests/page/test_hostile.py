"""The running page against a hostile client: forged files, other origins, very many connections, dropped bodies."""

import json
import os
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.page.conftest import SECRET, serving
from tests.processes import descendants, runs, wait_until

pytestmark = pytest.mark.slow
CALL = "/gradio_api/call/summarize"
WHO = {"MEDSUM_USER": "nurse", "MEDSUM_PASSWORD": "horse"}
DIALOGUE = f"Patient: {SECRET} here, no fever."


@contextmanager
def listening() -> Iterator[tuple[str, list[Any]]]:
    """A server whose address a forged payload names; gives who connected."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        connected: list[Any] = []
        server.settimeout(0.1)
        ended = threading.Event()

        def accept() -> None:
            while not ended.is_set():
                try:
                    connected.append(server.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x.txt", connected
        ended.set()
        thread.join()


def test_a_forged_file_makes_the_server_connect_nowhere(served_project: Path) -> None:
    with listening() as (url, connected), serving(served_project) as (address, log):
        file = {"path": url, "url": url, "meta": {"_type": "gradio.FileData"}, "orig_name": "x.txt"}
        calls: list[tuple[str, dict[str, Any]]] = [
            (CALL, {"data": [file, "auto"]}),
            ("/gradio_api/call/v2/summarize", {"dialogue": file}),
            *(
                ("/gradio_api/queue/join", {"data": [file] * 4, "fn_index": index, "session_hash": "s"})
                for index in range(20)
            ),
        ]
        assert {httpx2.post(address + path, json=body).status_code for path, body in calls} == {403}
        time.sleep(0.5)
        assert connected == []
        assert log.read_text(encoding="utf-8").count("\n") == 1


def test_a_request_of_another_form_is_answered_without_its_dialogue(served_project: Path) -> None:
    with serving(served_project) as (address, log):
        for body in ({"data": {"dialogue": DIALOGUE}}, [DIALOGUE], {"data": [DIALOGUE], "session_hash": 1}, {}):
            answer = httpx2.post(address + CALL, json=body)
            assert answer.status_code == 422
            assert answer.text == "The request does not have the form that the interface describes."
        assert SECRET not in log.read_text(encoding="utf-8")


def test_on_every_address_a_name_must_be_allowed(served_project: Path) -> None:
    words = ("--host", "0.0.0.0", "--allow-host", "notes.example")
    with serving(served_project, *words, env=WHO) as (address, _):

        def status(host: str, origin: str | None = None) -> int:
            headers = {"host": host} | ({"origin": origin} if origin else {})
            return httpx2.get(f"{address}/config", headers=headers).status_code

        assert status("evil.example") == 403
        assert status("notes.example", "https://evil.example") == 403
        assert status("notes.example", "https://notes.example") == 401  # let in as far as the login
        answer = httpx2.options(
            address + CALL, headers={"origin": "https://evil.example", "access-control-request-method": "POST"}
        )
        assert answer.status_code == 403
        assert not [name for name in answer.headers if name.startswith("access-control")]


def test_very_many_idle_connections_leave_room_for_others(served_project: Path) -> None:
    source = served_project / "medsum/serve/connections.py"
    text = source.read_text(encoding="utf-8").replace("REQUEST_SECONDS = 15.0", "REQUEST_SECONDS = 2.0")
    source.write_text(text, encoding="utf-8")
    with descriptors(1024), serving(served_project, env=WHO) as (address, log), descriptors(4096), ExitStack() as held:
        port = int(address.rpartition(":")[2])
        for number in range(1100):
            one = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))
            if number % 2:
                one.sendall(b"GET /gradio_api/heartbeat/x HTTP/1.1\r\nHost: localhost\r\n")  # without its end
        assert is_answered(address, seconds=60)
        assert log.stat().st_size < 10_000


def test_a_visitor_who_reads_no_answer_is_disconnected(served_project: Path) -> None:
    source = served_project / "medsum/serve/connections.py"
    text = source.read_text(encoding="utf-8").replace("READING_SECONDS = 30.0", "READING_SECONDS = 1.0")
    source.write_text(text, encoding="utf-8")
    with serving(served_project) as (address, _), socket.socket() as one:
        page = httpx2.get(address).content
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", int(address.rpartition(":")[2])))
        asked = 10_000_000 // len(page) + 1  # more than the buffers of the operating system hold
        one.settimeout(5)
        with suppress(OSError):
            one.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * asked)
        time.sleep(8)  # eight times the limit, because the machine may be busy
        received = 0
        with suppress(ConnectionResetError):
            while part := one.recv(65536):
                received += len(part)
        assert received < 9_000_000
        assert is_answered(address, seconds=10)


def is_answered(address: str, seconds: float) -> bool:
    """Whether the front page is there within some seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if httpx2.get(address, timeout=30).status_code == 200:
                return True
        except httpx2.TransportError:
            pass
        time.sleep(0.5)
    return False


@contextmanager
def descriptors(most: int) -> Iterator[None]:
    """Let this process, and those that it starts now, open so many files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def memory_megabytes(address: str) -> float:
    """Memory of the process that listens at an address."""
    port = int(address.rpartition(":")[2])
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_text(encoding="utf-8").split("\0")
            if "app.py" in words and str(port) in words:
                status = (entry / "status").read_text(encoding="utf-8")
                return int(status.partition("VmRSS:")[2].split()[0]) / 1000
        except OSError:
            continue
    raise AssertionError("no such process")


def test_sixty_dropped_bodies_of_five_megabytes_leave_little_behind(served_project: Path) -> None:
    with serving(served_project) as (address, _), ExitStack() as held:
        httpx2.post(address + CALL, json={"data": [DIALOGUE, "auto"]})
        before = memory_megabytes(address)
        port = int(address.rpartition(":")[2])
        for _ in range(60):
            one = held.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
            head = f"POST {CALL} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4900000\r\n\r\n"
            one.settimeout(2)
            try:
                one.sendall(head.encode() + b"x" * 4_800_000)
            except OSError:  # the server is at its limit and answers before it has read
                continue
        held.close()
        time.sleep(2)
        assert memory_megabytes(address) - before < 100
        assert httpx2.post(address + CALL, json={"data": [DIALOGUE, "auto"]}, timeout=10).status_code == 200


def test_a_flood_of_mistakes_writes_a_log_of_bounded_length(served_project: Path) -> None:
    with serving(served_project) as (address, log), httpx2.Client() as client:
        for number in range(300):  # each is a traceback of some forty lines
            body = json.dumps({"data": [DIALOGUE], "session_hash": str(number)})
            client.post(f"{address}{CALL}", content=body, headers={"content-type": "application/json"})
        time.sleep(3)
        written = log.read_text(encoding="utf-8")
    assert written.count("\n") < 400
    assert "The log leaves out all further lines" in written


def test_an_endless_check_stops_neither_the_others_nor_the_end_of_the_server(served_project: Path) -> None:
    def ask(address: str, dialogue: str) -> str:
        event = httpx2.post(f"{address}/gradio_api/call/check", json={"data": [dialogue, "No fever."]}, timeout=60)
        return httpx2.get(f"{address}/gradio_api/call/check/{event.json()['event_id']}", timeout=60).text

    def ask_for_long(address: str) -> None:
        with suppress(httpx2.TransportError):  # the server ends before it answers
            answers.append(ask(address, f"Doctor: Hi.\nPatient: {'1' * 190_000}"))

    answers: list[str] = []
    others = descendants(os.getpid())
    with serving(served_project) as (address, log):
        assert '"evidence"' in ask(address, DIALOGUE)  # the first worker is there
        hostile = threading.Thread(target=ask_for_long, args=(address,))
        hostile.start()
        time.sleep(1)
        assert '"evidence"' in ask(address, DIALOGUE)
        assert answers == []
        started = descendants(os.getpid()) - others
        assert len(started) >= 4  # the server, two helpers of multiprocessing, and a worker
        assert log.read_text(encoding="utf-8").count("\n") == 1
    wait_until(lambda: not any(map(runs, started)), 10)
    hostile.join(60)
