import random
from typing import get_args

import pytest

from benchmarks.judge.planted_errors import is_found
from benchmarks.judge.planting import PLANTERS, plant
from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import MEANINGS, Category, Flag
from medsum.faithfulness.form_flags import form_flags

DIALOGUE = """Doctor: How old are you, and what brings you in?
Patient: I am fifty seven. My left knee has been swollen for three weeks.
Doctor: Any fever or cough?
Patient: No fever. I do have a cough.
Doctor: Do you take anything?
Patient: Lisinopril, twenty milligrams, for my blood pressure.
Doctor: Does diabetes run in the family?
Patient: My mother has diabetes."""
REFERENCE = (
    "A 57-year-old with left knee swelling for 3 weeks and with cough. No fever. "
    "Takes lisinopril 20 mg. Her mother has diabetes."
)


def errors(dialogue: str, summary: str, reference: str | None = None, section: str | None = None) -> list[Flag]:
    wanted = None if reference is None else read_note_facts(reference)
    return find_errors(read_dialogue_facts(dialogue), read_note_facts(summary), wanted, section)


def test_a_clean_reference_raises_no_flag() -> None:
    assert errors(DIALOGUE, REFERENCE) == []
    assert errors(DIALOGUE, REFERENCE, REFERENCE, "GENHX") == []


def test_every_category_has_a_meaning_and_a_planted_error() -> None:
    assert set(get_args(Category)) == MEANINGS.keys(), "give each category its meaning in faithfulness/flags.py"
    assert set(get_args(Category)) == PLANTERS.keys(), "give each category its planter in benchmarks/judge/planting.py"


@pytest.mark.parametrize("category", PLANTERS)
def test_a_planted_error_is_found_where_it_was_planted(category: str) -> None:
    planted = plant(category, REFERENCE, DIALOGUE, random.Random(1))
    assert planted is not None
    assert planted.text != REFERENCE
    assert is_found(errors(DIALOGUE, planted.text, REFERENCE, "GENHX"), category, planted)


def test_the_same_seed_plants_the_same_error() -> None:
    first, second = (plant("quantity", REFERENCE, DIALOGUE, random.Random(3)) for _ in range(2))
    assert first == second


def test_an_omission_points_into_the_reference() -> None:
    (flag,) = errors(DIALOGUE, REFERENCE.replace(" Her mother has diabetes.", ""), REFERENCE)
    assert (flag.category, flag.of, REFERENCE[flag.start : flag.end]) == ("omission", "reference", "diabetes")


def test_nothing_is_missing_or_too_long_without_a_reference() -> None:
    assert {flag.category for flag in errors(DIALOGUE, "No fever. " + DIALOGUE.split(": ")[-1])} <= {"person"}


def categories(summary: str, reference: str | None = None, dialogue: str = DIALOGUE) -> set[str]:
    return {flag.category for flag in errors(dialogue, summary, reference)}


def test_a_side_or_number_that_stands_elsewhere_in_the_reference_is_still_wrong_in_its_place() -> None:
    reference = "Right hip replacement at age 60 and left hip replacement at age 64."
    dialogue = f"Patient: {reference}"
    assert categories(reference, reference, dialogue) == set()
    assert categories(reference.replace("Right", "Left"), reference, dialogue) == {"laterality"}
    assert categories(reference.replace("60", "64"), reference, dialogue) == {"quantity"}


@pytest.mark.parametrize(
    "summary",
    [
        "Nausea since Friday. Denies nausea.",
        "Drinks 2 beers most nights. No alcohol use.",
        "No known drug allergies. Reports allergy.",
    ],
)
def test_what_is_said_and_denied_outright_contradicts_itself(summary: str) -> None:
    assert "contradiction" in categories(summary)


@pytest.mark.parametrize(
    "summary",
    [
        "Rash on the left foot. No other rash.",
        "Allergy to pollen. No latex allergy.",
        "Neck: No tenderness. Tenderness over the tibia.",
        "Vomiting on Monday. No vomiting since.",
        "Drinks 3 coffees daily. No alcohol.",
    ],
)
def test_a_denial_of_a_kind_place_or_time_contradicts_nothing_else(summary: str) -> None:
    assert "contradiction" not in categories(summary)


def test_speech_that_corrects_itself_or_names_the_other_side_shortly_raises_no_flag() -> None:
    dialogue = "Doctor: And the eyes?\nPatient: My right eye is cloudy. The left is good."
    assert categories("Left eye is good.", dialogue=dialogue) == set()
    dialogue = "Guest_family: The left tube fell out. Wait, no, the right fell out."
    assert categories("The right ear tube fell out.", dialogue=dialogue) == set()


@pytest.mark.parametrize(
    ("summary", "said"),
    [
        ("Temperature 99.5 degrees.", "It's ninety nine five now, it was one oh two point eight."),
        ("Morphine 15 mg twice daily.", "The morphine, fifteen milligrams, one in the morning and one at night."),
        ("Father is 5 feet 4 inches tall.", "My dad's five four, my mom is five feet two inches tall."),
        ("A track 1.5 inches long.", "It's about an inch and a half long."),
        ("The patient is a 2.5-year-old.", "She's two and a half years old."),
    ],
)
def test_an_amount_said_in_pieces_is_said(summary: str, said: str) -> None:
    assert categories(summary, dialogue=f"Guest_family: {said}") == set()


@pytest.mark.parametrize("advice", ["If you get a fever, call us.", "Come back in case the fever returns."])
def test_advice_for_what_may_come_supports_no_finding(advice: str) -> None:
    dialogue = f"Doctor: {advice}\nPatient: Sure."
    assert categories("The patient has fever.", dialogue=dialogue) == {"hallucination"}
    assert categories("Call if there is a fever.", dialogue=dialogue) == set()
    assert categories("Pain with cough.", dialogue="Patient: It hurts if I cough.") == set()
    assert categories("Has fever.", dialogue="Doctor: Tell me if you have any fever?\nPatient: Yes.") == set()


def test_a_patient_of_the_other_sex_than_the_references_is_another_person() -> None:
    reference = "The patient is a 57-year-old white male with knee pain."
    assert categories(reference.replace("male", "female"), reference) == {"person"}
    assert categories(reference, reference) == set()
    assert categories("A 57-year-old whose wife is a woman of 50.", reference) <= {"omission", "quantity"}


def test_a_summary_is_cut_where_its_last_sentence_has_no_end() -> None:
    assert categories("No fever. Has a cough today") == {"truncation"}
    assert categories("No fever. Has a cough and.") == {"truncation"}
    assert categories("No fever today.\nHas a cough and") == {"truncation"}
    assert categories("No fever today.\nHas a cough now") == {"truncation"}
    assert categories("No fever. Has a cough.") == set()
    assert categories("No cough") == set()  # a heading or a short answer needs no full stop


@pytest.mark.parametrize(
    "summary",
    ["1. Pain denied\n2. Follow up in 2 weeks\n", "- No fever at all today", "Has a cough now\nNo fever at all today"],
)
def test_a_list_or_lines_without_full_stops_are_not_cut(summary: str) -> None:
    flags = form_flags(summary)
    assert [flag for flag in flags if flag.category == "truncation"] == []


def test_a_reason_names_the_text_that_says_otherwise() -> None:
    dialogue = "Doctor: Any pain?\nPatient: Both knees hurt, my left one most."
    (flag,) = errors(dialogue, "Right knee pain.", "Left knee pain.")
    assert (flag.category, flag.turns) == ("laterality", ())
    assert flag.reason.endswith("the reference says left")
