"""The first number, drug or side that a dialogue does not hold."""

import pytest

from medsum.faithfulness.unsaid import Said

DIALOGUE = (
    "Doctor: How old are you?\nPatient: Forty five. My left knee hurts, and I take lisinopril, ten milligrams, twice a "
    "day.\nDoctor: Any ibuprofen?\nPatient: A thousand milligrams once, on July thirty first. Born in sixty eight."
)


@pytest.mark.parametrize(
    "note",
    [
        "A 45-year-old with left knee pain takes lisinopril 10 mg 2 times a day.",
        "A forty-five-year-old.",  # in words
        "Ibuprofen 1,000 mg on 07/31.",
        "Takes an ACE inhibitor and an NSAID.",  # the classes of drugs that are named
        "Knee pain. No fever.",
        "",
    ],
)
def test_what_is_said_is_held_however_it_is_written(note: str) -> None:
    assert Said(DIALOGUE).first_unsaid(note) is None


@pytest.mark.parametrize(
    ("note", "unsaid", "is_number"),
    [
        ("A 46-year-old with knee pain.", "46", True),
        ("A forty-six-year-old.", "forty-six", True),
        ("Lisinopril 100 mg.", "100", True),  # which begins like a number that is said
        ("Lisinopril 1 mg.", "1", True),
        ("Takes 45 mg for 2.5 weeks.", "2.5", True),
        ("Age 56, since he was born in 68.", "56", True),  # a sum is not said
        ("Seen on 07/30.", "07/30", True),
        ("BP 10/80.", "10/80", True),
        ("Takes lisinopril and metformin 10 mg.", "metformin", False),
        ("Left knee, right hip pain.", "right hip", False),
        ("Bilateral knee pain.", "Bilateral", False),
    ],
)
def test_the_first_thing_that_is_not_said_is_found(note: str, unsaid: str, is_number: bool) -> None:
    assert Said(DIALOGUE).first_unsaid(note) == (note.index(unsaid), is_number)


def test_both_sides_are_held_where_both_are_spoken_of() -> None:
    said = Said("Patient: Both my knees hurt.")
    assert said.first_unsaid("Bilateral knee pain, worse in the left knee.") is None
