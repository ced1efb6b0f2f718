"""Whether a dialogue denies a finding in lay words only: `any blood in it?` `No.` denies haemoptysis."""

import re

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.answers import is_question, polarity
from medsum.facts.context import contexts
from medsum.facts.lexicon import Term
from medsum.faithfulness.lay_words import mentions

_DENIAL = re.compile(r"\b(?:no|not|never|none|without|denies|nope|n't)\b|n['’]t\b", re.IGNORECASE)
_LONGEST_TURN = 600  # characters; of a longer one it is not clear what an answer denies


def is_denied_in_lay_words(finding: str, dialogue: str) -> bool:
    """Return whether each turn that may mean the finding denies it, and at least one turn may mean it."""
    if finding.endswith(" pain"):
        return False  # pain elsewhere may be denied
    lines = dialogue.split("\n")
    found = [turn for turn, line in enumerate(lines) if mentions(finding, line)]
    return bool(found) and all(_is_denied(finding, lines, turn) for turn in found)


def _is_denied(finding: str, lines: list[str], turn: int) -> bool:
    line = lines[turn]
    said = line.partition(":")[2] if turn_speaker(line) else line
    if len(said) > _LONGEST_TURN:
        return False
    answer = lines[turn + 1].partition(":")[2] if turn + 1 < len(lines) else ""
    for start, end in sentences(said):
        places = [match.span() for match in mentions(finding, said[start:end])]
        terms = [Term(finding, start + first, start + last) for first, last in places]
        if not terms:
            continue
        asked = is_question(said[start:end], turn_speaker(line)) or said.rstrip().endswith("?")
        if asked and polarity(answer.strip(), answer.strip()) == "no":
            continue
        if not _DENIAL.search(said[start:end]):
            return False
        if not all("negated" in flags for flags in contexts(said, start, end, terms)):
            return False
    return True
