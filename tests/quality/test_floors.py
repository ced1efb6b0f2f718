"""What nothing writes."""

from medsum.quality.floors import copied_dialogue, first_turns, longest_turn

DIALOGUE = (
    "Doctor: Any fever?\nPatient: No fever, no chills.\nDoctor: Pain?\nPatient: In my left knee, yes.\nDoctor: OK."
)


def test_the_copy_is_what_was_said_without_who_said_it() -> None:
    assert copied_dialogue(DIALOGUE) == "Any fever? No fever, no chills. Pain? In my left knee, yes. OK."


def test_the_first_three_turns_are_taken_or_all_that_there_are() -> None:
    assert first_turns(DIALOGUE) == "Any fever? No fever, no chills. Pain?"
    assert first_turns("Patient: It hurts.") == "It hurts."


def test_the_longest_turn_is_the_first_of_equals_and_its_speaker_does_not_count() -> None:
    assert longest_turn(DIALOGUE) == "In my left knee, yes."
    assert longest_turn("Guest_family_2: aa\nDoctor: bbb\nPatient: ccc") == "bbb"
