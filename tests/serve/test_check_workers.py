"""The checks of a server in worker processes: the same results, and an end to those that fail or take too long."""

import os
import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from medsum.api.chat_answer import flag_headers
from medsum.core.errors import UserError
from medsum.serve import check_workers as module
from medsum.serve.check_workers import FAILED, TOO_LONG, NotCheckedError, check_workers
from medsum.serve.checking import checked
from medsum.serve.chosen_file import lines_of
from medsum.serve.dialogue_input import read_dialogue
from medsum.serve.holding import told
from medsum.serve.identifiers import NOT_SCREENED, counted, notice
from medsum.serve.one_note import noted
from medsum.serve.opening import opened
from medsum.serve.render import flags_html, views
from tests.conftest import sample_rows
from tests.processes import runs, wait_until
from tests.serve.checks import die, fail, process, spin

SECRET = "Zebulon"
PATIENCE_SECONDS = 120.0  # on a machine that runs other tests too
DIALOGUE = f"Doctor: Any allergies, {SECRET}?\nPatient: Penicillin gives me hives. I take 20 mg of lisinopril."
NOTE = {"summary": "No allergies. Lisinopril 40 mg.", "section": None}


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(module, "_workers", None)  # set back at the end
    monkeypatch.setattr(module, "LIMIT_SECONDS", PATIENCE_SECONDS)
    monkeypatch.setattr(module, "WORKERS", 1)
    with check_workers():
        process("the worker is there")
        yield


def test_results_are_the_same_as_without_workers(request: pytest.FixtureRequest) -> None:
    table = f'dialogue\n"{DIALOGUE}"\n'
    texts = [DIALOGUE, *(row["dialogue"] for row in sample_rows()[:3])]

    def results() -> list[Any]:
        found: list[Any] = [lines_of(table), opened(DIALOGUE), counted(*texts), notice(*texts)]
        for text in texts:
            read = read_dialogue(text)
            note = noted(read, {**NOTE})
            found += [read, note, views(note), checked(read, str(NOTE["summary"]))]
        return found

    direct = results()
    request.getfixturevalue("workers")
    assert process("")[0] != os.getpid()
    assert results() == direct
    assert any(part["flags"] for part in direct if isinstance(part, dict) and "flags" in part)


@pytest.mark.usefixtures("workers")
def test_a_mistake_comes_back_as_its_sentence() -> None:
    with pytest.raises(UserError, match="no speaker is named") as error:
        read_dialogue("Nobody speaks here.")
    assert not isinstance(error.value, NotCheckedError)


@pytest.mark.usefixtures("workers")
def test_a_check_ends_at_its_limit_and_so_does_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT_SECONDS", 1.0)
    pid, usual, _ = process("before")
    start = time.monotonic()
    with pytest.raises(NotCheckedError, match=re.escape(TOO_LONG)):
        spin(60)
    assert 0.9 < time.monotonic() - start < 5
    wait_until(lambda: not runs(str(pid)), 10)
    assert process("after")[1:] == (usual, "after")


def test_endless_checks_leave_workers_for_short_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_workers", None)
    monkeypatch.setattr(module, "LIMIT_SECONDS", PATIENCE_SECONDS)
    ended: list[str] = []

    def ask() -> None:
        with pytest.raises(NotCheckedError) as error:
            spin(60)
        ended.append(str(error.value))

    hostile = [threading.Thread(target=ask) for _ in range(module.WORKERS + 4)]
    with check_workers():
        for thread in hostile:
            thread.start()
        for _ in range(5):
            assert process("short")[2] == "short"
        assert ended == []
    for thread in hostile:
        thread.join()
    assert ended == [FAILED] * len(hostile)


@pytest.mark.usefixtures("workers")
def test_a_worker_that_dies_is_replaced() -> None:
    with pytest.raises(NotCheckedError, match=re.escape(FAILED)):
        die()
    assert process("after")[2] == "after"


@pytest.mark.usefixtures("workers")
def test_a_fault_is_logged_without_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotCheckedError, match=re.escape(FAILED)):
        fail(DIALOGUE)
    logged = capsys.readouterr().err
    assert "in fail" in logged
    assert "ValueError (message not shown)" in logged
    assert SECRET not in logged


@pytest.mark.usefixtures("workers")
def test_what_is_not_checked_is_never_nothing_found(monkeypatch: pytest.MonkeyPatch) -> None:
    read = read_dialogue(DIALOGUE)
    monkeypatch.setattr(module, "LIMIT_SECONDS", 0.0)
    monkeypatch.setattr("medsum.serve.visit.hold_back", lambda: 0.1)
    note = noted(read, {**NOTE})
    assert note["unchecked"] == f"N{TOO_LONG[1:]}."
    assert note["held_back"]
    assert "was not checked" in told(note)
    assert "Not checked" in flags_html(note)
    assert "Nothing was flagged" not in flags_html(note)
    assert flag_headers(note) == {"medsum-unchecked": "true", "medsum-held-back": "true"}
    assert notice(DIALOGUE) == NOT_SCREENED
    with pytest.raises(NotCheckedError):
        checked(read, str(NOTE["summary"]))


def test_no_worker_is_left_after_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_workers", None)
    with check_workers():
        pid, _, _ = process("")
    wait_until(lambda: not runs(str(pid)), 10)
    with pytest.raises(NotCheckedError, match=re.escape(FAILED)):
        process("too late")
