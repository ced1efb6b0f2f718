"""Records full of markers go through prepare, split and a batch; no message and no file that Git takes holds one."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import run_script, run_stage, set_params

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
    assert "3 of 4 records name no official split, the first is of 9 characters" in result.stderr
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
