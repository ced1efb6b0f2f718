"""Notes held back: what `note.hold_back` decides, and what readers, rows and headers then say."""

from pathlib import Path
from typing import Any

import pytest

from medsum.api.chat_answer import flag_headers
from medsum.core.errors import UserError
from medsum.core.params_section import read_params
from medsum.params.note import NoteParams
from medsum.serve import dialogue_input, holding
from medsum.serve.downloads import as_csv
from medsum.serve.holding import without_text
from medsum.serve.note_check import marked
from medsum.serve.notes import risk_alone
from medsum.serve.render import flags_html, rows_html
from medsum.serve.visit import evidence_of, told
from tests.conftest import set_params

DIALOGUE = "Doctor: What do you take?\nPatient: Lisinopril, ten milligrams."
NOTE = {"summary": "Takes lisinopril 40 mg.", "section": "MEDICATIONS", "dropped": []}


@pytest.fixture(autouse=True)
def in_project(project: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(project)
    return project


def checked(project: Path, share: float | None) -> dict[str, Any]:
    set_params(project, **{"note.hold_back": share})
    read_params.cache_clear()
    holding._hold_back.cache_clear()
    return {**NOTE, **evidence_of(DIALOGUE, NOTE)}


def test_by_default_a_note_has_a_risk_and_nothing_is_held_back() -> None:
    note = {**NOTE, **evidence_of(DIALOGUE, NOTE)}
    assert 0 < note["risk"] <= 1
    assert "held_back" not in note
    assert NoteParams.load("note").hold_back is None


def test_every_note_is_held_back_at_one_and_a_harmless_one_is_not_at_a_tenth(in_project: Path) -> None:
    assert checked(in_project, 1.0)["held_back"] is True
    right = {**NOTE, "summary": "Lisinopril 10 mg."}
    assert checked(in_project, 0.1)["risk"] > 0
    assert risk_alone(DIALOGUE, right) == {"risk": evidence_of(DIALOGUE, right)["risk"], "held_back": False}


@pytest.mark.parametrize("share", [0, 0.001, 1.1, -1])
def test_a_share_out_of_range_is_refused(in_project: Path, share: float) -> None:
    with pytest.raises(
        UserError, match=r"note.hold_back is .* but must be a number at least 0.01 and at most 1 or null"
    ):
        checked(in_project, share)


def test_a_share_is_refused_where_nothing_is_checked(in_project: Path) -> None:
    set_params(in_project, **{"data.language": "any"})
    dialogue_input._is_english_asked.cache_clear()
    try:
        with pytest.raises(UserError, match=r"set note.hold_back to null"):
            checked(in_project, 0.2)
        note = checked(in_project, None)
        assert "risk" not in note
    finally:
        dialogue_input._is_english_asked.cache_clear()


def test_a_row_that_is_held_back_has_nothing_that_the_model_wrote(in_project: Path) -> None:
    row = without_text({"line": 1, "id": "a", **checked(in_project, 1.0)})
    assert row["summary"] is None
    assert "40" not in str({key: value for key, value in row.items() if key != "dialogue"})
    assert (row["held_back"], row["section"]) == (True, "MEDICATIONS")
    sections = without_text({"held_back": True, "summary": "x", "sections": [{"section": "ROS", "summary": "x"}]})
    assert sections["sections"] == [{"section": "ROS", "summary": None, "start": None, "end": None}]
    assert told(sections) == []
    other = {"line": 2, "summary": "Fine.", "held_back": False}
    assert without_text(other) is other


def test_readers_are_told_to_write_the_note_by_hand(in_project: Path) -> None:
    note = checked(in_project, 1.0)

    words = "Write this note by hand"

    for text in (marked(DIALOGUE, note), flags_html(note), rows_html([{"line": 1, "id": "a", **without_text(note)}])):
        assert words in text
        assert f"states something wrong: {note['risk']:.0%}." in text
    assert 'role="alert"' in flags_html(note)
    assert words not in marked(DIALOGUE, {**note, "held_back": False})
    assert "1,a,MEDICATIONS,,True,," in as_csv([{"line": 1, "id": "a", **without_text(note)}])


def test_headers_say_that_a_note_is_held_back(in_project: Path) -> None:
    assert flag_headers(checked(in_project, 1.0))["medsum-held-back"] == "true"
    assert "medsum-held-back" not in flag_headers(checked(in_project, None))
