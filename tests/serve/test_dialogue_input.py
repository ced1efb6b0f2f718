"""Text as a person gives it becomes turns."""

import pytest

from medsum.serve.dialogue_input import read_dialogue, told
from tests.conftest import sample_rows


@pytest.mark.parametrize(
    "text",
    [
        "DOCTOR: Any pain? PATIENT: No, Dr. Who. DOCTOR: Good.",
        "DOCTOR: Any pain?   PATIENT:\nNo, Dr. Who. DOCTOR:\tGood.",
        "Doctor: Any pain? Patient: No, Dr. Who.\nDOCTOR: Good.",
    ],
)
def test_speakers_within_a_line_begin_turns_in_capitals_too(text: str) -> None:
    dialogue = "Doctor: Any pain?\nPatient: No, Dr. Who.\nDoctor: Good."
    assert read_dialogue(text).text == dialogue
    assert read_dialogue(dialogue).text == dialogue


def test_dialogues_of_the_sample_stay_as_they_are() -> None:
    for row in sample_rows():
        dialogue = read_dialogue(row["dialogue"]).text
        assert read_dialogue(dialogue).text == dialogue
        assert read_dialogue(dialogue.replace("Patient:", "PATIENT:").replace("\n", " ")).text == dialogue


def test_the_lines_of_a_signed_note_that_is_left_out_are_told() -> None:
    note = "ASSESSMENT AND PLAN\nCough, dry.\nElectronically signed by A. Moss, MD"
    dialogue = read_dialogue(f"Doctor: Any pain?\nPatient: No, none at all.\n\n{note}")
    assert "The text below the last turn (lines 4 to 6) is left out." in told(dialogue)
