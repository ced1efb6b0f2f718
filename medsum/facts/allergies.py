"""Find the allergies in notes and dialogues. In a dialogue, an answer can affirm or deny what a question names."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from medsum.dialogue.sentences import sentences
from medsum.facts.allergens import Allergen, allergens_in, denials, is_about, of_sentence, reacts
from medsum.facts.answers import polarity
from medsum.facts.blocks import pieces
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives

_TROUBLE_WITH = re.compile(
    r"\b(?:(?:problems?|trouble|issues?|bother|difficulty|reactions?) (?:with|to|from)|(?:all right|alright|okay|ok|"
    r"fine|"
    r"get on|do) with|what happens (?:when|if)|what (?:does|did|do) (?:it|that|they) do|bring(?:s)? (?:you|him|"
    r"her) (?:out|up)|"
    r"upset (?:you|him|her)|what about|how about|can(?:no|['’])t (?:take|have|eat|use))\b",
    re.IGNORECASE,
)
_OF_REACTION = re.compile(
    r"\b(?:reaction|react|allerg\w+|what happen\w*|brings? (?:you|him|her) (?:out|up)|"
    r"anything (?:that )?(?:you |he |she )?(?:can['’]?t|cannot|can not) (?:take|eat|have|use))\b",
    re.IGNORECASE,
)
_CONFIRMED = re.compile(r"\W*(?:\w+:)?\W*(?:correct|right|that['’]s right|none)\b", re.IGNORECASE)
_NOT_SO = re.compile(
    r"\W*(?:no\b(?![ \t]+(?!I\b|it\b|that\b|he\b|she\b|not\b)\w)|nope\b|"
    r"that['’]?s (?:not (?:right|true|me|mine)|wrong)|not (?:me|true|any ?more|right)|wrong\b|"
    r"it['’]s a mistake)",
    re.IGNORECASE,
)
# These words introduce another substance than the question: `hives with the platelets`.
_TO_ANOTHER = re.compile(r"\b(?:with|from|to) (?:the|a|an|some)\b", re.IGNORECASE)
_WHOSE = re.compile(r"\b(?:that['’]s|that is|it['’]s|it is|that was|it was|only|but)\b", re.IGNORECASE)


@dataclass(frozen=True)
class _Question:
    """A question about allergies: the allergens that it names, and the kind of question.

    `is_about` is true if the question is about allergies in general. `denies` is true if the question itself denies
    allergies: `No allergies?`.
    """

    allergens: tuple[Allergen, ...]
    is_about: bool
    denies: bool


def allergies(text: str, facts: Sequence[Fact]) -> list[Fact]:
    """Return the allergies of a note or dialogue as facts. `facts` are the other facts of the text, in order.

    The value of an allergy is the allergen. If the text denies all allergies, the value is `none`. If the text denies
    only allergies to drugs or only allergies to food, the value is `medication` or `food`. The unit is the reaction.
    """
    found: list[Fact] = []
    question: _Question | None = None
    before: list[Fact] = []  # the allergies that the previous line states
    for start, line in _lines(text):
        here, asked = _of_line(text, start, line, facts, question)
        said = _answer_in(line)
        if question is not None and all("family" in fact.context for fact in here):
            here += _answered(question, said, _facts_between(facts, start, start + len(line)), start, start + len(line))
        elif not here and before and _NOT_SO.match(said):
            found = [fact for fact in found if fact not in before]
            here = [_denied(fact) for fact in before]
            if _WHOSE.search(said) and relatives(said):
                here += [replace(fact, context=frozenset({"family"})) for fact in before]
        found += here
        question, before = asked, here if line.partition(":")[1] else []
    return list(dict.fromkeys(found))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _answer_in(line: str) -> str:
    """Return the words of a turn before its first question."""
    said = line.partition(":")[2].strip()
    return said if "?" not in said else said[: max(said.rfind(".", 0, said.index("?")), 0)]


def _facts_between(facts: Sequence[Fact], start: int, end: int) -> Sequence[Fact]:
    first, last = (bisect_left(facts, place, key=lambda fact: fact.start) for place in (start, end))
    return facts[first:last]


def _of_line(
    text: str, line_start: int, line: str, facts: Sequence[Fact], question: _Question | None
) -> tuple[list[Fact], _Question | None]:
    """Return the allergies that a line states, and the line's last question about allergies, or None."""
    here: list[Fact] = []
    asked: _Question | None = None
    pending = question
    for start, end in pieces(line, sentences(line)):
        sentence = line[start:end]
        of_sentence_facts = _facts_between(facts, line_start + start, line_start + end)
        if sentence.rstrip().endswith("?"):
            asked = pending = _question(text, line_start + start, line_start + end, of_sentence_facts, question)
            continue
        about = is_about(text, line_start + start, line_start + end, of_sentence_facts)
        is_answer = pending is not None and pending.is_about
        if about or is_answer:
            here += of_sentence(text, line_start + start, line_start + end, of_sentence_facts)
        if pending is not None and pending.denies and not here and _CONFIRMED.match(sentence):
            here.append(Fact("allergy", "none", "", line_start + start, line_start + end))
        if about:
            pending = None
    return here, asked


def _question(text: str, start: int, end: int, facts: Sequence[Fact], before: _Question | None) -> _Question | None:
    sentence = text[start:end]
    named = tuple(allergens_in(text, start, end, facts))
    about = is_about(text, start, end, facts) or bool(_OF_REACTION.search(sentence))
    if about or (named and (_TROUBLE_WITH.search(sentence) or (before is not None and before.is_about))):
        follows = before is not None and before.is_about
        return _Question(named, about or follows, bool(list(denials(text, start, end, False))))
    return None


def _answered(question: _Question, said: str, facts: Sequence[Fact], start: int, end: int) -> list[Fact]:
    """Return the allergies that an answer without an allergen affirms or denies. The question names the allergens."""
    verdict = polarity(said, said)
    reaction = next((fact.value for fact in facts if fact.kind == "finding" and "negated" not in fact.context), "")
    asked = [Fact("allergy", one.name, "", one.start, one.end) for one in question.allergens]
    if not asked:
        return [Fact("allergy", "none", "", start, end)] if question.is_about and verdict == "no" else []
    if verdict == "no":
        denied = [_denied(fact) for fact in asked]
        theirs = [replace(fact, context=frozenset({"family"})) for fact in asked]
        return denied + (theirs if _WHOSE.search(said) and relatives(said) else [])
    if (verdict == "yes" and question.is_about) or (reacts(said, facts) and not _TO_ANOTHER.search(said)):
        return [replace(fact, unit=reaction) for fact in asked]
    return []


def _denied(fact: Fact) -> Fact:
    return replace(fact, unit="", context=frozenset({"negated"}))
