"""Medications, drug classes, findings and sides, whatever name they go by."""

import pytest

from medsum.facts.extraction import extract
from medsum.facts.findings import canonical
from medsum.facts.lexicon import FOLDER, read


def values(text: str, kind: str) -> list[str]:
    return [fact.value for fact in extract(text) if fact.kind == kind]


@pytest.mark.parametrize(
    ("text", "generic"),
    [
        ("Tylenol", "acetaminophen"),
        ("baby aspirin", "aspirin"),
        ("LIPITOR", "atorvastatin"),
        ("Advair", "fluticasone/salmeterol"),
        ("Tylenol number three", "acetaminophen/codeine"),
        ("b twelve", "cyanocobalamin"),
        ("a Z-Pak", "azithromycin"),
    ],
)
def test_a_brand_is_its_generic(text: str, generic: str) -> None:
    assert values(f"She takes {text} now.", "medication") == [generic]


def test_a_medication_carries_its_class() -> None:
    assert [fact.unit for fact in extract("Coumadin")] == ["anticoagulant"]


@pytest.mark.parametrize(
    ("text", "name"),
    [("water pill", "diuretic"), ("blood thinners", "anticoagulant"), ("the pill", "oral contraceptive")],
)
def test_lay_words_name_a_class(text: str, name: str) -> None:
    assert values(f"I take {text}.", "drug_class") == [name]


@pytest.mark.parametrize("text", ["a thyroid nodule", "insulin level", "nix that", "soma bodies", "the allied team"])
def test_other_words_are_no_medication(text: str) -> None:
    assert values(text, "medication") == []


@pytest.mark.parametrize(
    ("lay", "clinical"),
    [
        ("I keep throwing up", "vomiting"),
        ("I have high blood pressure", "hypertension"),
        ("my knee has been killing me", "knee pain"),
        ("pain in both of my knees", "knee pain"),
        ("my belly hurts", "abdominal pain"),
        ("swelling in my legs", "leg swelling"),
        ("I can't breathe", "shortness of breath"),
        ("ringing in my ears", "tinnitus"),
        ("type two diabetes", "type 2 diabetes"),
        ("G E R D", "acid reflux"),
        ("two MIs", "heart attack"),
        ("SOB on stairs", "shortness of breath"),
    ],
)
def test_lay_and_clinical_names_are_one(lay: str, clinical: str) -> None:
    assert values(lay, "finding") == [clinical]
    assert canonical(values(lay, "finding")[0]) == clinical


@pytest.mark.parametrize(
    "text",
    [
        "last fall I fell asleep",
        "Ms. Jones wears hearing aids",
        "discharge summary",
        "a stress test",
        "protein shakes",
        "eating and drinking",
        "flu shot",
        "cold water",
        "pain clinic",
        "she went back home",
        "he adds sugar",
        "the child sobs",
        "3 tbs of honey",
        "ras el hanout",
    ],
)
def test_other_words_are_no_finding(text: str) -> None:
    assert values(text, "finding") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pain in the left knee", [("left", "knee")]),
        ("both of your ankles", [("bilateral", "ankle")]),
        ("left great toe", [("left", "great toe")]),
        ("my right hand", [("right", "hand")]),
        ("my hip hurts on the right", [("right", "hip")]),
        ("right-sided weakness", [("right", "")]),
        ("the right side of her face", [("right", "face")]),
        ("bilateral knees", [("bilateral", "knee")]),
        ("left upper extremity", [("left", "arm")]),
    ],
)
def test_a_side_is_said_of_its_part(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.value, fact.unit) for fact in extract(text) if fact.kind == "laterality"] == expected


@pytest.mark.parametrize(
    "text",
    [
        "I left the house",
        "right away",
        "that's right.",
        "all right, right?",
        "right-handed",
        "both parents",
        "he left early",
        "both sides of the family",
    ],
)
def test_other_words_are_no_side(text: str) -> None:
    assert values(text, "laterality") == []


def test_a_finding_carries_its_side() -> None:
    found = [fact for fact in extract("Swelling of the left leg, and right knee pain.") if fact.kind == "finding"]
    assert [(fact.value, fact.laterality) for fact in found] == [("leg swelling", "left"), ("knee pain", "right")]


@pytest.mark.parametrize("name", ["medications.txt", "findings.txt", "sites.txt", "drug_classes.txt"])
def test_no_name_stands_for_two_entries(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for entry in read(name):
        for other in (entry.fields[0], *entry.names):
            owners.setdefault(other.lower(), set()).add(entry.fields[0])
    assert {other: names for other, names in owners.items() if len(names) > 1} == {}


def test_every_lexicon_says_where_it_comes_from() -> None:
    for path in FOLDER.glob("*.txt"):
        assert "written for this project" in path.read_text(encoding="utf-8")[:400], path.name


@pytest.mark.parametrize(
    ("note", "side", "site"),
    [
        ("Right THA in 2019.", "right", "hip"),
        ("Left acute otitis media.", "left", "ear"),
        ("Status post right mastectomy.", "right", "breast"),
        ("Left retro-orbital pain.", "left", ""),
    ],
)
def test_a_side_is_of_the_part_that_a_finding_or_procedure_is_of(note: str, side: str, site: str) -> None:
    assert [(fact.value, fact.unit) for fact in extract(note) if fact.kind == "laterality"] == [(side, site)]
