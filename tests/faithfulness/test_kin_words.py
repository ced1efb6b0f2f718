"""A note that gives a relative what the dialogue says of another relative, or of the other side, has a flag."""

from functools import partial

import pytest

from tests.faithfulness.flagged import flagged

persons = partial(flagged, category="person")


@pytest.mark.parametrize(
    ("dialogue", "right", "wrong"),
    [
        (
            "Doctor: Heart trouble in the family?\nPatient: My uncle had a bypass at sixty. My dad is ninety.",
            "FH: uncle had bypass surgery at 60.",
            "FH: father had bypass surgery at 60.",
        ),
        (
            "Doctor: Anyone with thyroid trouble?\nPatient: My aunt. She's on thyroxine. My mum was tested, too.",
            "FH: aunt takes levothyroxine.",
            "FH: mother takes levothyroxine.",
        ),
        (
            "Doctor: Has anybody been tested?\nPatient: My sister did the Fabry panel. My brother lives abroad.",
            "Sister had the Fabry panel.",
            "Brother had the Fabry panel.",
        ),
    ],
)
def test_a_relative_named_in_another_sentence_is_another_person(dialogue: str, right: str, wrong: str) -> None:
    assert not persons(dialogue, right)
    assert persons(dialogue, wrong)


def test_a_word_that_another_relative_shares_is_not_flagged() -> None:
    dialogue = "Patient: My sister has the Fabry gene. My brother does, too."
    assert not persons(dialogue, "Brother has the Fabry gene.")


@pytest.mark.parametrize(
    "dialogue",
    [
        "Doctor: Heart trouble in the family?\nMother: My dad has angina.",
        "Doctor: Heart trouble in the family?\nPatient: My mum's father has angina.",
        "Doctor: Heart trouble in the family?\nPatient: My grandad on my mother's side has angina.",
    ],
)
def test_the_wrong_side_of_the_family_is_flagged(dialogue: str) -> None:
    assert not persons(dialogue, "Maternal grandfather has angina.")
    assert persons(dialogue, "Paternal grandfather has angina.") == ["Paternal grandfather"]


def test_a_side_that_the_dialogue_leaves_open_is_not_flagged() -> None:
    dialogue = "Doctor: Heart trouble in the family?\nPatient: My grandad had angina."
    assert not persons(dialogue, "Paternal grandfather had angina.")
