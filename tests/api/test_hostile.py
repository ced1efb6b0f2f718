"""The running endpoint against a hostile client: each answer is one sentence that repeats nothing of the request."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.api.conftest import DIALOGUE, SECRET, answering
from tests.api.test_fhir import attached, bundle, document, encoded
from tests.conftest import run_script
from tests.page.conftest import free_port, serving
from tests.processes import descendants, runs, wait_until

pytestmark = pytest.mark.slow
CHAT, FHIR = "/v1/chat/completions", "/v1/fhir"
JSON = {"content-type": "application/json"}
WHO = {"MEDSUM_USER": "nurse", "MEDSUM_PASSWORD": "horse"}
KEY = {"authorization": "Bearer nurse:horse"}
USER = {"role": "user", "content": DIALOGUE}
PATHS = (CHAT, FHIR, "/v1/models", "/v1/models/serving", "/v1/docs", "/v1/openapi.json", "/v1/", f"/v1/{SECRET}")


@pytest.fixture(scope="module")
def guarded(api_project: Path) -> Iterator[str]:
    """A server with a login, which waits for a body for two seconds; nothing of what is sent is in its log."""
    source = api_project / "medsum/serve/request_body.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("SECONDS = 30.0", "SECONDS = 2.0"), encoding="utf-8")
    with answering(api_project, env=WHO) as (address, log):
        yield address
        printed = log.read_text(encoding="utf-8")
        assert printed.count("\n") == 1, printed
    source.write_text(text, encoding="utf-8")


def sentence_of(answer: httpx2.Response) -> str:
    """The sentence of an error in OpenAI's form or FHIR's; nothing else is there, and no word of the request."""
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    body = answer.json()
    if "resourceType" in body:
        assert answer.headers["content-type"] == "application/fhir+json"
        [issue] = body["issue"]
        assert issue["severity"] == "error"
        sentence = issue["diagnostics"]
    else:
        assert set(body["error"]) == {"message", "type", "param", "code"}
        sentence = body["error"]["message"]
    assert isinstance(sentence, str)
    assert 10 < len(sentence) < 250
    assert "\n" not in sentence
    return sentence


def chat(**fields: Any) -> dict[str, Any]:
    return {"model": "serving", "messages": [USER], **fields}


def said(content: Any) -> dict[str, Any]:
    return chat(messages=[{"role": "user", "content": content}])


def schema(value: Any) -> dict[str, Any]:
    return chat(response_format={"type": "json_schema", "json_schema": {"schema": value}})


def deep(levels: int) -> Any:
    value: Any = SECRET
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize("path", PATHS)
def test_without_the_login_nothing_is_answered(path: str, method: str, guarded: str) -> None:
    answer = httpx2.request(method, guarded + path, content=json.dumps(chat()), headers=JSON)
    assert answer.status_code == 401
    assert "basic" in answer.headers["www-authenticate"].lower()
    assert method == "HEAD" or "Log in first" in sentence_of(answer)


@pytest.mark.parametrize(
    "target",
    ["//v1/models", "/./v1/models", "/x/../v1/models", "/%76%31/models", "/v1%2fmodels", "/V1/models", "/v1",
     "/gradio_api/v1/models", "/v1/./models", "http://127.0.0.1/v1/models", "/v1/models?x=/login",
     "/login/../v1/models"],
)  # fmt: skip
def test_no_way_of_writing_the_path_leads_past_the_login(target: str, guarded: str) -> None:
    answer = raw(guarded, f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    assert answer.split(b" ")[1] in (b"401", b"404")
    assert b"owned_by" not in answer


def raw(address: str, *parts: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are; gives all that is answered."""
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30) as one:
        for part in parts:
            try:
                one.sendall(part)
            except OSError:  # it has answered and closed
                break
            time.sleep(pause)
        found = b""
        try:
            while more := one.recv(65536):
                found += more
        except ConnectionResetError:
            pass
        return found


@pytest.mark.parametrize("password", ["cow", "", "h rse", "hörse"])
def test_a_wrong_login_takes_its_time(password: str, guarded: str) -> None:
    begun = time.monotonic()
    value = f"Bearer nurse:{password}".encode("latin-1")
    answer = httpx2.get(f"{guarded}/v1/models", headers=[(b"authorization", value)])
    assert answer.status_code == 401
    assert time.monotonic() - begun > 0.9


def test_the_password_alone_or_the_pages_login_form_is_no_key(guarded: str) -> None:
    assert httpx2.get(f"{guarded}/v1/models", headers={"authorization": "Bearer horse"}).status_code == 401
    assert httpx2.get(f"{guarded}/v1/models", headers=KEY).status_code == 200


@pytest.mark.parametrize("path", [CHAT, FHIR, "/v1/models"])
def test_another_host_or_origin_is_refused_even_with_the_login(path: str, guarded: str) -> None:
    for headers in (
        {"host": "evil.example"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"x-forwarded-host": "evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"},
    ):
        answer = httpx2.post(guarded + path, json=chat(), headers={**KEY, **headers})
        assert answer.status_code == 403
        assert "host or origin" in sentence_of(answer)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", [CHAT, FHIR])
def test_ten_megabytes_are_refused_told_or_not(path: str, guarded: str) -> None:
    large = b'{"a": "' + b"x" * 10_000_000 + b'"}'
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer nurse:horse\r\nConnection: close\r\n"
    told = raw(guarded, f"{head}Content-Length: {len(large)}\r\n\r\n".encode(), large)
    chunk = b"%x\r\n" % 1_000_000 + b"x" * 1_000_000 + b"\r\n"
    untold = raw(guarded, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), *[chunk] * 10)
    assert b" 413 " in told.partition(b"\r\n")[0]
    assert untold == b"" or b" 413 " in untold.partition(b"\r\n")[0]  # or reset before it is read


def test_a_slow_body_is_told_so_and_a_dropped_one_leaves_no_trace(guarded: str) -> None:
    head = (
        b"POST /v1/fhir HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer nurse:horse\r\nContent-Length: 99\r\n\r\n"
    )
    answer = raw(guarded, head, *[b"{"] * 4, pause=0.2)
    assert answer.split(b" ")[1] == b"408"
    assert b"did not arrive in time" in answer
    with socket.create_connection(("127.0.0.1", int(guarded.rpartition(":")[2])), timeout=30) as one:
        one.sendall(head + b'{"' + SECRET.encode())
    assert httpx2.get(f"{guarded}/v1/models", headers=KEY).status_code == 200


NO_JSON = [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b"[" * 200_000, b'{"a": ' * 50_000, b"9" * 5_000, b"Infinity",
           f"{{'a': '{SECRET}'}}".encode()]  # fmt: skip


@pytest.mark.parametrize("path", [CHAT, FHIR])
@pytest.mark.parametrize("body", NO_JSON)
def test_what_is_no_json_gets_a_sentence(body: bytes, path: str, guarded: str) -> None:
    answer = httpx2.post(guarded + path, content=body, headers={**KEY, **JSON})
    assert answer.status_code == 400
    assert "not valid JSON" in sentence_of(answer)


WRONG: list[Any] = [
    [], SECRET, 7, None, True, {}, deep(900), {SECRET: SECRET},
    chat(messages=SECRET), chat(messages=[SECRET]), chat(messages=[{SECRET: SECRET}]), chat(messages={"role": SECRET}),
    chat(messages=[{"role": SECRET, "content": SECRET}]), chat(messages=[{"role": "user"}]), said(None),
    said({SECRET: 1}), said([{"type": "text", "text": 7}]), said([{"type": "image_url", "image_url": {"url": SECRET}}]),
    chat(messages=[USER] * 9_000), said(SECRET), said(DIALOGUE + "\ud800"), said("\x00"),
    said(DIALOGUE + "\nPatient: No." * 20_000), said('{"dialogue": ' + "[" * 90_000),
    chat(messages=[{"role": "system", "content": SECRET}, USER]),
    chat(messages=[{"role": "system", "content": f"Section: {SECRET}"}, USER]),
    chat(messages=[{"role": "system", "content": "Section: {dialogue.__class__}"}, USER]),
    chat(model=SECRET), chat(model=None), chat(model="../../etc/passwd"), chat(model="x" * 100_000),
    chat(metadata=SECRET), chat(metadata={"section": SECRET}), chat(metadata={"section": [SECRET]}),
    chat(metadata={"section": "\ud800"}), chat(metadata={"section": "x" * 1_000_000}),
    chat(n=SECRET), chat(n=2), chat(n=1e400), chat(n=-1), chat(n=10**400), chat(stream=SECRET),
    chat(stream_options=SECRET), chat(tools=[SECRET]), chat(tools=SECRET), chat(functions=[{"name": SECRET}]),
    chat(modalities=[SECRET]), chat(response_format=SECRET), chat(response_format={"type": SECRET}),
    schema(deep(500)), schema({"properties": {SECRET: {"type": SECRET}}}),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(WRONG)))
@pytest.mark.parametrize("stream", [False, True])
def test_a_wrong_chat_request_gets_a_sentence_before_any_stream(stream: bool, number: int, guarded: str) -> None:
    sent = WRONG[number]
    if isinstance(sent, dict) and "stream" not in sent:
        sent = {**sent, "stream": stream}
    body = json.dumps(sent).replace("Infinity", "1e400")
    answer = httpx2.post(guarded + CHAT, content=body, headers={**KEY, **JSON}, timeout=60)
    assert answer.status_code in (400, 404)
    sentence_of(answer)


ODD: list[Any] = [
    [], SECRET, {}, deep(900), {"resourceType": SECRET}, {"resourceType": [SECRET]}, {"resourceType": {SECRET: SECRET}},
    bundle(*[{"resourceType": SECRET}] * 20_000), bundle(bundle(document())), bundle(*[document()] * 2),
    document(content={SECRET: 1}), document(content=[[SECRET]]), document(context=[SECRET]),
    document(context={"encounter": [{"reference": 7}]}), document(subject=[SECRET]),
    document(subject={"reference": "x" * 9_999}), attached(data=SECRET), attached(data=7), attached(data=""),
    attached(data=encoded(SECRET)), attached(data=encoded(b"PK\x03\x04" + b"0" * 999)),
    attached(data=encoded(b"\x00" * 99)), attached(data=encoded("[" * 90_000)),
    attached(contentType=SECRET, data=encoded(DIALOGUE)), attached(hash=[SECRET], data=encoded(DIALOGUE)),
    attached(url=f"http://{SECRET}.example/x.txt"), attached(data=encoded(f"{SECRET} came in.")),
    attached(data=encoded(DIALOGUE + "\nPatient: No." * 20_000)),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_an_odd_resource_gets_an_operation_outcome(number: int, guarded: str) -> None:
    answer = httpx2.post(guarded + FHIR, json=ODD[number], headers=KEY, timeout=60)
    assert answer.status_code == 400
    assert "OperationOutcome" in answer.text
    sentence_of(answer)


@pytest.mark.parametrize("section", [SECRET, "%00", "%ff", "x" * 9_000, "{0}", "../x", "%F0%9F%98%80"])
def test_an_odd_section_in_the_query_gets_an_operation_outcome(section: str, guarded: str) -> None:
    answer = httpx2.post(f"{guarded}{FHIR}?section={section}", json=document(), headers=KEY, timeout=60)
    assert answer.status_code == 400
    assert "there is no such section" in sentence_of(answer)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "\xe9"])
def test_a_body_that_is_not_called_json_is_not_read(kind: str, guarded: str) -> None:
    headers = [(b"authorization", b"Bearer nurse:horse"), (b"content-type", kind.encode("latin-1"))]
    for path in (CHAT, FHIR):
        answer = httpx2.post(guarded + path, content=json.dumps(chat()), headers=headers)
        assert answer.status_code == 400
        assert "Content-Type: application/json" in sentence_of(answer)


@pytest.mark.parametrize("path", [CHAT, FHIR, "/v1/models", f"/v1/{SECRET}", "/v1/models/%00", f"/v1/models/{SECRET}"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"])
def test_another_method_or_path_gets_a_sentence(method: str, path: str, guarded: str) -> None:
    answer = httpx2.request(method, guarded + path, content=b"{}", headers={**KEY, **JSON})
    if (method, path) != ("GET", "/v1/models"):
        assert answer.status_code in (404, 405)
        sentence_of(answer)


def test_a_client_that_leaves_while_its_note_is_written_makes_room(guarded: str) -> None:
    long = DIALOGUE + "\nPatient: It comes and goes, mostly in the morning." * 300
    for stream in (True, False):
        for _ in range(3):
            with pytest.raises(httpx2.TimeoutException):
                httpx2.post(
                    guarded + CHAT, json=chat(messages=[{"role": "user", "content": long}], stream=stream), headers=KEY,
                    timeout=httpx2.Timeout(30, read=0.05),
                )  # fmt: skip
    answer = httpx2.post(guarded + CHAT, json=chat(), headers=KEY, timeout=60)
    assert answer.status_code == 200


def test_odd_words_in_a_dialogue_come_back_as_they_are(guarded: str) -> None:
    odd = "Patient: ½ tablet\u202e, <script>alert(1)</script> \U0001f637 {section} {0} %s \u00ad data: [DONE]"
    answer = httpx2.post(
        guarded + CHAT, json=chat(messages=[{"role": "user", "content": odd}]), headers=KEY, timeout=60
    )
    assert answer.status_code == 200
    assert "<script>" in answer.json()["medsum"]["dialogue"][0]
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_page_and_endpoint_answer_on_one_address_with_one_login(served_project: Path) -> None:
    with serving(served_project, env=WHO) as (address, _), httpx2.Client(base_url=address, timeout=60) as browser:
        assert browser.get("/v1/docs").status_code == 401
        assert browser.get("/v1/models", headers=KEY).json()["data"][0]["id"] == "serving"
        assert browser.get("/config", headers=KEY).status_code == 401
        answer = httpx2.post(address + CHAT, json=chat(), headers=KEY, timeout=60)
        assert answer.json()["medsum"]["section"] == "ALLERGY"
        assert browser.post("/login", data={"username": "nurse", "password": "horse"}).status_code == 200
        assert "POST /v1/fhir" in browser.get("/v1/docs").text
        assert browser.post(CHAT, json=chat()).json()["medsum"] == answer.json()["medsum"]
        assert browser.post(CHAT, json=chat(), headers={"origin": "https://evil.example"}).status_code == 403


def test_without_the_page_it_starts_only_where_it_is_safe_and_its_port_is_free(served_project: Path) -> None:
    done = run_script(served_project, "app.py", "--no-page", "--host", "0.0.0.0")
    assert done.returncode == 1
    assert done.stderr.startswith("Error: 0.0.0.0 can be reached from other machines; set MEDSUM_USER")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_script(served_project, "app.py", "--no-page", "--port", port)
    assert done.returncode == 1
    assert f"Error: port {port} of 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_ends_the_server_and_its_workers_at_once(ending: signal.Signals, served_project: Path) -> None:
    port, log = free_port(), served_project / "api.log"
    with log.open("w", encoding="utf-8") as output:
        words = [sys.executable, "app.py", "--no-page", "--port", str(port)]
        process = subprocess.Popen(words, cwd=served_project, stdout=output, stderr=subprocess.STDOUT)
    end = time.monotonic() + 120
    while not log.read_text(encoding="utf-8").startswith("The API is at"):
        assert time.monotonic() < end
        time.sleep(0.1)
    chat_of = {"model": "serving", "messages": [USER]}
    assert httpx2.post(f"http://127.0.0.1:{port}{CHAT}", json=chat_of, timeout=120).status_code == 200
    workers = descendants(process.pid)
    assert len(workers) >= 3  # two helpers of multiprocessing, and a worker
    process.send_signal(ending)
    assert process.wait(30) == (-ending if ending == signal.SIGKILL else 0)
    wait_until(lambda: not any(map(runs, workers)), 10)
    assert log.read_text(encoding="utf-8").count("\n") == 1
