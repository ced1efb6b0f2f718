"""What a note states that its dialogue does not, and the note without it."""

import pytest

from medsum.faithfulness.audit import audit, without_unsupported

DIALOGUE = (
    "Doctor: How old are you?\nPatient: I'm fifty two.\nDoctor: What do you take?\n"
    "Patient: Lisinopril, ten milligrams a day. My left knee hurts."
)
RIGHT = "A 52-year-old with left knee pain. Takes lisinopril 10 mg daily."


def test_a_note_that_keeps_to_its_dialogue_has_no_flag() -> None:
    found = audit(DIALOGUE, RIGHT)
    assert (found.flags, found.is_supported, found.numbers_said, found.numbers) == ((), True, 2, 2)
    assert without_unsupported(RIGHT, found.flags) == (RIGHT, 0)


@pytest.mark.parametrize(
    ("wrong", "category"),
    [
        ("Takes lisinopril 40 mg daily.", "medication"),
        ("Takes metformin.", "medication"),
        ("Right knee pain.", "laterality"),
        ("A 62-year-old.", "quantity"),
        ("Has diabetes.", "hallucination"),
    ],
)
def test_a_sentence_with_a_major_flag_is_left_out_and_no_other(wrong: str, category: str) -> None:
    note = f"A 52-year-old. {wrong} Left knee pain."
    found = audit(DIALOGUE, note)
    assert [flag.category for flag in found.flags if flag.severity == "major"] == [category]
    assert not found.is_supported
    assert without_unsupported(note, found.flags) == ("A 52-year-old. Left knee pain.", 1)


def test_a_list_loses_the_item_and_its_mark_and_keeps_its_lines() -> None:
    note = "1. Left knee pain.\n2. Has diabetes.\n3. Takes lisinopril 10 mg daily."
    text, dropped = without_unsupported(note, audit(DIALOGUE, note).flags)
    assert (text, dropped) == ("1. Left knee pain.\n3. Takes lisinopril 10 mg daily.", 1)


def test_a_last_sentence_without_letters_stays() -> None:
    note = "Has diabetes. Age: 52.\n"
    assert without_unsupported(note, audit(DIALOGUE, note).flags) == ("Age: 52.", 1)
    assert without_unsupported("Has diabetes. 52.\n", audit(DIALOGUE, "Has diabetes. 52.\n").flags) == ("52.", 1)


def test_nothing_is_left_of_a_note_that_is_wrong_as_a_whole() -> None:
    assert without_unsupported("Has diabetes.", audit(DIALOGUE, "Has diabetes.").flags) == ("", 1)


def test_a_flag_of_form_is_no_statement() -> None:
    note = "Left knee pain. Left knee pain."
    assert audit(DIALOGUE, note).flags == ()
