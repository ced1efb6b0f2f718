"""What nothing writes."""

from medsum.dialogue.record import Record
from medsum.metrics.floors import copied_dialogue, first_turns, from_dialogues, longest_turn, nearest_notes

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


def test_each_floor_has_its_own_text_a_record() -> None:
    records = [
        Record("1", DIALOGUE, "Knee pain.", "CC", "test"),
        Record("2", "Patient: It hurts.", "Pain.", "CC", "test"),
    ]
    assert {name: list(texts) for name, texts in from_dialogues(records).items()} == {
        "copy_dialogue": [copied_dialogue(DIALOGUE), "It hurts."],
        "first_turns": [first_turns(DIALOGUE), "It hurts."],
        "longest_turn": [longest_turn(DIALOGUE), "It hurts."],
    }


def test_the_nearest_note_is_of_the_same_section_where_training_has_it() -> None:
    train = [
        Record("1", "Patient: My knee hurts a lot.", "Knee pain.", "CC", "test"),
        Record("2", "Patient: My throat hurts.", "Sore throat.", "CC", "test"),
        Record("3", "Patient: My knee hurts a lot, a lot.", "Knee surgery.", "PASTSURGICAL", "test"),
    ]
    asked = [
        Record("4", "Doctor: Well?\nPatient: The throat hurts.", "", "CC", "test"),
        Record("5", "Patient: A knee hurts a lot.", "", "CC", "test"),
        Record("6", "Patient: My throat.", "", "PASTSURGICAL", "test"),
        Record("7", "Patient: My throat.", "", "ROS", "test"),
    ]
    assert list(nearest_notes(train, asked)) == ["Sore throat.", "Knee pain.", "Knee surgery.", "Sore throat."]
