"""Words that a dialogue says of one side only contradict a note that has them beside the other side."""

from functools import partial

from tests.faithfulness.flagged import flagged

EARS = """Doctor: The hearing test shows thirty decibels on the left, and on the right fifty-five.
Patient: The right's the one that rings.
Doctor: I'd like to fit a device in the right ear. The left can wait."""
KNEES = """Patient: It's my left knee, from football.
Doctor: Did you ever hurt the other knee?
Patient: Yes, I tore a ligament there at school."""


sides = partial(flagged, category="laterality")


def test_a_number_beside_the_other_side_is_flagged() -> None:
    assert sides(EARS, "Hearing 55 dB left, 30 dB right.")
    assert not sides(EARS, "Hearing 30 dB left, 55 dB right.")


def test_a_word_beside_the_other_side_is_flagged() -> None:
    assert sides(EARS, "Fit a device in the left ear.") == ["left ear"]
    assert not sides(EARS, "Fit a device in the right ear.")


def test_a_word_that_is_also_said_without_a_side_is_not_flagged() -> None:
    dialogue = "Patient: The left hip clicks. Everything clicks. The right hip is stiff."
    assert not sides(dialogue, "Right hip clicks.")


def test_the_other_one_may_be_the_side_that_the_note_names_as_past() -> None:
    assert not sides(KNEES, "Left knee injury. Previous ligament tear in the right knee.")
    assert sides(KNEES, "Right knee injury at football.")


def test_od_is_the_right_eye_only_in_a_text_about_eyes() -> None:
    dialogue = "Doctor: Take one iron tablet a day for three months."
    assert not sides(dialogue, "Oral iron OD for 3 months.")
    assert sides("Patient: My left eye is red.", "Redness OD, eyelid swollen.")


def test_the_dominant_hand_is_not_the_side_of_a_complaint() -> None:
    dialogue = "Patient: I fell on the left hand. I'm right-handed."
    assert not sides(dialogue, "R hand dominant. Fell on the left hand.")
