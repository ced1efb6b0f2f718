import pytest

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import Fact


def procedures(facts: list[Fact]) -> dict[str, set[str]]:
    return {fact.value: set(fact.context) for fact in facts if fact.kind == "procedure"}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("I had my gallbladder out.", "cholecystectomy"),
        ("Status post TAH and hysterectomy.", "hysterectomy"),
        ("He got a flu jab.", "influenza vaccine"),
        ("CXR was clear.", "x-ray"),
        ("She has a pacemaker.", "pacemaker"),
        ("We'll get blood work.", "blood test"),
    ],
)
def test_a_procedure_has_one_name_however_it_is_said(said: str, name: str) -> None:
    assert name in procedures(extract(said))


def test_a_test_with_a_negative_result_was_done() -> None:
    assert procedures(extract("CT head negative.")) == {"ct scan": set()}
    assert procedures(extract("No CT was done.")) == {"ct scan": {"negated"}}


def test_a_denied_question_denies_the_procedure() -> None:
    assert procedures(extract_dialogue("Doctor: Any surgeries?\nPatient: No, never.")) == {"surgery": {"negated"}}


def test_a_question_without_its_mark_is_a_question() -> None:
    (fact,) = extract_dialogue("Doctor: any hearing loss\nPatient: no")
    assert fact.value == "hearing loss"
    assert set(fact.context) == {"negated"}


@pytest.mark.parametrize("name", ["Mr. Walker came.", "Two shots of tequila.", "I am on the pt."])
def test_a_word_that_names_no_procedure_is_none(name: str) -> None:
    assert procedures(extract(name)) == {}


@pytest.mark.parametrize("word", ["haematuria", "diarrhoea", "oedema", "dyspnoea", "anaemia"])
def test_british_spelling_is_read(word: str) -> None:
    assert [fact.kind for fact in extract(f"No {word}.")] == ["finding"]
