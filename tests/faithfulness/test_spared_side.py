"""A side that a dialogue names only as healthy or as a matter of the past does not support a note."""

from functools import partial

import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from tests.faithfulness.flagged import flagged

KNEE = """Doctor: So it's the knee?
Patient: Yes, the left one. I twisted it on the stairs on Monday.
Doctor: And the other one?
Patient: {}"""
EYES = """Doctor: You have had flashes. In both eyes?
Patient: {}
Doctor: Since when?
Patient: Since Saturday."""


sides = partial(flagged, category="laterality")


@pytest.mark.parametrize(
    "said",
    [
        "The right one is fine.",
        "The right one has never been a problem, no trouble there.",
        "I broke the right one in high school.",
        "I had an operation on the right one in 2011.",
    ],
)
def test_the_healthy_side_does_not_support_the_complaint(said: str) -> None:
    assert sides(KNEE.format(said), "Twisted the right knee on Monday.")
    assert not sides(KNEE.format(said), "Twisted the left knee on Monday.")


@pytest.mark.parametrize(
    "note", ["Right knee normal.", "Previous operation on the right knee.", "No pain in right knee."]
)
def test_a_note_may_name_the_healthy_side_as_healthy(note: str) -> None:
    assert not sides(KNEE.format("The right one is fine."), note)


def test_two_affected_sides_are_both_supported() -> None:
    assert not sides(KNEE.format("The right one hurts as well."), "Pain in the right knee.")


def test_an_answer_that_names_one_of_both_sides_excludes_the_other() -> None:
    assert sides(EYES.format("No, only the right."), "Flashes in the left eye.")
    assert not sides(EYES.format("No, only the right."), "Flashes in the right eye.")
    assert not sides(EYES.format("Yes, both."), "Flashes in the left eye.")


def categories(dialogue: str, note: str) -> set[str]:
    return {flag.category for flag in find_errors(read_dialogue_facts(dialogue), read_note_facts(note))}


def test_a_finding_of_a_relative_is_not_the_patients_even_if_the_patients_is_denied() -> None:
    dialogue = "Patient: My dad has Parkinson's disease.\nDoctor: I see no Parkinson's disease in you."
    assert "person" in categories(dialogue, "Past history: Parkinson disease.")


def test_a_healthy_relative_does_not_have_the_finding() -> None:
    dialogue = "Doctor: Has anyone in the family had breast cancer?\nPatient: My aunt, at forty-four. Mum's been fine."
    assert "person" in categories(dialogue, "Mother had breast cancer aged 44.")
    assert "person" not in categories(dialogue, "Aunt had breast cancer aged 44.")


def test_an_answer_that_repeats_the_finding_affirms_it() -> None:
    asked = "Doctor: Were you sweaty, or sick?\nPatient: "
    assert "negation" in categories(asked + "Sweating buckets. I wasn't sick though.", "Chest pain without sweating.")
    assert "negation" not in categories(asked + "No sweating, and not sick.", "Chest pain without sweating.")


def test_a_mass_that_the_dialogue_only_denies_is_flagged() -> None:
    dialogue = "Doctor: On the rectal exam the prostate is big but smooth, no lumps."
    assert "negation" in categories(dialogue, "Enlarged smooth prostate, with nodules.")
    assert "negation" not in categories(dialogue, "Enlarged smooth prostate, no nodules.")
