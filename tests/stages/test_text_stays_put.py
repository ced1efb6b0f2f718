"""Records full of markers go through prepare, split, a batch and a server with an audit log.

No message, no audit log and no file that Git takes holds a marker.
"""

import base64
import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from gradio_client import Client

from tests.conftest import run_script, run_stage, set_params
from tests.page.conftest import serving

MARKER = "Zebulon"
HEADER = ["ID", "section_header", "section_text", "dialogue"]


def row(number: int) -> list[str]:
    """A record whose every cell names the patient."""
    return [
        f"{MARKER}_{'abcdefghijklmnopqrstuvwxyz'[number]}",
        f"{MARKER}, born 3 May 1950" if number % 2 else "GENHX",
        f"{MARKER} has pain number {number} in the left knee.",
        f"Doctor: What is it, {MARKER}?\nPatient: Pain number {number}, says {MARKER}, in the left knee.",
    ]


def as_csv(rows: list[list[str]], header: list[str] | None = None) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header or HEADER, *rows])
    return text.getvalue()


def own(project: Path, content: str, **params: str) -> None:
    """Make one file the project's own source."""
    folder = project / "data/raw/mine"
    folder.mkdir(exist_ok=True)
    (folder / "visits.csv").write_text(content, encoding="utf-8")
    set_params(project, **{"data.source": "mine", "privacy.action": "report", **params})


def taken_by_git(project: Path) -> list[str]:
    """Files with the marker that `git add --all` would take."""
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.c"]
    for words in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run([*git, *words], cwd=project, check=True, capture_output=True)
    found = subprocess.run(
        [*git, "grep", "--cached", "--files-with-matches", "--ignore-case", MARKER],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return found.stdout.split()


def shows_nothing(*results: subprocess.CompletedProcess[str]) -> bool:
    return all(MARKER.lower() not in (result.stdout + result.stderr).lower() for result in results)


def test_prepare_and_split_show_no_word_of_a_record(project: Path) -> None:
    own(project, as_csv([row(n) for n in range(20)]))
    results = [run_stage(project, stage) for stage in ("prepare", "split")]
    assert [result.returncode for result in results] == [0, 0], results
    assert shows_nothing(*results)
    assert taken_by_git(project) == []
    for report in ("data", "splits"):
        assert MARKER.lower() not in (project / f"reports/{report}.json").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize(
    ("content", "params"),
    [
        (as_csv([row(1), row(1)]), {}),  # the same id twice
        (as_csv([row(2), row(3)], header=row(1)), {}),  # no header
        (as_csv([row(1), [*row(2), MARKER]]), {}),  # a cell too many
        (as_csv([row(1)]) + f'"{MARKER}', {}),  # a quote too many
        (as_csv([[MARKER, "GENHX", MARKER, f"{MARKER} came in."]]), {}),  # no turns
        (as_csv([row(1)]), {"data.columns.section": "section_text", "data.columns.summary": "nothing"}),
        (as_csv([row(1)]), {"data.columns.id": "dialogue"}),
    ],
)
def test_prepare_quotes_no_word_of_bad_input(content: str, params: dict[str, str], project: Path) -> None:
    own(project, content, **params)
    result = run_stage(project, "prepare")
    assert result.returncode == 1
    assert result.stderr.startswith("Error: ")
    assert shows_nothing(result)
    assert taken_by_git(project) == []


def test_split_names_no_record_by_a_name(project: Path) -> None:
    own(project, as_csv([row(n) for n in range(4)]))
    assert run_stage(project, "prepare").returncode == 0
    path = project / "data/processed/records.jsonl"
    first, *others = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*others, json.dumps({**json.loads(first), "split": "train"})]), encoding="utf-8")
    result = run_stage(project, "split")
    assert "3 of 4 records name no official split (the first is of 9 characters" in result.stderr
    assert shows_nothing(result)


@pytest.mark.slow
def test_a_batch_that_ends_or_is_killed_leaves_nothing_to_git(served_project: Path) -> None:
    rows = [["id", "dialogue"], *([cells[0], cells[3]] for cells in map(row, range(8))), [MARKER, MARKER]]
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    own(served_project, "")
    (served_project / "data/raw/mine/visits.csv").write_text(text.getvalue(), encoding="utf-8")
    words = ["--batch", "data/raw/mine/visits.csv", "--output", "notes/visits.jsonl"]
    process = subprocess.Popen(
        [sys.executable, "summarize.py", *words],
        cwd=served_project,
        env=dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    end = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < end:
        if list((served_project / "notes").glob(".visits.jsonl.parts/*")):
            process.send_signal(signal.SIGKILL)
            break
        time.sleep(0.01)
    out, err = process.communicate()
    assert MARKER.encode() not in out + err
    assert taken_by_git(served_project) == []
    result = run_script(served_project, "summarize.py", *words)
    assert result.returncode == 3, result  # a line without turns
    assert shows_nothing(result)
    assert taken_by_git(served_project) == []
    assert [path.name for path in (served_project / "notes").iterdir()] == ["visits.jsonl"]


def post(address: str, path: str, body: object) -> str:
    """Send JSON with the login, and return the text of the answer, also of a refusal."""
    headers = {"Content-Type": "application/json", "Authorization": "Bearer ward7:secret"}
    request = urllib.request.Request(address + path, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=60) as response:
            text: str = response.read().decode()
    except urllib.error.HTTPError as error:
        text = error.read().decode()
    return text


@pytest.mark.slow
def test_an_audit_log_names_who_and_what_and_no_word(served_project: Path) -> None:
    dialogue = f"Doctor: What is it, {MARKER}?\nPatient: Pain, says {MARKER}, in the left knee."
    as_base64 = base64.b64encode(dialogue.encode()).decode()
    document = {"resourceType": "DocumentReference", "id": MARKER, "status": "current",
                "content": [{"attachment": {"contentType": "text/plain", "data": as_base64}}]}  # fmt: skip
    login = {"MEDSUM_USER": "ward7", "MEDSUM_PASSWORD": "secret"}
    with serving(served_project, "--audit-log", "logs/audit.jsonl", env=login) as (address, log):
        for stream in (False, True):
            chat = {"model": "serving", "stream": stream, "messages": [{"role": "user", "content": dialogue}]}
            assert "medsum" in post(address, "/v1/chat/completions", {**chat, "metadata": {"section": "CC"}})
            assert "error" in post(address, "/v1/chat/completions", {**chat, "metadata": {"section": MARKER}})
        assert "Composition" in post(address, "/v1/fhir?section=CC", document)
        client = Client(address, auth=("ward7", "secret"), verbose=False, download_files=False)
        assert "summary" in client.predict(dialogue, "CC", api_name="/summarize")
        assert "sections" in client.predict(dialogue, "CC,HPI", api_name="/summarize_visit")
        assert "error" in client.predict(f"{MARKER} came in.", "CC", api_name="/summarize")
        assert "flags" in client.predict(dialogue, f"{MARKER} takes warfarin 5 mg.", api_name="/check")
    assert MARKER.lower() not in log.read_text(encoding="utf-8").lower()
    text = (served_project / "logs/audit.jsonl").read_text(encoding="utf-8")
    assert MARKER.lower() not in text.lower()
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["entry"] for row in rows] == [
        *["/v1/chat/completions"] * 4, "/v1/fhir", "summarize", "summarize_visit", "summarize", "check",
    ]  # fmt: skip
    assert {row["who"] for row in rows} == {"ward7"}
    assert [place for place, row in enumerate(rows) if row["outcome"] == "refused"] == [1, 3, 7]
    assert rows[8]["outcome"] == "accepted"  # nothing is held back by default
    assert rows[8]["flags"]["major"] == {"medication": 2}  # the drug and its dose
    assert len({row["model"] for row in rows[:8]}) == 1
    assert (served_project / "logs/audit.jsonl").stat().st_mode & 0o777 == 0o600
    assert taken_by_git(served_project) == []
