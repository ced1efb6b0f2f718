import pytest

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors


def categories(dialogue: str, note: str) -> list[str]:
    return [flag.category for flag in find_errors(read_dialogue_facts(dialogue), read_note_facts(note))]


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


@pytest.mark.parametrize(
    ("asked", "said", "note", "found"),
    [
        ("Are you allergic to anything?", "Just penicillin.", "No known allergies.", ["negation"]),
        ("Any allergies?", "Cats make me sneeze, I'm allergic to cats.", "NKDA.", []),
        ("Any allergies?", "No.", "Allergic to penicillin.", ["medication", "negation"]),
        ("Are you allergic to latex?", "No, I'm not.", "Latex allergy.", ["negation"]),
        ("Are you allergic to latex?", "Yes, I get a rash.", "No latex allergy.", ["negation"]),
        ("Are you allergic to latex?", "Yes, I get a rash.", "Allergic to latex with rash.", []),
        ("Any food or drug allergies?", "Shellfish. My throat swells up.", "No food allergies.", ["negation"]),
        ("Any food or drug allergies?", "Shellfish. My throat swells up.", "Allergic to shellfish.", []),
        ("Any allergies?", "None. My mother is allergic to sulfa.", "Allergic to sulfa.", ["person"]),
    ],
)
def test_an_allergy_is_not_turned_round(asked: str, said: str, note: str, found: list[str]) -> None:
    assert categories(f"Doctor: {asked}\nPatient: {said}", note) == found


@pytest.mark.parametrize(
    ("said", "note", "found"),
    [
        ("The cough has got worse this week.", "Cough is improving.", ["negation"]),
        ("The cough has got worse this week.", "Cough is worse.", []),
        ("My knee pain is much better now.", "Knee pain is worse.", ["negation"]),
        ("My knee pain is much better now.", "Knee pain has improved.", []),
        ("The cough got worse, and now it is better.", "Cough improved.", []),
        ("The rash is worse but the fever is better.", "Fever improved. Rash worsened.", []),
    ],
)
def test_a_course_is_not_turned_round(said: str, note: str, found: list[str]) -> None:
    assert categories(f"Doctor: How are you?\nPatient: {said}", note) == found


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


@pytest.mark.parametrize(
    ("said", "note", "found"),
    [
        ("Let's stop the lisinopril.", "Continue lisinopril.", ["medication"]),
        ("Let's stop the lisinopril.", "Lisinopril was discontinued.", []),
        ("Keep taking the metformin, and we'll increase your lisinopril.", "Decrease lisinopril.", ["medication"]),
        ("Keep taking the metformin, and we'll increase your lisinopril.", "Continue metformin.", []),
        ("Don't stop the lisinopril.", "Continue lisinopril.", []),
    ],
)
def test_what_becomes_of_a_drug_is_not_turned_round(said: str, note: str, found: list[str]) -> None:
    assert categories(f"Doctor: {said}\nPatient: Okay.", note) == found


def test_a_question_that_its_answer_denies_is_no_affirmation() -> None:
    dialogue = "Doctor: Any vomiting of blood, black stools?\nPatient: No blood. Stools are brown."
    assert categories(dialogue, "Reports hematemesis.") == ["negation"]


def test_a_no_without_stops_denies_what_was_asked() -> None:
    dialogue = "Doctor: any hearing loss or ringing\nPatient: no hearings fine no ringing"
    assert categories(dialogue, "Reports hearing loss.") == ["negation"]
    assert categories(dialogue, "Denies hearing loss.") == []
