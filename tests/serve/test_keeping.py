"""Keeping signed notes: where they may lie, and what a line holds."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from medsum.core.errors import UserError
from medsum.corpus.corrections import Part, read_corrections
from medsum.serve.keeping import Corrections, signed_note

DIALOGUE = "Doctor: Any pain?\nPatient: In my left knee."
NOTE = {"summary": "Pain in the right knee.", "section": "CC", "dialogue": DIALOGUE.split("\n")}
VISIT = {
    "summary": "Chief complaint:\nKnee pain.\n\nAllergies:\nNone.",
    "sections": [
        {"section": "CC", "heading": "Chief complaint", "summary": "Knee pain."},
        {"section": "ALLERGY", "heading": "Allergies", "summary": "None."},
    ],
    "dialogue": DIALOGUE.split("\n"),
}


def drafted(note: dict[str, Any], at: int = 1000) -> str:
    return json.dumps({"at": at, "note": note})


def test_a_signed_note_is_kept_with_its_draft_and_dialogue(tmp_path: Path) -> None:
    kept = Corrections(tmp_path / "kept")
    correction, note = signed_note("Pain in the left knee.", drafted(NOTE), DIALOGUE, "12.345", "ab")
    kept.add(correction)
    assert note == {"summary": "Pain in the left knee.", "section": "CC"}
    [found] = read_corrections(kept.path)
    assert found == correction
    assert (found.dialogue, found.seconds, found.model) == (DIALOGUE, 12.3, "ab")
    assert found.sections == (Part("CC", "Pain in the right knee.", "Pain in the left knee."),)
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert kept.path.parent.stat().st_mode & 0o777 == 0o700


def test_a_second_signature_of_a_draft_has_the_same_id_and_another_draft_has_not() -> None:
    first, _ = signed_note("Left.", drafted(NOTE), DIALOGUE, "1", "ab")
    again, _ = signed_note("Left knee.", drafted(NOTE), DIALOGUE, "9", "ab")
    other, _ = signed_note("Left.", drafted(NOTE, at=2000), DIALOGUE, "1", "ab")
    assert first.id == again.id != other.id


def test_a_second_signature_replaces_the_first_and_leaves_the_others(tmp_path: Path) -> None:
    kept = Corrections(tmp_path / "kept")
    signed = [signed_note(text, drafted(NOTE, at), DIALOGUE, "1", "ab")[0] for text, at in
              (("One.", 1), ("Two.", 2), ("Three.", 1), ("Four.", 3))]  # fmt: skip
    for correction in signed:
        kept.add(correction)
    assert kept.path.read_text(encoding="utf-8") == "".join(signed[place].line() + "\n" for place in (1, 2, 3))
    assert kept.path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in kept.path.parent.iterdir()] == ["corrections.jsonl"]


def test_sections_are_matched_by_their_headings() -> None:
    text = "Seen today.\n\nChief complaint:\nLeft knee pain."
    correction, _ = signed_note(text, drafted(VISIT), DIALOGUE, "1", "ab")
    assert correction.sections == (
        Part("CC", "Knee pain.", "Left knee pain."),
        Part("ALLERGY", "None.", ""),
        Part(None, "", "Seen today."),
    )


@pytest.mark.parametrize(
    ("summary", "draft", "source", "seconds", "said"),
    [
        ("Left.", "", DIALOGUE, "1", "there is no draft of the model to sign"),
        (" ", drafted(NOTE), DIALOGUE, "1", "the summary is empty"),
        ("Left.", drafted(NOTE), "", "1", "the draft belongs to another dialogue"),
        ("Left.", drafted(NOTE), "Patient: Other.", "1", "the draft belongs to another dialogue"),
        ("Left.", drafted(NOTE), DIALOGUE, "nan", "a time that is not a number of seconds"),
        ("Left.", drafted(NOTE), DIALOGUE, "-1", "a time that is not a number of seconds"),
        ("Left.", drafted(NOTE), DIALOGUE, "soon", "a time that is not a number of seconds"),
        *(
            ("Left.", bad, DIALOGUE, "1", "not one of its notes")
            for bad in (
                "x",
                "[]",
                "{}",
                '{"at": 1, "note": {}}',
                drafted({**NOTE, "summary": 7}),
                "[" * 100_000,
                f'{{"at": 1{"0" * 400}, "note": {json.dumps(NOTE)}}}',
            )
        ),
    ],
)
def test_what_is_no_signature_gets_a_sentence(summary: str, draft: str, source: str, seconds: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        signed_note(summary, draft, source, seconds, "ab")


def test_a_folder_that_others_can_read_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    folder.chmod(0o750)
    with pytest.raises(UserError, match="run `chmod 700"):
        Corrections(folder)
    with pytest.raises(UserError, match="cannot be made"):
        Corrections(Path("/proc/kept"))


def test_a_folder_that_git_would_take_is_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    (tmp_path / ".gitignore").write_text("/ignored/\n", encoding="utf-8")
    with pytest.raises(UserError, match="so it could add patient text"):
        Corrections(tmp_path / "kept")
    Corrections(tmp_path / "ignored/kept")


def test_the_folder_that_the_docs_name_is_ignored_in_this_project(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    Corrections(project / "data/raw/corrections")
    listed = subprocess.run(["git", "status", "--porcelain", "-uall"], cwd=project, capture_output=True, check=True)
    assert b"corrections.jsonl" not in listed.stdout
