r"""Extract clinical facts from a note or a dialogue.

    extract("Denies fever. Metoprolol 25 mg b.i.d.")
    extract_dialogue("Doctor: Any fever?\nPatient: No.")

Both functions return facts in the order of the text. Equal facts have the same `Fact.key`.
"""

import re
from dataclasses import replace
from itertools import pairwise

from medsum.dialogue.turns import speaker_role, turn_speaker
from medsum.facts.answers import asks_about_family, asks_which_side, expected, is_question
from medsum.facts.corrections import correct
from medsum.facts.fact import Fact
from medsum.facts.reading import Reading, Sentence, read, stated
from medsum.facts.regimens import with_drugs, with_drugs_of_turns
from medsum.facts.relatives import relatives
from medsum.facts.settling import settle, with_flags

_FIRST_PERSON = re.compile(r"\b(?:I|I['’]m|I['’]ve|my own|me)\b")
_ANY_FIRST_PERSON = re.compile(r"\b(?:I|me|my|mine|we|our|us)\b")
_THIRD_PERSON = re.compile(r"^\W*(?:(?:yes|yeah|no|well|and|so|but|oh)\W+)*(?:she|he|they)\b", re.IGNORECASE)
_KIN_TURNS = 2  # for two turns after a relative is named, `she` or `he` may mean this relative
_PRONOUN = re.compile(r"^\W*(?:(?:and|so|but|oh)\W+)*(she|he)\b", re.IGNORECASE)
_HIS_KIN = re.compile(
    r"\bhis[ \t]+(?:\w+[ \t]+)?(?:sister|mother|mum|mom|gran\w*|nana?|aunt\w*|cousin)\b", re.IGNORECASE
)
_HER_KIN = re.compile(
    r"\bher[ \t]+(?:\w+[ \t]+)?(?:brother|father|dad|grand(?:ad|dad|pa|father)|uncle|cousin)\b", re.IGNORECASE
)
_BUT = re.compile(r",?[ \t]+\b(?:but|though|and)[ \t]+(?:I|we|he|she|mine)\b", re.IGNORECASE)
_OWN_KIN = re.compile(
    r"(?<!her )(?<!his )(?<!their )(?<!your )(?<!['’]s )\b(?:my |our )?(?:mother|mom|mum|father|dad|son|daughter|"
    r"husband|wife|boy|girl|kid|child|baby|partner)\b",
    re.IGNORECASE,
)


def extract(text: str) -> list[Fact]:
    """Return the facts of a note, in the order of the text."""
    return _in_order(
        [fact for sentence in read(text).sentences for fact in with_drugs(_in_order(sentence.facts), text)]
    )


def extract_dialogue(dialogue: str) -> list[Fact]:
    """Return the facts of a dialogue in the order of the text. Each line is one turn, `Speaker: text`.

    A fact's `turn` is the number of its line, from 0. If a turn asks a question and another person speaks next, the
    next turn is the answer.
    """
    facts: list[Fact] = []
    before: Reading | None = None
    before_speaker = ""
    offset, kin = 0, -1 - _KIN_TURNS  # `kin` is the last turn that names a relative
    for turn, line in enumerate(dialogue.split("\n")):
        if not line.strip():
            offset += len(line) + 1
            continue
        named = turn_speaker(line)
        speaker = speaker_role(named)
        start = line.index(":") + 1 if named else 0
        answered = before is not None and speaker != before_speaker
        asked_side = before is not None and answered and _asks_which_side(before)
        reading = read(line[start:], offset + start, turn, speaker, before.site if before else "", asked_side)
        _set_person(reading, speaker)
        _set_kin_in_turn(reading, speaker)
        if speaker.startswith("Patient") and turn - kin <= _KIN_TURNS:
            _set_kin(reading)
        if relatives(line[start:]) or asks_about_family(line[start:]):
            kin = turn
        if before is not None:
            if answered:
                _take_from_question(before, reading)
                correct(before, reading)
            settle(before, reading if answered else None)
            facts += [fact for sentence in before.sentences for fact in sentence.facts]
        before, before_speaker = reading, speaker
        offset += len(line) + 1
    if before is not None:
        settle(before, None)
        facts += [fact for sentence in before.sentences for fact in sentence.facts]
    return with_drugs_of_turns(_in_order(facts), dialogue)


def _in_order(facts: list[Fact]) -> list[Fact]:
    return sorted(facts, key=lambda fact: (fact.start, fact.end, fact.kind, fact.value))


def _asks_which_side(reading: Reading) -> bool:
    return any(is_question(one.text, reading.speaker) and asks_which_side(one.text) for one in reading.sentences)


def _set_person(reading: Reading, speaker: str) -> None:
    """Correct the family flags in a relative's turn: there, `my mother` may be the patient, and `I` is the relative."""
    if not speaker.startswith("Guest_family"):
        return
    for sentence in reading.sentences:
        if _OWN_KIN.search(sentence.text):
            sentence.facts = [replace(fact, context=fact.context - {"family"}) for fact in sentence.facts]
        elif re.search(r"\bI(?:['’]ve| have| had|['’]m)(?: got)?\b", sentence.text):
            sentence.facts = [with_flags(fact, "family") if fact.kind == "finding" else fact for fact in sentence.facts]


def _set_kin(reading: Reading) -> None:
    """Add the family flag to facts about `she` or `he` in a turn of the patient after a turn that names a relative."""
    for sentence in reading.sentences:
        if _THIRD_PERSON.search(sentence.text) and not _ANY_FIRST_PERSON.search(sentence.text):
            sentence.facts = [with_flags(fact, "family") if stated(fact) else fact for fact in sentence.facts]


def _set_kin_in_turn(reading: Reading, speaker: str) -> None:
    """Add the family flag to facts about `she` or `he` after a relative: `His sister had a cold. She has asthma.`.

    A parent also calls the patient `he` or `she`. So if a family member speaks, the flag is added only if the pronoun
    cannot mean the patient: after `his sister`, `she` is not the patient.
    """
    if not speaker.startswith(("Patient", "Guest_family")):
        return
    for before, sentence in pairwise(reading.sentences):
        pronoun = _PRONOUN.search(sentence.text)
        if pronoun is None or _ANY_FIRST_PERSON.search(sentence.text) or not relatives(before.text):
            continue
        other_sex = _HIS_KIN if pronoun[1].lower() == "she" else _HER_KIN
        if speaker.startswith("Patient") or other_sex.search(before.text):
            clause = _BUT.search(sentence.text)
            end = clause.start() if clause else len(sentence.text)
            sentence.facts = [
                with_flags(fact, "family") if stated(fact) and len(sentence.before.get(fact, "")) < end else fact
                for fact in sentence.facts
            ]


def _take_from_question(question: Reading, answer: Reading) -> None:
    """Add to an answer's facts what the question implies: the kind of a number without a unit, and the family flag."""
    asking = " ".join(sentence.text for sentence in question.sentences if is_question(sentence.text, question.speaker))
    if not asking or not answer.sentences:
        return
    kind, unit = expected(asking)
    first = answer.sentences[0]
    if kind == "age":
        first.facts = [replace(fact, kind="age") if fact.kind == "duration" else fact for fact in first.facts]
    counts = [fact for fact in first.facts if fact.kind == "count"]
    if kind and counts:
        first.facts = _expected_facts(first, counts, kind, unit)
    last = next(
        sentence.text for sentence in reversed(question.sentences) if is_question(sentence.text, question.speaker)
    )
    if asks_about_family(last):
        for sentence in answer.sentences:
            if not _FIRST_PERSON.search(sentence.text):
                sentence.facts = [with_flags(fact, "family") if stated(fact) else fact for fact in sentence.facts]


def _expected_facts(sentence: Sentence, counts: list[Fact], kind: str, unit: str) -> list[Fact]:
    """Return the sentence's facts. Its first number without a unit gets the kind that the question asks for."""
    number = counts[0]
    others = [fact for fact in sentence.facts if fact is not number]
    if kind == "height":
        if len(counts) < 2 or float(counts[0].value) > 8:
            return sentence.facts
        value = str(12 * int(float(counts[0].value)) + int(float(counts[1].value)))
        others = [fact for fact in others if fact is not counts[1]]
        return [*others, replace(number, kind="height", value=value, unit=unit, end=counts[1].end)]
    if kind == "score":
        return [*others, replace(number, kind="score", value=f"{number.value}/{unit}")]
    return [*others, replace(number, kind=kind, unit=unit)]  # type: ignore[arg-type]
