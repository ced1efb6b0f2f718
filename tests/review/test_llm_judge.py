"""The judge behind an endpoint: what it is sent, what is counted, and what is refused."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.review.llm_questions import QUESTIONS, marks_of
from medsum.review.private_host import require_private
from tests.conftest import ROOT, run_module
from tests.review.test_reader_pack import MODELS, files

SECRET = "Zebulon"


class Endpoint(ThreadingHTTPServer):
    """Marks notes of the second model with 4 and others with 2; keeps what it was sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.status, self.content = 200, ""
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"


class Answer(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append({**asked, "path": self.path})
        self.server.keys.append(self.headers["authorization"])
        mark = 4 if json.loads(asked["messages"][1]["content"])["note"].startswith("t") else 2
        content = self.server.content or json.dumps(dict.fromkeys(QUESTIONS, mark))
        body = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
        self.send_response(self.server.status)
        self.send_header("location", "http://192.0.2.1/v1/chat/completions")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with Endpoint() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def judge(folder: Path, url: str, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    records, predictions = files(folder, records=4)
    return run_module(
        ROOT, "medsum.review.llm_judge", url, "big", *map(str, predictions), "--records", str(records),
        "--output", str(folder / "judged.json"), *words, env=env,
    )  # fmt: skip


def test_each_note_is_marked_alone_and_the_means_are_written(tmp_path: Path, endpoint: Endpoint) -> None:
    done = judge(tmp_path, endpoint.url, "--limit", "3", env={"MEDSUM_JUDGE_KEY": "k"})
    assert done.returncode == 0, done.stderr
    found = json.loads((tmp_path / "judged.json").read_text(encoding="utf-8"))
    assert (found["judge"], found["records"]) == ("big", 3)
    assert [found[model]["accurate"]["mean"] for model in MODELS] == [2, 4]
    assert found["difference"]["thorough"] == {"mean": 2, "low": 2, "high": 2}
    assert "accurate: plain 2.00, tuned 4.00; difference +2.00 [+2.00, +2.00]" in done.stdout
    assert len(endpoint.asked) == 6
    assert set(endpoint.keys) == {"Bearer k"}


def test_the_judge_is_not_told_which_model_wrote_a_note(tmp_path: Path, endpoint: Endpoint) -> None:
    assert judge(tmp_path, endpoint.url).returncode == 0
    for asked in endpoint.asked:
        assert asked["path"] == "/v1/chat/completions"
        assert asked["temperature"] == 0
        assert not any(model in json.dumps(asked) for model in MODELS)
        sent = json.loads(asked["messages"][1]["content"])
        assert sent.keys() == {"dialogue", "note"}


@pytest.mark.parametrize(
    ("status", "content", "said"),
    [
        (404, "", "answers with status 404"),
        (307, "", "answers with status 307"),  # a redirect is not followed
        (200, f"{SECRET} is fine", "gave no marks"),
        (200, json.dumps({"accurate": 3}), "gave no marks"),
        (200, json.dumps(dict.fromkeys(QUESTIONS, 6)), "gave no marks"),
    ],
)
def test_a_useless_answer_is_one_sentence(
    status: int, content: str, said: str, tmp_path: Path, endpoint: Endpoint
) -> None:
    endpoint.status, endpoint.content = status, content
    done = judge(tmp_path, endpoint.url)
    assert done.returncode == 1
    errors = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert said in errors[0]
    assert SECRET not in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "judged.json").exists()
    assert len(endpoint.asked) == 1


def test_an_endpoint_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    done = judge(tmp_path, "http://127.0.0.1:9/v1")
    assert done.returncode == 1
    assert "does not answer (ConnectError)" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["https://8.8.8.8/v1", "http://[2606:4700::1111]/v1"])
def test_dialogues_are_never_sent_to_a_public_address(url: str) -> None:
    with pytest.raises(UserError, match="must not leave the building"):
        require_private(url)


@pytest.mark.parametrize("url", ["http://10.1.2.3:8000/v1", "http://192.168.0.2", "https://127.0.0.1/v1"])
def test_an_address_of_the_building_is_accepted(url: str) -> None:
    require_private(url)


@pytest.mark.parametrize("url", ["ftp://10.0.0.1", "10.0.0.1:8000", "http://"])
def test_what_is_no_address_of_an_endpoint_is_refused(url: str) -> None:
    with pytest.raises(UserError, match="must be a URL"):
        require_private(url)


@pytest.mark.parametrize("mark", [True, 2.0, "3", None, 0])
def test_a_mark_is_a_whole_number_from_1_to_5(mark: Any) -> None:
    with pytest.raises(ValueError, match="mark"):
        marks_of(json.dumps({**dict.fromkeys(QUESTIONS, 3), "useful": mark}))
