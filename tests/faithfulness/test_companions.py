"""If a relative of the patient speaks, the other relatives are named from this person's view."""

import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors

FAMILY = "Doctor: Does anyone in the family have epilepsy?\n"


def persons(dialogue: str, note: str) -> list[str]:
    flags = find_errors(read_dialogue_facts(dialogue), read_note_facts(note))
    return [note[flag.start : flag.end] for flag in flags if flag.category == "person"]


@pytest.mark.parametrize(
    ("answer", "right", "wrong"),
    [
        ("Mother: I do. And her dad smokes.", "Mother has epilepsy.", "Father has epilepsy."),
        ("Mother: My brother has it.", "Uncle has epilepsy.", "Grandmother has epilepsy."),
        ("Father: My wife doesn't smoke. Her mum has it.", "Grandmother has epilepsy.", "Father has epilepsy."),
        ("Daughter: Dad's brother has it, and so do I.", "Daughter has epilepsy.", "Sister has epilepsy."),
        ("Mother: His big sister had a cold. She's got epilepsy.", "Sister has epilepsy.", "Mother has epilepsy."),
    ],
)
def test_the_relatives_of_a_companion(answer: str, right: str, wrong: str) -> None:
    assert not persons(FAMILY + answer, right)
    assert persons(FAMILY + answer, wrong)


def test_a_finding_to_watch_for_is_of_nobody() -> None:
    dialogue = "Mother: His sister had the same cough.\nDoctor: No stridor now."
    assert not persons(dialogue, "Parent told to attend hospital if stridor at rest.")
