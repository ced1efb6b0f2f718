"""Find whether a note and its dialogue name the same relative as the person who has a finding."""

import re
from collections.abc import Sequence
from dataclasses import replace

from medsum.dialogue.sentences import sentence_at
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives
from medsum.faithfulness.companions import is_companion, named_by_companion
from medsum.faithfulness.verdict import Verdict

_IN_RELATIVE = re.compile(
    r"[ \t]*\(?[ \t]*(?:in|on|for|of)[ \t]+(?:\w+[ \t]+){0,2}?\w+|[ \t]*\((?:\w+[ \t]?){1,2}\)"
)  # a relative directly after a finding: `diabetes in his mother`
_HEALTHY = re.compile(
    r"\b\w+(?:['’]s)?[ \t]+(?:(?:has|have|is|are|was|were|been|both|still|doing|all)[ \t]+){0,3}"
    r"(?:fine|well|healthy|ok|okay|all right|alright|clear)\b",
    re.IGNORECASE,
)  # `Mum's been fine` names a relative who does not have the finding
_EARLIER_TURNS = 3  # a relative who is called `she` is named at most three turns before the finding
_PRONOUN = re.compile(r"\W*(?:(?:and|but|so|well)\W+)?(?:she|he|they|hers|his)\b", re.IGNORECASE)
_PART = re.compile(r"[^,;]+$|[^,;]+(?=[,;])")


def of_another_relative(verdict: Verdict, summary: str, dialogue: str, said: Sequence[Fact]) -> Verdict | None:
    """Return a verdict if the note and the dialogue name different relatives with a finding. Otherwise return None.

    The fact in the verdict starts at the word for the relative in the note, so that a flag also marks this word.
    """
    fact = verdict.fact
    if "family" not in fact.context or "hypothetical" in fact.context:
        return None
    if verdict.other is None or verdict.other.turn < 0:
        return None
    start, own = _named_before(summary, fact)
    named = _named_in_dialogue(fact, dialogue, said)
    if not own or not named or own & named:
        return None
    return Verdict(replace(fact, start=start), "contradicted", verdict.other, "person")


def _named_before(summary: str, fact: Fact) -> tuple[int, set[str]]:
    """Return the start and the relatives of the last clause before the fact that names relatives."""
    parts = list(_PART.finditer(summary, sentence_at(summary, fact.start)[0], fact.start))
    for part in reversed(parts):
        if own := relatives(part[0]):
            return part.start() + len(part[0]) - len(part[0].lstrip()), own
        if ";" in summary[part.end() : part.end() + 1]:
            break
    return fact.start, set()


def _named_in_dialogue(fact: Fact, dialogue: str, said: Sequence[Fact]) -> set[str]:
    """Return the relatives who may have the finding in the dialogue.

    Return an empty set if a turn with the finding does not make clear who has it.
    """
    lines = [_HEALTHY.sub("", line.partition(":")[2] or line) for line in dialogue.split("\n")]
    named: set[str] = set()
    spoken = dialogue.split("\n")
    same = [other for other in said if (other.kind, other.value) == (fact.kind, fact.value)]
    of_family = [other for other in same if "family" in other.context]
    for other in of_family or same:
        turn = other.turn
        if any(is_companion(line) for line in spoken[turn : turn + 2]):
            near = named_by_companion(fact, turn, dialogue, said)
        else:
            near = _named_in_sentence(other, dialogue) or relatives(
                "\n".join(lines[max(0, turn - _EARLIER_TURNS) : turn + 2])  # the answer may name one, too
            )
        if not near:
            return set()
        named |= near
    return named


def _named_in_sentence(other: Fact, dialogue: str) -> set[str]:
    """Return the relatives in the statement that has a fact, or in the statement before if it begins with a pronoun.

    Return an empty set if the sentence with the fact is a question.
    """
    start, end = sentence_at(dialogue, other.start)
    sentence = dialogue[start:end]
    if sentence.rstrip().endswith("?"):
        return set()
    named = relatives(sentence)
    line = dialogue.rfind("\n", 0, start) + 1
    if not named and _PRONOUN.match(sentence) and start > line:
        named = relatives(dialogue[sentence_at(dialogue, start - 1)[0] : start])
    return named


def relatives_of(fact: Fact, text: str) -> set[str]:
    """Return the relatives who have a finding with the family flag.

    First search the text before the finding in its sentence, and then the text after the finding.
    """
    right_after = _IN_RELATIVE.match(text, fact.end)
    named = relatives(right_after[0]) if right_after else set()
    named = named or _named_before(text, fact)[1]
    if named:
        return named
    _, end = sentence_at(text, fact.start)
    answer = text[fact.start :].partition("\n")[2].partition("\n")[0]
    return relatives(text[fact.end : end]) or relatives(answer)
