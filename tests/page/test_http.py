"""The HTTP interface as docs/serving.md shows it, and what the server refuses."""

import http.client
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.page.conftest import serving

pytestmark = pytest.mark.slow
PAGE = (ROOT / "docs/serving.md").read_text(encoding="utf-8")


@pytest.fixture
def address(served_project: Path) -> Iterator[str]:
    with serving(served_project) as (address, _):
        yield address


def block(language: str, after: str) -> str:
    """The page's first code block of a language after some words."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE.partition(after)[2], flags=re.DOTALL)
    assert found
    return found[1]


def status_of(address: str, path: str, body: bytes | None = None) -> int:
    request = urllib.request.Request(address + path, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def call(address: str, *data: str | None, name: str = "summarize") -> dict[str, Any]:
    """The interface without any client library."""
    body = json.dumps({"data": data}).encode()
    request = urllib.request.Request(f"{address}/gradio_api/call/{name}", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/{name}/{event}", timeout=60) as response:
        text = response.read().decode()
    found: dict[str, Any] = json.loads(text.partition("data: ")[2].partition("\n")[0])[0]
    return found


def test_the_curl_of_the_docs_works(address: str) -> None:
    shown = block("", "## HTTP").replace("http://localhost:7860", address)
    done = subprocess.run(["bash", "-c", shown], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert "event: complete" in done.stdout
    assert '"summary"' in done.stdout
    assert '"section": "ALLERGY"' in done.stdout
    assert '"dialogue": ["Doctor: Any allergies?", "Patient: Penicillin gives me hives."]' in done.stdout


def test_the_client_of_the_docs_works(address: str) -> None:
    shown = block("python", "## HTTP").replace("http://localhost:7860", address)
    done = subprocess.run(
        [sys.executable, "-c", shown + "\nprint(sorted(note))"], capture_output=True, encoding="utf-8", timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    keys = ["dialogue", "dropped", "evidence", "flags", "risk", "section", "speakers", "summary", "turn_count"]
    assert str(keys) in done.stdout


def test_a_whole_visit_comes_back_with_its_sections_in_order(address: str) -> None:
    dialogue = "Doctor: Any allergies?\nPatient: Penicillin gives me hives."
    note = call(address, dialogue, "ALLERGY,HPI", name="summarize_visit")
    assert [row["section"] for row in note["sections"]] == ["GENHX", "ALLERGY"]
    assert all(note["summary"][row["start"] : row["end"]].strip() == row["sentence"] for row in note["evidence"])
    assert "there is no such section" in str(call(address, dialogue, "GENHXX", name="summarize_visit")["error"])
    assert "must be texts" in str(call(address, dialogue, None, name="summarize_visit")["error"])


def test_a_mistake_comes_back_as_a_sentence(address: str) -> None:
    assert "must be texts" in str(call(address, None, "auto")["error"])
    assert "no speaker is named" in str(call(address, "She came in.", "auto")["error"])
    assert "there is no such section" in str(call(address, "Patient: No.", "GENHXX")["error"])


@pytest.mark.parametrize("way", ["run", "api"])
def test_no_way_leads_past_the_queue(way: str, address: str) -> None:
    body = json.dumps({"data": ["Patient: No.", "CC"]}).encode()
    assert status_of(address, f"/gradio_api/{way}/summarize", body) == 404
    assert status_of(address, "/gradio_api/call/summarize", body) == 200


def test_who_comes_when_the_queue_is_full_is_told_that_the_server_is_busy(served_project: Path) -> None:
    page = served_project / "medsum/serve/page.py"
    page.write_text(page.read_text(encoding="utf-8").replace("QUEUE = 40", "QUEUE = 2"), encoding="utf-8")
    body = json.dumps({"data": ["Patient: No fever. " * 2000, "CC"]}).encode()
    with serving(served_project) as (address, _), ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(status_of, address, "/gradio_api/call/summarize", body) for _ in range(20)]
        found = {one.result() for one in asked}
    assert found == {200, 503}


def test_by_name_the_section_may_be_left_out(address: str) -> None:
    body = json.dumps({"dialogue": "Doctor: Any allergies?\nPatient: Penicillin."}).encode()
    path = f"{address}/gradio_api/call/v2/summarize"
    request = urllib.request.Request(path, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{path}/{event}", timeout=60) as response:
        assert '"section": "ALLERGY"' in response.read().decode()


def test_what_the_library_logs_of_a_wrong_request_holds_nothing_of_the_dialogue(served_project: Path) -> None:
    with serving(served_project) as (address, log):
        body = json.dumps({"data": ["Patient: Zebulon here."]}).encode()  # one input too few
        request = urllib.request.Request(
            f"{address}/gradio_api/call/summarize", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{address}/gradio_api/call/summarize/{event}", timeout=60) as response:
            assert "event: error" in response.read().decode()
        written = log.read_text(encoding="utf-8")
    assert "ValueError (message not shown)" in written
    assert "Zebulon" not in written


def test_large_requests_uploads_and_files_are_refused(address: str) -> None:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=30)
    connection.putrequest("POST", "/gradio_api/call/summarize")
    connection.putheader("Content-Length", "5000001")
    connection.endheaders()
    assert connection.getresponse().status == 413
    for path in ("/gradio_api/upload", "/upload"):
        assert status_of(address, path, b"x") == 403
    for path in ("/gradio_api/file=params.yaml", "/file=params.yaml", "/gradio_api/file=/etc/passwd"):
        assert status_of(address, path) == 403


def test_no_answer_names_a_folder_of_the_server(address: str, served_project: Path) -> None:
    for path in ("/", "/config", "/gradio_api/info"):
        with urllib.request.urlopen(address + path, timeout=30) as response:
            text = response.read().decode()
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'")
        for folder in (str(served_project), str(ROOT), sys.prefix):
            assert folder not in text


def test_visitors_at_the_same_time_each_get_their_own_summary(address: str) -> None:
    dialogues = [f"Doctor: Which room?\nPatient: Room {n}, and it hurts here." for n in range(12)]
    alone = [call(address, dialogue, "CC") for dialogue in dialogues]
    with ThreadPoolExecutor(12) as pool:
        together = list(pool.map(lambda dialogue: call(address, dialogue, "CC"), dialogues))
    assert together == alone
