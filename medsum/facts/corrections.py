"""Remove sides and doses that a question names and the answer to it denies: `Is it the left knee?` `No, the right.`."""

import re
from dataclasses import replace

from medsum.facts.answers import asks_which_side, is_about_known, is_plain_yes, is_question, polarity
from medsum.facts.fact import QUANTITIES, Fact
from medsum.facts.reading import Reading, Sentence, stated

_ASKS_SIDE = re.compile(
    r"^\W*(?:(?:and|so|okay|well|but)\W+)*(?:(?:(?:is|was)(?:n['’]t)? (?:it|this|that)|it['’]s|that['’]s)\W+)?"
    r"(?:(?:just|only|in|on|of|the|your|his|her|side)\W+)*(?:left|right)\b",
    re.IGNORECASE,
)
_BESIDES = re.compile(r"\b(?:too|also|as well)\b", re.IGNORECASE)
_RIGHT_PART = re.compile(r"\W*right[ \t]+\w", re.IGNORECASE)
_NUMBER_ALONE = re.compile(
    r"\W*(?:(?:no|nope|actually|well|oh|um|uh|just|now|it['’]s|it is|i think|make (?:it|that))\W+)*\d[\d.,]*\W*",
    re.IGNORECASE,
)


def correct(question: Reading, answer: Reading) -> None:
    """Remove the sides and doses in a question that the answer denies or replaces."""
    said = " ".join(sentence.text.strip() for sentence in answer.sentences)
    for sentence in question.sentences:
        if is_question(sentence.text, question.speaker) and not is_about_known(sentence.text, ""):
            _correct_doses(sentence, answer, said)
            _correct_sides(sentence, answer, said)


def _correct_doses(question: Sentence, answer: Reading, said: str) -> None:
    """Correct the doses of a question. After `Twenty milligrams?`, the answer `No, forty.` means 40 mg.

    The dose stays if the answer corrects another kind of amount, such as `No, once a day.`.
    """
    asked = [fact for fact in question.facts if fact.kind == "dose"]
    if not asked:
        return
    corrected: list[Fact] = []
    for sentence in answer.sentences:
        if len(sentence.facts) == 1 and sentence.facts[0].kind == "count" and _NUMBER_ALONE.fullmatch(sentence.text):
            sentence.facts = [replace(sentence.facts[0], kind="dose", unit=asked[-1].unit)]
            corrected += sentence.facts
    answered = [fact for sentence in answer.sentences for fact in sentence.facts]
    of_dose = any(fact.kind == "dose" for fact in answered) or not any(fact.kind in QUANTITIES for fact in answered)
    if corrected or (of_dose and polarity(said, said) == "no"):
        named = {fact.key for fact in answered}
        question.facts = [fact for fact in question.facts if fact.kind != "dose" or fact.key in named]


def _correct_sides(question: Sentence, answer: Reading, said: str) -> None:
    """Remove or replace the side in a question, unless the answer affirms or repeats this side."""
    open_choice = asks_which_side(question.text)
    if not open_choice and (_BESIDES.search(said) or (is_plain_yes(said) and not _RIGHT_PART.match(said))):
        return
    named = [fact for sentence in answer.sentences for fact in sentence.facts if fact.kind == "laterality"]
    asks_side = open_choice or bool(_ASKS_SIDE.match(question.text))
    denied = open_choice or (asks_side and polarity(said, said) == "no")
    findings = [fact for fact in question.facts if stated(fact)]
    known = [fact for fact in findings if is_about_known(question.text, question.before.get(fact, ""))]
    # The question assumes these findings and asks only about their side: `Is the pain in your left hip?`.
    of_known = {fact.laterality for fact in known}
    asked = {fact.laterality for fact in findings if fact not in known}
    for side in [fact for fact in question.facts if fact.kind == "laterality"]:
        others = [fact for fact in named if fact.unit == side.unit or not fact.unit or not side.unit]
        if any(fact.value == side.value for fact in others) or (side.value in asked and not open_choice):
            continue
        if denied or (others and (asks_side or side.value in of_known)):
            new = others[0].value if others else ""
            question.facts = [_moved(fact, side.value, new, question) for fact in question.facts if fact is not side]


def _moved(fact: Fact, side: str, new: str, sentence: Sentence) -> Fact:
    """Return the fact with the side `new` if it is a finding on `side`. Otherwise return the fact unchanged."""
    if not stated(fact) or fact.laterality != side:
        return fact
    moved = replace(fact, laterality=new)
    sentence.before[moved] = sentence.before.get(fact, "")
    return moved
