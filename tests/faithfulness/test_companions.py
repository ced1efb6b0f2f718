"""If a relative of the patient speaks, the other relatives are named from this person's view."""

from functools import partial

import pytest

from tests.faithfulness.flagged import flagged

FAMILY = "Doctor: Does anyone in the family have epilepsy?\n"


persons = partial(flagged, category="person")


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
