"""Find words that the dialogue says only of one relative, and the note says of another relative.

For example, the dialogue says `my sister has the MSH2 gene`, and the note says `brother carries MSH2`. The words are in
no lexicon. For findings, kin.py does the same with more care.
"""

import re
from collections.abc import Iterator

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives
from medsum.faithfulness.companions import is_companion
from medsum.faithfulness.sided_words import content
from medsum.faithfulness.verdict import Verdict

_PRONOUN = re.compile(r"\W*(?:(?:and|but|so|well)\W+)?(?:she|he|they|hers|his)\b", re.IGNORECASE)
# With one of these words, a sentence repeats for its relative what was said before: `my brother does, too`.
_LIKEWISE = re.compile(
    r"\b(?:too|also|as well|same|likewise)\b|\b(?:does|did|do|has|had)(?: it| that)?(?=[ \t]*(?:[.,;!?]|$))",
    re.IGNORECASE,
)
_MOST_LEADING = 3  # the relative is one of the first words of the clause
_CLAUSE_END = re.compile(r"[.,;:()](?=\s|$)|\n|\b(?:and|but|who|whose|while)\b")
_KIN_STEMS = content(
    "mother father sister brother daughter grandmother grandfather cousin husband nephew niece uncle partner maternal"
    " paternal family history known"
)


def kin_word_verdicts(note: str, dialogue: str) -> list[Verdict]:
    """Return a verdict for each clause of the note that gives a relative what is said only of another relative."""
    named = [(start, end, kin) for start, end in _clauses(note) if len(kin := _subject(note[start:end])) == 1]
    if not named:
        return []
    said = _said_of(dialogue)
    likewise = relatives("\n".join(line for line in dialogue.split("\n") if _LIKEWISE.search(line)))
    found = []
    for start, end, own in named:
        stems = content(note[start:end]) - _KIN_STEMS
        beside = [said[word] for word in stems if word in said]
        if own & likewise or 2 * len(beside) < max(1, len(stems)) or any(not kin or kin & own for kin, _ in beside):
            continue
        turn = min(turn for _, turn in beside)
        lead = len(note[start:end]) - len(note[start:end].lstrip())
        fact = Fact("finding", note[start + lead : end], "", start + lead, end, context=frozenset({"family"}))
        found.append(
            Verdict(fact, "contradicted", Fact("finding", fact.value, "", 0, 0, turn, context=fact.context), "person")
        )
    return found


def _subject(clause: str) -> set[str]:
    """Return the relatives of a clause if the first of them is among its first words."""
    named = relatives(clause)
    return named if named and relatives(" ".join(clause.split()[:_MOST_LEADING])) else set()


def _said_of(dialogue: str) -> dict[str, tuple[set[str], int]]:
    """Return for each content word the relatives of whom the dialogue says it, and the first turn that says it.

    The set is empty if a sentence with the word names no relative, or if it is unclear whom it means.
    """
    found: dict[str, tuple[set[str], int]] = {}
    unclear: set[str] = set()
    for turn, line in enumerate(dialogue.split("\n")):
        said = line[len(turn_speaker(line)) :]
        before: set[str] = set()
        for start, end in sentences(said):
            sentence = said[start:end]
            kin = relatives(sentence) or (before if _PRONOUN.match(sentence) else set())
            before = kin
            sure = kin and not (is_companion(line) or sentence.rstrip().endswith("?"))
            for word in content(sentence):
                if sure:
                    found.setdefault(word, (set(), turn))[0].update(kin)
                else:
                    unclear.add(word)
    return {word: (set() if word in unclear else kin, turn) for word, (kin, turn) in found.items()}


def _clauses(note: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _CLAUSE_END.finditer(note):
        yield start, match.start()
        start = match.end()
    yield start, len(note)
