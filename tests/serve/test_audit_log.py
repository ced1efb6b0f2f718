"""The audit log: what a line holds, who can read it, and what stays of it after a kill or with many writers."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.serve import appending, audit_log
from medsum.serve.appending import append_line
from medsum.serve.audit_log import AuditError, AuditLog, Uses
from medsum.serve.turns_at_the_model import StoppedError
from tests.conftest import ROOT

MAJOR = {"category": "medication", "severity": "major", "text": "Zebulon", "reason": "Zebulon"}
MINOR = {"category": "quantity", "severity": "minor", "text": "Zebulon", "reason": "Zebulon"}
WRITER = """
import sys, threading
from pathlib import Path
from medsum.serve.appending import append_line
def write(thread):
    for number in range(10 ** 6):
        append_line(Path(sys.argv[1]), f"{sys.argv[2]} {thread} {number} " + "x" * 9000, int(sys.argv[3]))
for thread in range(3):
    threading.Thread(target=write, args=[thread]).start()
"""


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_line_has_counts_of_flags_and_no_text(tmp_path: Path) -> None:
    path = tmp_path / "log/audit.jsonl"
    uses = Uses("ab" * 32, AuditLog(path, "ward"))
    with uses.record("page", uses.model) as use:
        flags = [MAJOR, MINOR, MINOR]
        use.note = {"summary": "Zebulon", "flags": flags, "held_back": True, "dialogue": ["Patient: Zebulon."]}
    [row] = rows(path)
    assert row.pop("time").endswith("Z")
    assert 0 <= row.pop("seconds") < 20
    assert row == {
        "who": "ward",
        "entry": "page",
        "model": "ab" * 32,
        "id": None,
        "outcome": "held back",
        "flags": {"major": {"medication": 1}, "minor": {"quantity": 2}},
    }
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("note", "outcome"),
    [
        ({"flags": [MINOR]}, "accepted"),
        ({"flags": [MINOR, MAJOR]}, "accepted"),
        ({"flags": [MAJOR], "held_back": False}, "accepted"),
        ({"flags": [], "held_back": True}, "held back"),
        ({"held_back": True, "summary": None}, "held back"),
        ({"held_back": False}, "accepted"),
        ({"summary": "No pain."}, "not checked"),
        ({"flags": [], "unchecked": "other language"}, "not checked"),
    ],
)
def test_the_risk_decides_the_outcome(note: dict[str, Any], outcome: str, tmp_path: Path) -> None:
    with Uses("a", AuditLog(tmp_path / "log", None)).record("check", None) as use:
        use.note = note
    assert [(row["outcome"], row["model"]) for row in rows(tmp_path / "log")] == [(outcome, None)]


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(UserError("Zebulon"), "refused"), (StoppedError(), "stopped"), (ValueError("Zebulon"), "failed")],
)
def test_a_use_without_a_note_is_recorded_too(error: Exception, outcome: str, tmp_path: Path) -> None:
    with pytest.raises(type(error)), Uses("a", AuditLog(tmp_path / "log", None)).record("page", "a"):
        raise error
    assert [row["outcome"] for row in rows(tmp_path / "log")] == [outcome]
    assert "Zebulon" not in (tmp_path / "log").read_text(encoding="utf-8")


def test_reading_a_dialogue_is_recorded_only_if_it_is_refused(tmp_path: Path) -> None:
    uses = Uses("a", AuditLog(tmp_path / "log", None))
    with uses.record("/v1/fhir", "a", only_refusals=True):
        pass
    assert rows(tmp_path / "log") == []
    with pytest.raises(UserError), uses.record("/v1/fhir", "a", only_refusals=True):
        raise UserError("wrong")
    assert [row["outcome"] for row in rows(tmp_path / "log")] == ["refused"]


@pytest.mark.parametrize(("own", "shown"), [("visit-7", "visit-7"), ("Zebulon", None), (7, None), (None, None)])
def test_an_id_is_recorded_only_if_it_looks_like_one(own: object, shown: str | None, tmp_path: Path) -> None:
    Uses("a", AuditLog(tmp_path / "log", None)).add_rows("page", [{"id": own, "summary": "x"}, {"error": "y"}], 4.0)
    assert [(row["id"], row["seconds"], row["outcome"]) for row in rows(tmp_path / "log")] == [
        (shown, 2.0, "not checked"),
        (None, 2.0, "refused"),
    ]


def test_a_log_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    path.touch()
    path.chmod(0o640)
    with pytest.raises(UserError, match=r"open to other users of this machine; run `chmod 600"):
        AuditLog(path, None)
    with pytest.raises(UserError, match="cannot be written"):
        AuditLog(tmp_path, None)


def test_without_a_log_that_can_be_written_there_is_no_answer(tmp_path: Path) -> None:
    uses = Uses("a", AuditLog(tmp_path / "log/audit.jsonl", None))
    (tmp_path / "log/audit.jsonl").unlink()
    (tmp_path / "log").rmdir()
    with pytest.raises(AuditError, match="so there is no answer"), uses.record("page", "a"):
        pass


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log"
    append_line(path, "first")
    real = os.write

    def half(file: int, content: bytes) -> int:
        if len(content) < 4:
            raise OSError(28, "No space left on device")
        return real(file, content[:-2])

    monkeypatch.setattr("medsum.serve.appending.os.write", half)
    with pytest.raises(OSError, match="No space left"):
        append_line(path, "second")
    assert path.read_text(encoding="utf-8") == "first\n"


def test_a_full_file_gets_a_number_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_log, "MAX_BYTES", 1000)
    uses = Uses("a", AuditLog(tmp_path / "log", None))
    for number in range(30):
        uses.add_rows("page", [{"id": f"v{number}"}], 0.0)
    files = [*sorted(tmp_path.glob("log.*"), key=lambda file: int(file.suffix[1:])), tmp_path / "log"]
    assert [row["id"] for file in files for row in rows(file)] == [f"v{number}" for number in range(30)]
    assert len(files) > 5
    assert all(file.stat().st_size <= 1000 and file.stat().st_mode & 0o777 == 0o600 for file in files)


def test_the_rest_of_a_line_is_removed_before_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(appending, "_BLOCK_BYTES", 3)
    path = tmp_path / "log"
    for left, kept in (("a\nbbbbbbbb", "a\n"), ("bbbbbbbb", ""), ("a\nb\n", "a\nb\n")):
        path.write_text(left, encoding="utf-8")
        append_line(path, "c")
        assert path.read_text(encoding="utf-8") == f"{kept}c\n"


def test_threads_write_whole_lines_while_the_file_rotates(tmp_path: Path) -> None:
    path = tmp_path / "log"
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: append_line(path, f"{number} " + "x" * 500, 20_000), range(400)))
    found = [line for file in tmp_path.iterdir() for line in file.read_text(encoding="utf-8").splitlines()]
    assert sorted(int(line.removesuffix(" " + "x" * 500)) for line in found) == list(range(400))
    assert len(list(tmp_path.iterdir())) > 5


@pytest.mark.parametrize("delay", [0.0, 0.1, 0.23])
def test_killed_writers_leave_whole_lines_without_a_gap(delay: float, tmp_path: Path) -> None:
    path = tmp_path / "log"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), str(n), "300000"], cwd=ROOT) for n in range(2)
    ]
    end = time.monotonic() + 60
    while sum(file.stat().st_size for file in tmp_path.iterdir()) < 400_000:  # the file has rotated
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(delay)
    for writer in writers:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
    append_line(path, "9 9 0 " + "x" * 9000)
    files = [*sorted(tmp_path.glob("log.*"), key=lambda file: int(file.suffix[1:])), path]
    found: dict[str, list[int]] = {}
    for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
        process, thread, number, rest = line.split(" ")
        assert rest == "x" * 9000
        found.setdefault(f"{process} {thread}", []).append(int(number))
    assert all(numbers == list(range(len(numbers))) for numbers in found.values())
    assert sum(map(len, found.values())) > 400_000 // 9010
