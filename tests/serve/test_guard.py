"""What the guard around the page refuses, without the page: hosts, origins, files, bodies, strangers."""

import asyncio
import base64
import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response
from starlette.testclient import TestClient

from medsum.serve import guard, login, request_body
from medsum.serve.bounded_log import LEFT_OUT, MAX_LINES, PERIOD_SECONDS, BoundedLog
from medsum.serve.guard import Api, Guard
from medsum.serve.hosts import Hosts
from medsum.serve.login import Login
from medsum.serve.request_body import Bodies, RefusedError, require_whole_text

CALL = "/gradio_api/call/summarize"
FORGED = {"path": "x", "url": "http://192.0.2.1/x", "meta": {"_type": "gradio.FileData"}}


NURSE = ("nurse", "horse")


def in_json(_: str, status: int, sentence: str) -> Response:
    """A refusal as the API words it."""
    return JSONResponse({"said": sentence}, status)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the body that arrives, as a library would that lets every origin in."""
    body = (await receive()).get("body", b"") if scope["method"] == "POST" else b""
    headers = [(b"access-control-allow-credentials", b"true"), (b"access-control-allow-origin", b"http://evil.example"),
               (b"cache-control", b"max-age=9")]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def client(
    *allowed: str, listens_on: str = "127.0.0.1", needs: Login | None = None, host: str = "127.0.0.1:7860"
) -> Any:
    """A client of a guarded application, whose API answers as its page does."""
    app = SimpleNamespace(cookie_id="1", tokens={"right": "nurse"})
    guarded = Guard(echo, Hosts(listens_on, allowed), needs, Api(echo, in_json))

    async def whole(scope: Any, receive: Any, send: Any) -> None:
        scope["app"] = app
        await guarded(scope, receive, send)

    return TestClient(whole, base_url=f"http://{host}")


@pytest.mark.parametrize(
    "payload",
    [
        {"data": [FORGED, "auto"]},
        {"dialogue": FORGED},
        {"data": ["Patient: No.", {"deep": [[{"er": FORGED}]]}]},
        {"data": ["", ""], "event_data": FORGED},
        {"data": [{"path": "/etc/passwd"}]},
        {"data": [{"meta": {"_type": "gradio.FileData"}, "path": "x"}]},
    ],
)
def test_a_file_in_any_place_of_a_call_is_refused(payload: Any) -> None:
    answer = client().post(CALL, json=payload)
    assert answer.status_code == 403
    assert answer.text == "This server accepts no files."


def test_words_about_files_in_a_dialogue_are_no_file() -> None:
    said = json.dumps({"data": ['Patient: {"path": "x", "meta": 1}, it said.', "auto"]}).encode()
    assert client().post(CALL, content=said).content == said


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused_in_a_sentence(body: bytes) -> None:
    answer = client().post(CALL, content=body)
    assert (answer.status_code, answer.text) == (400, "The request is not valid JSON.")


def test_half_a_character_for_the_api_is_refused_in_a_sentence() -> None:
    with pytest.raises(RefusedError) as caught:
        require_whole_text(b'{"subject": [{"\\ud83d": 1}]}')
    assert (caught.value.status, caught.value.sentence) == (
        400, b"A text of the request has half a character (a lone surrogate)."
    )  # fmt: skip
    require_whole_text(b'{"subject": "\\ud83d\\ude37 \\n"}')


def test_a_length_of_thousands_of_digits_is_refused() -> None:
    answer = client().post(CALL, content=b"{}", headers={"content-length": "9" * 5_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("host", "listens_on", "allowed", "status"),
    [
        ("localhost:7860", "127.0.0.1", (), 200),
        ("[::1]:7860", "127.0.0.1", (), 200),
        ("evil.example", "127.0.0.1", (), 403),
        ("localhost.evil.example", "127.0.0.1", (), 403),
        ("192.0.2.7", "127.0.0.1", (), 403),
        ("192.0.2.7:7860", "0.0.0.0", (), 200),
        ("evil.example", "0.0.0.0", (), 403),
        ("notes.hospital.example", "0.0.0.0", ("Notes.Hospital.example",), 200),
        ("hospital.example:7860", "hospital.example", (), 200),
    ],
)
def test_only_names_it_was_started_with_are_answered(
    host: str, listens_on: str, allowed: tuple[str, ...], status: int
) -> None:
    assert client(*allowed, listens_on=listens_on, host="127.0.0.1").get("/", headers={"host": host}).status_code == (
        status
    )


def test_a_forwarded_host_must_be_allowed_too() -> None:
    assert client().get("/", headers={"x-forwarded-host": "evil.example"}).status_code == 403
    assert client("notes.example").get("/", headers={"x-forwarded-host": "notes.example"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:7860", 200),
        ("http://evil.example", 403),
        ("http://127.0.0.1:8888", 403),
        ("null", 403),
        ("http://[", 403),
        ("https://notes.example", 200),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_pages_of_other_origins_are_refused(method: str, origin: str, status: int) -> None:
    headers = {"origin": origin, "access-control-request-method": "POST"}
    assert client("notes.example").request(method, "/", headers=headers).status_code == status


def test_another_site_may_link_here_but_not_load_from_here() -> None:
    site = {"sec-fetch-site": "cross-site"}
    assert client().get("/", headers={**site, "sec-fetch-mode": "navigate"}).status_code == 200
    assert client().get("/gradio_api/heartbeat/x", headers={**site, "sec-fetch-mode": "no-cors"}).status_code == 403


@pytest.mark.parametrize("path", ["/", "/gradio_api/upload", CALL])
def test_every_answer_has_the_headers_and_no_credentials(path: str) -> None:
    answer = client().get(path, headers={"origin": "http://127.0.0.1:7860"})
    assert {name: answer.headers[name] for name in guard.HEADERS} == guard.HEADERS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_who_has_not_logged_in_holds_no_heartbeat_and_sends_little() -> None:
    stranger, nurse = client(needs=Login(*NURSE)), client(needs=Login(*NURSE))
    nurse.cookies.set("access-token-1", "right")
    large = {"data": ["x" * 20_000]}
    for path in ("/gradio_api/heartbeat/a", "/gradio_api/cancel", "/heartbeat/a"):
        assert stranger.get(path).status_code == 401
        assert nurse.get(path).status_code == 200
    assert stranger.post(CALL, json=large).status_code == 413
    assert nurse.post(CALL, json=large).status_code == 200


CHAT = "/v1/chat/completions"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        (None, 401),
        ("Bearer nurse:horse", 200),
        ("bearer nurse:horse", 200),
        (basic("nurse", "horse"), 200),
        ("Bearer horse", 401),
        ("Bearer nurse:cow", 401),
        (basic("nurse", ""), 401),
        ("Basic nurse:horse", 401),
        ("Digest nurse:horse", 401),
    ],
)
def test_the_api_takes_the_login_in_a_header_and_answers_nobody_without(
    authorization: str | None, status: int, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "SECONDS", 0.01)
    headers = {"authorization": authorization} if authorization else {}
    answer = client(needs=Login(*NURSE)).request(method, CHAT, headers=headers, content=b'{"a": 1}')
    assert answer.status_code == status
    assert status == 200 or "said" in answer.json()


def test_a_header_logs_nobody_in_on_the_page() -> None:
    stranger = client(needs=Login(*NURSE))
    headers = {"authorization": "Bearer nurse:horse"}
    assert stranger.get("/gradio_api/heartbeat/a", headers=headers).status_code == 401
    assert stranger.post(CALL, json={"data": ["x" * 20_000]}, headers=headers).status_code == 413


def test_who_logs_in_by_header_may_send_as_much_as_by_cookie() -> None:
    large, headers = {"data": ["x" * 20_000]}, {"authorization": "Bearer nurse:horse"}
    assert client(needs=Login(*NURSE)).post(CHAT, json=large).status_code == 401
    assert client(needs=Login(*NURSE)).post(CHAT, json=large, headers=headers).status_code == 200


def test_while_many_wrong_logins_wait_the_api_is_busy_and_nobody_is_told_wrong() -> None:
    nurse = Login(*NURSE)
    nurse.waiting = login.MOST_WAITING
    answer = client(needs=nurse).get(CHAT, headers={"authorization": "Bearer nurse:horse"})
    assert (answer.status_code, answer.json()) == (503, {"said": "The server is busy; try again in a minute."})


def test_the_api_fetches_nothing_so_that_its_json_may_name_files() -> None:
    assert client().post(CHAT, json=FORGED).status_code == 200
    assert client().post(CALL, json=FORGED).status_code == 403


@pytest.mark.parametrize("path", [CHAT, CALL])
@pytest.mark.parametrize("body", [b'{"a": NaN}', b"[-Infinity]", b"{", b"[" * 100_000, b"\xff", b"9" * 5000])
def test_what_is_no_json_gets_no_further_and_is_not_repeated(body: bytes, path: str) -> None:
    answer = client().post(path, content=body)
    assert answer.status_code == 400
    assert "The request is not valid JSON." in answer.text


def test_of_many_strangers_at_once_some_are_told_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_STRANGERS", 3)
    app = SimpleNamespace(cookie_id="1", tokens={"right": "nurse"})
    statuses: list[int] = []

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.05)
        await echo(scope, receive, send)

    async def asked() -> None:
        guarded = Guard(slow, Hosts("127.0.0.1", ()), Login(*NURSE))
        cookies = [b""] * 5 + [b"access-token-1=right"]
        await asyncio.gather(*(guarded(scope_of(app, cookie), never, noting(statuses)) for cookie in cookies))

    asyncio.run(asked())
    assert sorted(statuses) == [200, 200, 200, 200, 503, 503]


def scope_of(app: object, cookie: bytes) -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"cookie", cookie)]
    return {"type": "http", "method": "GET", "path": "/", "headers": headers, "app": app}


async def never() -> dict[str, Any]:
    await asyncio.sleep(60)
    return {"type": "http.disconnect"}


def noting(statuses: list[int]) -> Callable[[Any], Any]:
    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    return send


def sending(*messages: dict[str, Any]) -> Callable[[], Any]:
    left = list(messages)

    async def receive() -> dict[str, Any]:
        return left.pop(0) if left else await never()

    return receive


def part(size: int, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": b"x" * size, "more_body": more}


@pytest.mark.parametrize(
    ("messages", "status"),
    [
        ([part(60), part(60)], 413),
        ([part(60)], 408),
        ([part(60), {"type": "http.disconnect"}], request_body.GONE),
    ],
)
def test_a_body_that_does_not_arrive_whole_leaves_nothing_held(
    messages: list[dict[str, Any]], status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request_body, "SECONDS", 0.05)
    bodies = Bodies()
    with pytest.raises(RefusedError) as refused:
        asyncio.run(bodies.read(sending(*messages), 100, 0))
    assert refused.value.status == status
    assert bodies.held_bytes == 0


def test_bodies_together_are_held_within_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_body, "MAX_HELD_BYTES", 150)
    bodies = Bodies()
    assert len(asyncio.run(bodies.read(sending(part(100, more=False)), 100, 0))) == 100
    with pytest.raises(RefusedError) as refused:
        asyncio.run(bodies.read(sending(part(100, more=False)), 100, 0))
    assert refused.value.status == 503
    bodies.release(100)
    assert len(asyncio.run(bodies.read(sending(part(100, more=False)), 100, 0))) == 100


def test_the_log_takes_so_many_lines_a_minute_and_says_that_more_came() -> None:
    written: list[str] = []
    now = [0.0]
    log = BoundedLog(SimpleNamespace(write=written.append), lambda: now[0])  # type: ignore[arg-type]
    for _ in range(MAX_LINES * 3):
        log.write("a line\n")
    assert written == ["a line\n"] * MAX_LINES + [LEFT_OUT]
    now[0] = PERIOD_SECONDS
    log.write("next minute\n")
    assert written[-1] == "next minute\n"
