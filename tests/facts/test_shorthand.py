"""Shorthand, British notes, misspelt drugs, allergies and courses."""

import pytest

from medsum.facts.allergies import allergies
from medsum.facts.courses import courses
from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.plans import plans


def _values(text: str, kind: str) -> set[str]:
    facts = extract_dialogue(text) if ": " in text.split("\n")[0][:12] else extract(text)
    return {f"{fact.value} {fact.unit}".strip() for fact in facts if fact.kind == kind}


@pytest.mark.parametrize(
    ("written", "drug"),
    [("Lisinoprl 5 mg", "lisinopril"), ("metropolol 25 mg", "metoprolol"), ("amoxicilin 500 mg", "amoxicillin")],
)
def test_a_misspelt_drug_is_the_drug_one_letter_away(written: str, drug: str) -> None:
    assert [fact.value for fact in extract(written) if fact.kind == "medication"] == [drug]


@pytest.mark.parametrize(
    "text", ["He has the ability to walk.", "Pancreas is normal.", "Enjoys a concert.", "The clarity is good."]
)
def test_an_english_word_near_a_brand_is_no_drug(text: str) -> None:
    assert not [fact for fact in extract(text) if fact.kind == "medication"]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("Eliquis 2.5 bid.", "dose", {"2.5"}),
        ("Increase lisinopril from 10 to 20 mg.", "dose", {"10 mg", "20 mg"}),
        ("Fever x3d.", "duration", {"3 day"}),
        ("28w3d today.", "duration", {"28 week"}),
        ("Methotrexate 15 mg q wk.", "frequency", {"1 per week"}),
        ("Ramipril 5 mg om.", "frequency", {"1 per day"}),
        ("Aleve, one in the morning and one at night.", "frequency", {"2 per day"}),
        ("Weight 11 stone 4.", "weight", {"158 lb"}),
        ("Vision is 20/30.", "score", set()),
        ("Sister had a stroke @ 50.", "age", {"50 year"}),
        ("PCO OD, clear OS.", "laterality", {"right eye", "left eye"}),
        ("RLQ pain.", "laterality", {"right lower quadrant"}),
        ("Surgery on the right knee, not the left knee.", "laterality", {"right knee"}),
    ],
)
def test_shorthand_is_read(text: str, kind: str, values: set[str]) -> None:
    assert _values(text, kind) == values


def test_letters_joined_by_slashes_are_findings_of_their_own() -> None:
    denied = {fact.value for fact in extract("Denies N/V/D.") if "negated" in fact.context}
    assert denied == {"nausea", "vomiting", "diarrhea"}


@pytest.mark.parametrize(
    ("text", "value", "flag"),
    [
        ("?PE, for CT.", "pulmonary embolism", "uncertain"),
        ("+ cough, - hemoptysis.", "hemoptysis", "negated"),
        ("He is afebrile.", "fever", "negated"),
        ("Should her headache return, call us.", "headache", "hypothetical"),
        ("MGM had a stroke.", "stroke", "family"),
        ("My boss had influenza.", "influenza", "family"),
    ],
)
def test_context_of_shorthand_and_speech(text: str, value: str, flag: str) -> None:
    assert any(fact.value == value and flag in fact.context for fact in extract(text))


def test_a_double_negation_affirms() -> None:
    fact = next(fact for fact in extract("She does not deny headache.") if fact.value == "headache")
    assert "negated" not in fact.context


def test_an_amount_of_an_answer_is_of_the_drug_asked_about() -> None:
    facts = extract_dialogue("Doctor: Methotrexate, how do you take it?\nPatient: Once a week. And folic acid daily.")
    assert {fact.drug for fact in facts if fact.unit == "per week"} == {"methotrexate"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Switch from omeprazole to pantoprazole 40 mg.", {("stop", "omeprazole"), ("start", "pantoprazole")}),
        ("Hold metformin.", {("stop", "metformin")}),
        ("Lansoprazole stepped down to 15 mg.", {("decrease", "lansoprazole")}),
    ],
)
def test_plans_of_drugs(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(plan.value, plan.drug) for plan in plans(text, extract(text))} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Allergies: PCN (rash), latex.", {("penicillin", "rash", ""), ("latex", "", "")}),
        ("NKDA.", {("none", "", "")}),
        ("No latex allergy.", {("latex", "", "negated")}),
        ("Doctor: Any allergies?\nPatient: No.", {("none", "", "")}),
        ("Doctor: Any allergies?\nPatient: Sulfa. I get hives.", {("sulfa", "", "")}),
    ],
)
def test_allergies(text: str, expected: set[tuple[str, str, str]]) -> None:
    facts = extract_dialogue(text) if text.startswith("Doctor") else extract(text)
    found = {(one.value, one.unit, " ".join(sorted(one.context))) for one in allergies(text, facts)}
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Back pain has worsened.", {("worse", "back pain")}),
        ("Depression is stable.", {("unchanged", "depression")}),
        ("Call if the rash gets worse.", set()),
    ],
)
def test_courses_of_findings(text: str, expected: set[tuple[str, str]]) -> None:
    assert {(one.value, one.unit) for one in courses(text, extract(text))} == expected
