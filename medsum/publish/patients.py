"""Read the age group and the sex of a record's patient from the dialogue or its reference note.

Many dialogues show neither the age nor the sex. The rules read only what the text says about the patient, and use no
other data about a person. In doubt, the answer is "not shown".
"""

import re

from medsum.dialogue.record import Record
from medsum.dialogue.roles import CLINICIAN, DOCTOR, FAMILY, PATIENT, person
from medsum.dialogue.turns import turn_speaker
from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.patient_sex import other_sex

NOT_SHOWN = "not shown"
AGE_ENDS = ((18, "0 to 17 years"), (40, "18 to 39 years"), (65, "40 to 64 years"), (200, "65 years and older"))
AGE_GROUPS = (*(name for _, name in AGE_ENDS), NOT_SHOWN)
SEXES = ("female", "male", NOT_SHOWN)
_A_MAN, _A_WOMAN = "A 40-year-old man.", "A 40-year-old woman."  # `other_sex` compares a note with these two notes
_KIN = r"(?:brother|sister|son|daughter|mother|father|child|twin|cousin|uncle|aunt|husband|wife|friend)"
_IN_NOTE = re.compile(
    rf"\b(?P<number>\d{{1,3}})[- ](?P<unit>year|month|week|day)s?[- ]old\b(?![- ]{_KIN})", re.IGNORECASE
)
_OF_SELF = re.compile(r"\bI(?:'m|\u2019m| am)(?: \w+){0,2} $", re.IGNORECASE)
_OF_LISTENER = re.compile(r"\byou(?:'re|\u2019re| are)(?: \w+){0,1} $", re.IGNORECASE)
_OF_PATIENT = re.compile(r"\b(?P<pronoun>he|she)(?:'s|\u2019s| is)(?: \w+){0,2} $", re.IGNORECASE)
_ADDRESS = re.compile(
    r"\b(?:(?P<male>sir|young man|(?-i:Mr\b\.?(?= [\[A-Z])))|ma'am|ma\u2019am|madam|young lady"
    r"|(?-i:(?:Mrs|Ms|Miss)\b\.?(?= [\[A-Z])))",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:(?P<male>he|him|his)|she|her|hers)\b", re.IGNORECASE)


def age_group(record: Record) -> str:
    """Return the name of the patient's age group, one of AGE_GROUPS."""
    years = _years_in_note(record.summary)
    if years is None:
        years = _years_in_dialogue(record.dialogue)
    if years is None:
        return NOT_SHOWN
    return next((name for end, name in AGE_ENDS if years < end), NOT_SHOWN)


def sex(record: Record) -> str:
    """Return the patient's sex, one of SEXES. If the texts show both sexes, the answer is "not shown"."""
    found = _sex_in_note(record.summary) | _address(record.dialogue) | _sex_next_to_age(record.dialogue)
    found = found or _pronouns_of_absent_patient(record.dialogue)
    return found.pop() if len(found) == 1 else NOT_SHOWN


def _years_in_note(note: str) -> float | None:
    found = _IN_NOTE.search(note)
    return _years(int(found["number"]), found["unit"].lower()) if found else None


def _years(number: float, unit: str) -> float:
    return number / {"year": 1, "month": 12, "week": 52, "day": 365}[unit]


def _years_in_dialogue(dialogue: str) -> float | None:
    ages = {_years(float(fact.value), fact.unit) for fact, _ in _ages_of_patient(dialogue)}
    return ages.pop() if len(ages) == 1 else None


def _ages_of_patient(dialogue: str) -> list[tuple[Fact, str]]:
    """Return the ages of the patient in the dialogue. Each age comes with the words before it in the same turn."""
    found = []
    for fact in extract_dialogue(dialogue):
        if fact.kind != "age" or not fact.value.isdecimal() or fact.unit not in ("year", "month", "week", "day"):
            continue
        before = dialogue[dialogue.rfind("\n", 0, fact.start) + 1 : fact.start]
        if _is_of_patient(before, person(fact.speaker).role):
            found.append((fact, before))
    return found


def _is_of_patient(before: str, role: str) -> bool:
    """Return whether the words before an age say that it is the age of the patient.

    The words are `I'm` if the patient speaks, `You're` if the doctor speaks, and `She's` or `He's` if a guest speaks.
    """
    if role == PATIENT:
        return bool(_OF_SELF.search(before))
    if role == DOCTOR:
        return bool(_OF_LISTENER.search(before))
    return role in (FAMILY, CLINICIAN) and bool(_OF_PATIENT.search(before))


def _sex_in_note(note: str) -> set[str]:
    if any(other_sex(note, _A_MAN)):
        return {"female"}
    return {"male"} if any(other_sex(note, _A_WOMAN)) else set()


def _sex_next_to_age(dialogue: str) -> set[str]:
    """Return the sex that a guest's words about the patient's age show, such as `She's twenty six`."""
    pronouns = (_OF_PATIENT.search(before) for _, before in _ages_of_patient(dialogue))
    return {"male" if found["pronoun"].lower() == "he" else "female" for found in pronouns if found}


def _address(dialogue: str) -> set[str]:
    """Return the sex that a word of the doctor such as `sir` shows.

    Return an empty set if a relative is present, because the doctor may speak to the relative.
    """
    turns = dialogue.split("\n")
    roles = [person(turn_speaker(turn)).role for turn in turns]
    if FAMILY in roles:
        return set()
    said = (turn for turn, role in zip(turns, roles, strict=True) if role == DOCTOR)
    return {"male" if found["male"] else "female" for turn in said for found in _ADDRESS.finditer(turn)}


def _pronouns_of_absent_patient(dialogue: str) -> set[str]:
    """Return the sex that the pronouns show if the patient, such as an infant, does not speak in the dialogue."""
    turns = dialogue.split("\n")
    if any(person(turn_speaker(turn)).role == PATIENT for turn in turns):
        return set()
    return {"male" if found["male"] else "female" for turn in turns for found in _PRONOUN.finditer(turn)}
