"""Who has a finding, whether, and when: note sentences, and questions with their answers."""

import pytest

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import STATED, Fact


def contexts(facts: list[Fact]) -> dict[str, set[str]]:
    return {fact.value: set(fact.context) for fact in facts if fact.kind in STATED}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Denies fever, chills, and cough.", {"fever": {"negated"}, "chills": {"negated"}, "cough": {"negated"}}),
        ("Denies fever but has a cough.", {"fever": {"negated"}, "cough": set()}),
        ("No rash, has itching.", {"rash": {"negated"}, "itching": set()}),
        ("No vomiting since the fever, chills.", {"vomiting": {"negated"}, "fever": set(), "chills": {"negated"}}),
        ("Pneumonia was ruled out.", {"pneumonia": {"negated"}}),
        ("Nonsmoker.", {"smoking": {"negated"}}),
        ("No change in her back pain.", {"back pain": set()}),
        ("I can't sleep.", {"insomnia": set()}),
        ("The Tylenol didn't help the headache.", {"acetaminophen": set(), "headache": set()}),
        ("Her father has type I diabetes and gout.", {"type 1 diabetes": {"family"}, "gout": {"family"}}),
        ("No family history of stroke.", {"stroke": {"family", "negated"}}),
        ("Stroke in her father.", {"stroke": {"family"}}),
        ("Mother reports a cough.", {"cough": set()}),
        ("Brought in by his mother for fever.", {"fever": set()}),
        ("She lives with her brother, who has epilepsy.", {"epilepsy": {"family"}}),
        ("He is here with his sister who was diagnosed with lupus.", {"lupus": {"family"}}),
        ("Seen with her mother, who has noticed a rash.", {"rash": set()}),
        ("Her brother had the flu and now she has a fever.", {"influenza": {"family"}, "fever": set()}),
        ("His wife has a cold, and he has a cough.", {"cold": {"family"}, "cough": set()}),
        ("My sister had anemia and she had asthma.", {"anemia": {"family"}, "asthma": {"family"}}),
        ("My mom has gout and I have asthma.", {"gout": {"family"}, "asthma": set()}),
        ("History of gout.", {"gout": {"historical"}}),
        ("A 4-month history of cough.", {"cough": set()}),
        ("History of present illness: cough.", {"cough": set()}),
        ("I had pneumonia in 2015.", {"pneumonia": {"historical"}}),
        ("She stopped Lipitor.", {"atorvastatin": {"historical"}}),
        ("If you get a fever, call us.", {"fever": {"hypothetical"}}),
        ("If the fever comes back, give Motrin.", {"fever": {"hypothetical"}, "ibuprofen": {"hypothetical"}}),
        ("If the atenolol causes a rash, halve it.", {"atenolol": set(), "rash": {"hypothetical"}}),
        ("Any chest pain or bleeding, ring the ward.", {"chest pain": {"hypothetical"}, "bleeding": {"hypothetical"}}),
        ("He never said he didn't have a cough.", {"cough": set()}),
        ("She is no longer on sertraline.", {"sertraline": {"negated", "historical"}}),
        ("Ibuprofen as needed for pain.", {"ibuprofen": set(), "pain": {"hypothetical"}}),
        ("Possible pneumonia.", {"pneumonia": {"uncertain"}}),
        ("Cellulitis versus abscess.", {"cellulitis": {"uncertain"}, "abscess": {"uncertain"}}),
        ("Cannot rule out stroke.", {"stroke": {"uncertain"}}),
    ],
)
def test_a_sentence_gives_its_context(text: str, expected: dict[str, set[str]]) -> None:
    assert contexts(extract(text)) == expected


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("The patient did not report hives.", "hives"),
        ("They do not report any wheezing.", "wheezing"),
        ("She was never diagnosed with gout.", "gout"),
        ("He has not been diagnosed with epilepsy.", "epilepsy"),
        ("The rash is not associated with itching.", "itching"),
        ("Not noted to have jaundice.", "jaundice"),
        ("He did not present with vomiting.", "vomiting"),
        ("I've never been treated for anemia.", "anemia"),
        ("She has never been hospitalized for asthma.", "asthma"),
        ("Shortness of breath: none.", "shortness of breath"),
        ("Dizziness: no.", "dizziness"),
        ("Vomiting: denies.", "vomiting"),
        ("Alcohol: none.", "alcohol use"),
        ("Neuro: seizure: denied; headache.", "seizure"),
        ("She was ruled out for stroke.", "stroke"),
        ("Stroke has been ruled out.", "stroke"),
        ("I don't think this is pneumonia.", "pneumonia"),
        ("I do not think that it is gout.", "gout"),
        ("I don't think she has anemia.", "anemia"),
    ],
)
def test_a_denial_reaches_what_it_denies(text: str, finding: str) -> None:
    assert contexts(extract(text))[finding] == {"negated"}


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("She denies fever and reports hives.", "hives"),
        ("He does not sleep well with his cough.", "cough"),
        ("There was no pain associated with the swelling.", "swelling"),
        ("Neuro: seizure: denied; headache.", "headache"),
        ("Cough: none, but wheezing.", "wheezing"),
        ("Fever: no relief.", "fever"),
        ("I don't think it is the cough.", "cough"),
        ("I don't think this is related to the gout.", "gout"),
    ],
)
def test_a_denial_stops_at_what_it_does_not_deny(text: str, finding: str) -> None:
    assert contexts(extract(text))[finding] == set()


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Any fever?", "No.", {"fever": {"negated"}}),
        ("Any fever?", "Yes, since Monday.", {"fever": set()}),
        ("Any fever?", "Maybe, I'm not sure.", {"fever": {"uncertain"}}),
        ("Any fever?", "What did you say?", {"fever": {"hypothetical"}}),
        ("No fever?", "Correct.", {"fever": {"negated"}}),
        ("You don't have gout?", "Yes, I do.", {"gout": set()}),
        ("She has no rash?", "Actually, she does.", {"rash": set()}),
        ("You don't have gout?", "Yes.", {"gout": {"negated"}}),
        ("You don't have gout?", "No, I don't.", {"gout": {"negated"}}),
        ("Fever or chills?", "No, neither one.", {"fever": {"negated"}, "chills": {"negated"}}),
        ("Fever or chills?", "No fever.", {"fever": {"negated"}, "chills": {"hypothetical"}}),
        ("Runny nose, rash?", "Runny nose, yes. The others, no.", {"runny nose": set(), "rash": {"negated"}}),
        (
            "Headaches, double vision?",
            "Headaches yes, double vision no.",
            {"headache": set(), "double vision": {"negated"}},
        ),
        ("Does anyone in the family have diabetes?", "My mother does.", {"diabetes": {"family"}}),
        ("Does cancer run in the family?", "No.", {"cancer": {"family", "negated"}}),
        ("Any illnesses in the family?", "High blood pressure.", {"hypertension": {"family"}}),
        ("Do you smoke?", "I quit ten years ago.", {"smoking": {"historical"}}),
        ("How long have you had the cough?", "No idea.", {"cough": set()}),
        ("Is the pain worse at night?", "No.", {"pain": set()}),
        ("Did the Tylenol help?", "No.", {"acetaminophen": set()}),
        ("Any drug allergies?", "Penicillin.", {"allergy": set(), "penicillin": set()}),
    ],
)
def test_an_answer_settles_its_question(question: str, answer: str, expected: dict[str, set[str]]) -> None:
    assert contexts(extract_dialogue(f"Doctor: {question}\nPatient: {answer}")) == expected


def told(question: str, answer: str) -> list[str]:
    facts = extract_dialogue(f"Doctor: {question}\nPatient: {answer}")
    return [f"{fact.value} {fact.unit}".strip() for fact in facts if fact.kind in ("laterality", "dose")]


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Left or right?", "Right.", ["right"]),
        ("Is that the right or left hip?", "The left.", ["left hip", "left hip"]),
        ("The left ankle or the right?", "Both.", ["bilateral ankle"]),
        ("Which side is the earache on?", "Right, mostly.", ["right"]),
        ("Which hip is it?", "Right.", ["right hip"]),
        ("Is it the left hip?", "No, the right.", ["right hip"]),
        ("Was it your right ear?", "The left one.", ["left ear"]),
        ("The left shoulder?", "No.", []),
        ("Ten milligrams?", "No, fifty.", ["50 mg"]),
        ("Do you take two tablets?", "No, I take three tablets.", ["3 tablet"]),
        ("Ten milligrams?", "No.", []),
    ],
)
def test_an_answer_corrects_the_side_or_dose_asked_about(question: str, answer: str, expected: list[str]) -> None:
    assert told(question, answer) == expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Is it the left hip?", "Yes.", ["left hip"]),
        ("Is it the left hip?", "Right.", ["left hip"]),
        ("Is it the left hip?", "Yes, and the right one too.", ["left hip", "right hip"]),
        ("Is it the left hip?", "Let me think.", ["left hip"]),
        ("Any pain in the left hip?", "No.", ["left hip"]),
        ("Was the left hip ever operated on?", "Never, only the right.", ["left hip", "right hip"]),
        ("How is the left hip?", "No better than the right.", ["left hip", "right hip"]),
        ("Ten milligrams?", "Yes.", ["10 mg"]),
        ("Did the ten milligrams help?", "No.", ["10 mg"]),
        ("Is that ten milligrams twice a day?", "No, just once a day.", ["10 mg"]),
        ("You take ten milligrams?", "Once a day, and five milligrams of Zyrtec.", ["10 mg", "5 mg"]),
    ],
)
def test_a_side_or_dose_that_is_not_denied_stands(question: str, answer: str, expected: list[str]) -> None:
    assert told(question, answer) == expected


@pytest.mark.parametrize(
    ("question", "answer", "side"),
    [
        ("Is the pain in your left hip?", "No, the right.", "right"),
        ("Is the pain in your left hip or the right?", "Right.", "right"),
        ("Is the pain in your left hip?", "Yes.", "left"),
    ],
)
def test_a_finding_has_the_side_that_the_answer_says(question: str, answer: str, side: str) -> None:
    facts = extract_dialogue(f"Doctor: {question}\nPatient: {answer}")
    assert [(fact.value, fact.laterality) for fact in facts if fact.kind == "finding"] == [("hip pain", side)]


def test_a_parents_own_illness_is_of_the_family() -> None:
    facts = extract_dialogue("Guest_family: He has a cough.\nGuest_family: I have asthma myself.")
    assert contexts(facts) == {"cough": set(), "asthma": {"family"}}


def test_the_patient_is_no_relative_to_a_guest() -> None:
    assert contexts(extract_dialogue("Guest_family: My mother has had a fever.")) == {"fever": set()}


def test_facts_know_turn_speaker_and_place() -> None:
    dialogue = "Doctor: Any fever?\n\nPatient: No, but my left knee hurts."
    facts = extract_dialogue(dialogue)
    assert [(fact.turn, fact.speaker, dialogue[fact.start : fact.end]) for fact in facts] == [
        (0, "Doctor", "fever"),
        (2, "Patient", "left knee"),
        (2, "Patient", "knee hurts"),
    ]


@pytest.mark.parametrize("asked", ["do you have any chest pain", "okay any chest pain", "have you had chest pain"])
def test_a_question_without_its_mark_is_settled_by_its_answer(asked: str) -> None:
    for answer, flags in (("no", {"negated"}), ("No.", {"negated"}), ("yes", set())):
        [fact] = [f for f in extract_dialogue(f"Doctor: {asked}\nPatient: {answer}") if f.value == "chest pain"]
        assert fact.context == flags


def test_a_statement_without_a_mark_is_no_question() -> None:
    [fact] = extract_dialogue("Doctor: you have chest pain then\nPatient: no, I feel fine now")
    assert fact.context == set()


def test_relatives_speak_for_the_patient_by_any_name() -> None:
    dialogue = "Doctor: Any fever?\nMother: No. My son has a cough."
    found = {fact.value: fact.context for fact in extract_dialogue(dialogue)}
    assert found == {"fever": {"negated"}, "cough": set()}
