import pytest

from medsum.facts.note import read_note
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.heard import hear


def categories(dialogue: str, note: str) -> list[str]:
    return [flag.category for flag in find_errors(hear(dialogue), read_note(note))]


def test_a_denied_surgery_contradicts_each_surgery() -> None:
    dialogue = "Doctor: Any surgeries?\nPatient: No, never."
    assert categories(dialogue, "Status post hysterectomy.") == ["negation"]
    assert categories(dialogue, "No prior surgeries.") == []


def test_a_procedure_that_nobody_spoke_of_is_flagged() -> None:
    dialogue = "Doctor: What brings you in?\nPatient: A cough. They did a chest x-ray."
    assert categories(dialogue, "Cough. MRI of the brain was normal.") == ["hallucination"]
    assert categories(dialogue, "Cough. CXR done.") == []


def test_an_allergy_is_not_denied() -> None:
    dialogue = "Doctor: Any allergies?\nPatient: Yes, penicillin."
    assert categories(dialogue, "NKDA.") == ["negation"]
    assert categories("Doctor: Any allergies?\nPatient: None.", "NKDA.") == []


def test_a_denial_in_lay_words_contradicts_the_clinical_word() -> None:
    dialogue = "Doctor: Any blood when you cough?\nPatient: No, no blood."
    assert categories(dialogue, "Reports hemoptysis.") == ["negation"]
    assert categories(dialogue, "No hemoptysis.") == []
    assert categories("Patient: I cough up blood.", "Reports hemoptysis.") == []


@pytest.mark.parametrize(
    ("note", "found"),
    [("Mother had breast cancer.", []), ("Father had breast cancer.", ["person"]), ("Has breast cancer.", ["person"])],
)
def test_a_finding_stays_with_the_relative_that_has_it(note: str, found: list[str]) -> None:
    assert categories("Doctor: Any cancer in the family?\nPatient: My mother had breast cancer.", note) == found


def test_she_is_the_relative_that_was_just_named() -> None:
    dialogue = "Doctor: And your sister?\nPatient: My sister is older.\nPatient: She was on dialysis."
    assert categories(dialogue, "Patient is on dialysis.") == ["person"]


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("I get up to pee three times every night.", "Nocturia three times nightly."),
        ("There's a ringing in my ears.", "Tinnitus."),
        ("I take a pill for my pressure.", "Hypertension."),
        ("I can't keep anything down.", "Vomiting."),
    ],
)
def test_a_finding_in_lay_words_is_not_flagged(said: str, note: str) -> None:
    assert categories(f"Patient: {said}", note) == []
