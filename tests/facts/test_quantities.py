"""What is spoken and what is written compare equal; what only looks like a quantity is none."""

import pytest

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import QUANTITIES


def keys(text: str) -> set[tuple[str, str, str]]:
    return {fact.key for fact in extract(text) if fact.kind in QUANTITIES}


def said(text: str) -> list[str]:
    return [f"{fact.kind} {fact.value} {fact.unit}".strip() for fact in extract(text) if fact.kind in QUANTITIES]


@pytest.mark.parametrize(
    ("spoken", "written"),
    [
        ("I'm twenty six", "26-year-old"),
        ("he's fourteen months old", "14-month-old"),
        ("I just had my seventy second birthday", "age 72"),
        ("July thirty first O eight", "07/31/2008"),
        ("since May of two thousand ten", "since 05/2010"),
        ("on the fourth of July", "on July 4"),
        ("back in nineteen eighty seven", "in 1987"),
        ("one twenty over eighty", "BP 120/80"),
        ("temperature is ninety eight point six", "98.6 F"),
        ("pulse is seventy two", "HR 72"),
        ("five hundred milligrams, twice a day", "500 mg b.i.d."),
        ("every twelve hours", "twice daily"),
        ("every four to six hours", "q 4-6 hours"),
        ("every other day", "q.o.d."),
        ("once a day", "daily"),
        ("a thousand milligrams", "1 g"),
        ("for about two weeks", "for 14 days"),
        ("half an hour", "30 minutes"),
        ("forty eight hours", "2 days"),
        ("a year and a half", "18 months"),
        ("five foot seven", "67 inches tall"),
        ("I weigh one sixty five", "weight 165 pounds"),
        ("seven out of ten", "7/10"),
        ("forty percent", "40%"),
        ("two by three centimeters", "2 x 3 cm"),
        ("at nine thirty p.m.", "9:30 PM"),
        ("a pack a day", "1 ppd"),
        ("two puffs", "2 inhalations"),
        ("half a tablet", "0.5 tab"),
        ("two hundred and ten thousand", "210,000"),
        ("every six hours", "q6h"),
        ("every eight hours", "Q8H"),
        ("every twenty four hours", "q24h"),
        ("every six to eight hours", "q6-8h"),
        ("my pulse ox was ninety one", "91%"),
        ("a pack and a half a day", "1.5 packs per day"),
        ("one pack and a half every day", "1.5 ppd"),
        ("for an hour and a half", "90 minutes"),
    ],
)
def test_speech_and_note_are_equal(spoken: str, written: str) -> None:
    assert keys(spoken)
    assert keys(spoken) == keys(written)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("26-year-old", "62-year-old"),
        ("50 mg", "50 mcg"),
        ("5 mg", "50 mg"),
        ("twice daily", "three times daily"),
        ("for 2 weeks", "for 2 months"),
        ("120/80", "130/80"),
        ("10 mg/kg", "10 mg"),
        ("50 mcg/hr", "50 mcg"),
        ("5 mcg/kg/min", "5 mcg/kg"),
        ("07/31/2008", "07/30/2008"),
        ("in May", "in March"),
    ],
)
def test_different_quantities_differ(first: str, second: str) -> None:
    assert keys(first).isdisjoint(keys(second))


@pytest.mark.parametrize(
    "text",
    [
        "no one knows",
        "that one, please",
        "you may march in",
        "I may have the flu",
        "type 2 diabetes",
        "A1C and vitamin B12",
        "S one nerve root",
        "every time I cough",
        "daily activities",
        "the 50th percentile",
        "wait a second",
        "on a scale of one to ten",
        "Hepatitis B and C",
    ],
)
def test_what_only_looks_like_a_quantity_is_none(text: str) -> None:
    assert said(text) == []


@pytest.mark.parametrize(
    ("question", "answer", "fact"),
    [
        ("How old are you?", "Sixteen.", "age 16 year"),
        ("How old is she?", "Fourteen months.", "age 14 month"),
        ("What do you weigh?", "About one forty.", "weight 140 lb"),
        ("How tall are you?", "Five four.", "height 64 in"),
        ("On a scale of one to ten, how bad?", "A seven.", "score 7/10"),
    ],
)
def test_a_bare_number_is_what_was_asked_for(question: str, answer: str, fact: str) -> None:
    facts = extract_dialogue(f"Doctor: {question}\nPatient: {answer}")
    assert [f"{found.kind} {found.value} {found.unit}".strip() for found in facts] == [fact]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Humulin 70/30 twice daily", ["frequency 2 per day"]),
        ("Valsartan-HCTZ 160/25", ["dose 160", "dose 25"]),
        ("Advair Diskus 100/50 one puff", ["dose 100", "dose 50", "dose 1 puff"]),
        ("Vicodin 5/300", ["dose 5", "dose 300"]),
        ("Augmentin 500/125 mg", ["dose 500 mg", "dose 125 mg"]),
        ("Amlodipine and benazepril 5/20 mg", ["dose 5 mg", "dose 20 mg"]),
        ("hydrocodone 10 mg/325 mg", ["dose 10 mg", "dose 325 mg"]),
        ("inhaler 250/50 two puffs", ["dose 2 puff"]),
        ("BP on lisinopril 144/92", ["blood_pressure 144/92"]),
        ("Lisinopril. 144/92 today.", ["blood_pressure 144/92"]),
        ("BP 118/76, pulse 64", ["blood_pressure 118/76", "pulse 64"]),
    ],
)
def test_a_pair_of_doses_is_no_blood_pressure(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sodium 138 mEq/L", ["measure 138 meq/l"]),
        ("Lidocaine 10 mg/mL", ["count 10"]),
        ("three milliequivalents per liter", ["count 3"]),
        ("EBL was 150 cc", ["measure 150 ml"]),
        ("drained 40 mL of pus", ["measure 40 ml"]),
        ("5 cc of lidocaine", ["dose 5 ml"]),
        ("Potassium 20 mEq daily", ["dose 20 meq", "frequency 1 per day"]),
        ("10 mg/kg", ["dose 10 mg/kg"]),
        ("10 mg per kilogram", ["dose 10 mg/kg"]),
        ("50 mcg/hr", ["dose 50 mcg/hour"]),
        ("5 mcg/kg/min", ["dose 5 mcg/kg/minute"]),
    ],
)
def test_a_concentration_or_a_volume_lost_is_no_dose(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize("text", ["pulse ox 93", "Pulse oximetry 93 on room air", "pulse ox of ninety three percent"])
def test_pulse_oximetry_is_no_pulse(text: str) -> None:
    assert said(text) == ["percent 93"]


def test_a_list_number_counts_nothing() -> None:
    assert said("1. Losartan 50 mg daily. 2. Aspirin.") == ["dose 50 mg", "frequency 1 per day"]


def test_a_rate_of_doses_is_a_dose_and_a_frequency() -> None:
    assert said("Lisinopril 20 mg a day") == ["dose 20 mg", "frequency 1 per day"]


@pytest.mark.parametrize(
    ("note", "frequency"),
    [
        ("Paracetamol 1 g QDS.", "4 per day"),
        ("Amoxicillin 250 mg tds.", "3 per day"),
        ("Naproxen 500 mg bd.", "2 per day"),
        ("Simvastatin 40 mg nocte.", "1 per day"),
        ("Injection fortnightly.", "1 per 2 week"),
    ],
)
def test_british_schedules_are_read(note: str, frequency: str) -> None:
    assert [f"{fact.value} {fact.unit}" for fact in extract(note) if fact.kind == "frequency"] == [frequency]


def test_a_fortnight_is_two_weeks() -> None:
    assert [(fact.value, fact.unit) for fact in extract("For a fortnight.")] == [("2", "week")]


def test_a_height_may_be_in_in() -> None:
    assert [(fact.kind, fact.value, fact.unit) for fact in extract("Height: 65 in.")] == [("height", "65", "in")]
