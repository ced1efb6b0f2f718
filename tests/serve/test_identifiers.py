"""Batches and the page with identifiers: told, masked, left out or refused."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.serve.batch_input import Line
from medsum.serve.checking import check_notes
from medsum.serve.identifiers import notice, require_none, screening
from tests.conftest import run_script, set_params
from tests.page.test_handlers import page_of
from tests.slow_summarizer import Slow

NAMED = "Doctor: Hello, Mr. Okafor.\nPatient: My knee hurts."
CLEAN = "Doctor: What is wrong?\nPatient: My knee hurts."
LINES = [Line(2, "a", NAMED, note="Mr. Okafor has knee pain."), Line(3, "b", CLEAN, note="Knee pain.")]


def test_report_adds_counts_to_the_row_and_changes_no_text() -> None:
    first, second = screening(check_notes, "report")(LINES, lambda _: None)
    assert first["note"] == "Mr. Okafor has knee pain."
    assert first["identifiers"] == {"name": 2}
    assert "identifiers" not in second


def test_mask_gives_the_checker_masks_that_agree_in_dialogue_and_note() -> None:
    [first, _] = screening(check_notes, "mask")(LINES, lambda _: None)
    assert first["note"] == "Mr. [NAME_1] has knee pain."
    assert first["dialogue"] == ["Doctor: Hello, Mr. [NAME_1].", "Patient: My knee hurts."]


def test_a_masked_speaker_still_speaks() -> None:
    line = Line(2, "a", "Doctor: Any pain?\nMaria Lopez: In my knee.\nDoctor: Since when?\nMaria Lopez: May.", note="x")
    [row] = screening(check_notes, "mask")([line], lambda _: None)
    assert row["dialogue"] == ["Doctor: Any pain?", "Speaker_1: In my knee.", "Doctor: Since when?", "Speaker_1: May."]


def test_drop_gives_the_row_an_error_without_the_name() -> None:
    first, second = screening(check_notes, "drop")(LINES, lambda _: None)
    assert first["error"] == "left out, because it has text that may identify a person: 2 names"
    assert "error" not in second


def test_fail_names_lines_and_counts(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps({"dialogue": text}) + "\n" for text in (CLEAN, NAMED)), encoding="utf-8")
    with pytest.raises(UserError, match=r"1 rows have text that may identify a person: 1 name \(first: line 2\)"):
        require_none(path)


@pytest.mark.parametrize(("action", "code"), [("auto", 0), ("mask", 0), ("fail", 1)])
def test_the_real_batch_follows_the_parameter(project: Path, action: str, code: int) -> None:
    set_params(project, **{"privacy.action": action})
    rows = [{"id": "a", "dialogue": NAMED, "note": "Knee pain."}, {"id": "b", "dialogue": CLEAN, "note": "Knee pain."}]
    (project / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run_script(project, "summarize.py", "--check", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert done.returncode == code, done.stderr
    assert "Okafor" not in done.stderr
    output = project / "out.jsonl"
    if code:
        assert done.stderr.startswith("Error: in.jsonl: 1 rows have")
        assert not output.exists()
        return
    assert "1 rows have text that may identify a person; see the key identifiers" in done.stderr
    written = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [row.get("identifiers") for row in written] == [{"name": 1}, None]
    assert ("Okafor" in written[0]["dialogue"][0]) == (action == "auto")


def test_the_notice_counts_and_quotes_nothing() -> None:
    assert notice(CLEAN) == ""
    assert notice(NAMED) == (
        "The dialogue has text that may identify a person: 1 name. Screening by rules is an aid and not a certificate."
    )


@pytest.mark.parametrize(("dialogue", "told"), [(NAMED, True), (CLEAN, False)])
def test_the_page_shows_the_notice_with_the_summary(dialogue: str, told: bool) -> None:
    slow = Slow(windows=1)
    slow.on.set()
    page: Any = page_of(slow)
    *_, last = page.generate(dialogue, "CC", [], SimpleNamespace(session_hash="one"), lambda *_, **__: None)
    assert ("may identify a person: 1 name" in last[0]) == told
    assert "Okafor" not in last[0]
