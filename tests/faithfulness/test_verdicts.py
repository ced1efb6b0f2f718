import pytest

from medsum.facts.extraction import extract, extract_dialogue
from medsum.faithfulness.verdicts import verdicts

DIALOGUE = """Doctor: How old are you?
Patient: I am fifty seven.
Doctor: Any fever?
Patient: No. But my left knee hurts.
Doctor: Do you take anything?
Patient: Lisinopril, twenty milligrams.
Doctor: Does diabetes run in the family?
Patient: My mother has diabetes."""


def judged(note: str) -> dict[str, tuple[str, str]]:
    said = extract_dialogue(DIALOGUE)
    return {v.fact.value: (v.status, v.conflict) for v in verdicts(extract(note), said)}


def test_what_the_dialogue_says_is_supported() -> None:
    note = "A 57-year-old with left knee pain. No fever. Takes lisinopril 20 mg. Mother has diabetes."
    assert {status for status, _ in judged(note).values()} == {"supported"}


@pytest.mark.parametrize(
    ("note", "value", "conflict"),
    [
        ("A 75-year-old.", "75", "quantity"),
        ("He has fever.", "fever", "negation"),
        ("He has right knee pain.", "knee pain", "side"),
        ("Lisinopril 40 mg.", "40", "quantity"),
        ("The patient has diabetes.", "diabetes", "person"),
    ],
)
def test_what_contradicts_the_dialogue_is_named_by_what_differs(note: str, value: str, conflict: str) -> None:
    assert judged(note)[value] == ("contradicted", conflict)


@pytest.mark.parametrize(("note", "value"), [("Takes metoprolol.", "metoprolol"), ("He has asthma.", "asthma")])
def test_what_nobody_said_is_unsupported(note: str, value: str) -> None:
    assert judged(note)[value] == ("unsupported", "")


def test_a_denied_pain_elsewhere_contradicts_no_pain_that_was_said() -> None:
    said = extract("He has pain.")
    assert [v.status for v in verdicts(extract("No back pain."), said)] == ["unsupported"]


@pytest.mark.parametrize(
    ("note", "dialogue", "status"),
    [
        ("Bilateral leg pain.", "Patient: My left leg hurts.", "contradicted"),
        ("Bilateral leg pain.", "Patient: My left leg hurts.\nPatient: And my right leg hurts.", "supported"),
        ("Left leg pain.", "Patient: Both legs hurt.", "supported"),
    ],
)
def test_one_side_is_not_both_but_both_sides_are_bilateral(note: str, dialogue: str, status: str) -> None:
    found = verdicts(extract(note), extract_dialogue(dialogue))
    assert {verdict.status for verdict in found if verdict.fact.kind == "laterality"} == {status}


def test_a_date_is_supported_by_a_part_of_it() -> None:
    said = extract_dialogue("Doctor: You were here on April fifteenth.\nPatient: Yes.")
    assert [v.status for v in verdicts(extract("Seen on 04/15/2005."), said)] == ["supported"]
