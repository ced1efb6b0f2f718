"""Which of a model's notes the second training pass learns from."""

from medsum.faithfulness.choosing import Preference, best, judge, preference

DIALOGUE = "Doctor: What brings you in?\nPatient: My left knee has hurt for three weeks. I take aspirin."
REFERENCE = "Left knee pain for 3 weeks. Takes aspirin."
RIGHT = "Left knee pain for three weeks. Takes aspirin."
SHORT = "Takes aspirin."
WRONG_DRUG = "Left knee pain for 3 weeks. Takes warfarin."
WRONG_TWICE = "Left knee pain for 3 years. Takes warfarin."


def pair_of(*notes: str, reference: str = REFERENCE) -> Preference | None:
    return preference(DIALOGUE, reference, judge(DIALOGUE, reference, notes))


def test_the_best_note_has_no_major_flag_even_if_a_wrong_one_is_nearer_to_the_reference() -> None:
    assert best(judge(DIALOGUE, REFERENCE, [WRONG_DRUG, SHORT])) == SHORT


def test_of_two_right_notes_the_one_that_leaves_less_out_is_best() -> None:
    assert best(judge(DIALOGUE, REFERENCE, [SHORT, RIGHT])) == RIGHT


def test_a_pair_is_the_best_right_note_and_the_worst_wrong_one() -> None:
    assert pair_of(SHORT, WRONG_DRUG, RIGHT, WRONG_TWICE) == Preference(RIGHT, WRONG_TWICE)


def test_the_reference_is_the_better_note_only_if_the_model_wrote_no_right_one() -> None:
    assert pair_of(WRONG_DRUG, RIGHT) == Preference(RIGHT, WRONG_DRUG)
    assert pair_of(WRONG_DRUG) == Preference(REFERENCE, WRONG_DRUG)
    assert pair_of(WRONG_DRUG, reference=WRONG_TWICE) is None


def test_right_notes_alone_make_no_pair() -> None:
    assert pair_of(RIGHT, SHORT) is None


def test_equal_and_empty_notes_are_left_out() -> None:
    assert [one.note for one in judge(DIALOGUE, REFERENCE, [SHORT, " ", SHORT])] == [SHORT]
    assert judge(DIALOGUE, REFERENCE, ["", " "]) == []
