"""Find which of the patient's relatives a companion names: if the patient's mother says `my brother`, he is an uncle.

A companion is a relative of the patient who speaks. `I` means the companion. The other relatives have several possible
meanings, because in `his dad`, the companion speaks of the patient's father, and in `my dad`, of the grandfather.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence

from medsum.dialogue.roles import FAMILY
from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import speaker_role, turn_speaker
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives

_FIRST_PERSON = re.compile(r"\b(?:I|me|mine|myself)\b|\b(?:I['’](?:m|ve|d|ll))\b")
_PRONOUN = re.compile(r"\W*(?:(?:and|but|so)\W+)?(?:she|he|they)\b", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|never|no|nobody|none)\b|n['’]t\b", re.IGNORECASE)
# For each relative of a companion, the relative of the patient. A parent speaks, or a son or daughter.
_OF_PARENT = {"mother": "grandmother", "father": "grandfather", "sister": "aunt", "brother": "uncle"}
_OF_PARENT |= {"husband": "father", "wife": "mother", "son": "brother", "daughter": "sister"}
_OF_CHILD = {"grandmother": "mother", "grandfather": "father", "aunt": "sister", "uncle": "brother"}
_OF_CHILD |= {"mother": "wife", "father": "husband", "brother": "son", "sister": "daughter"}


def is_companion(line: str) -> bool:
    """Return whether a relative of the patient speaks in this line of a dialogue."""
    return speaker_role(turn_speaker(line)).startswith(FAMILY)


def named_by_companion(fact: Fact, turn: int, dialogue: str, said: Sequence[Fact]) -> set[str]:
    """Return the relatives of the patient to whom a companion may give a finding, in a turn or in the turn after it.

    A sentence without this finding names nobody if it denies something or states another finding.
    """
    lines = dialogue.split("\n")
    start = sum(len(line) + 1 for line in lines[:turn])
    found: set[str] = set()
    for line in lines[turn : turn + 2]:
        before: set[str] = set()  # the relatives in the previous sentence of the line
        speaker = turn_speaker(line)
        for first, last in sentences(line[len(speaker) :]) if is_companion(line) else ():
            low, high = start + len(speaker) + first, start + len(speaker) + last
            begin, until = (bisect_left(said, place, key=lambda other: other.start) for place in (low, high))
            here = {other.value for other in said[begin:until] if other.kind == "finding"}
            named = _of_patient(dialogue[low:high], relatives(speaker))
            if fact.value in here:
                found |= named | (before if _PRONOUN.match(dialogue[low:high]) else set())
            elif not (here or _DENIED.search(dialogue[low:high])):
                found |= named
            before = named
        start += len(line) + 1
    return found


def _of_patient(sentence: str, companion: set[str]) -> set[str]:
    """Return the relatives of the patient that a companion's sentence may mean."""
    is_parent = bool(companion & {"mother", "father"})
    meanings = [_OF_PARENT] if is_parent else [_OF_CHILD] if companion else [_OF_PARENT, _OF_CHILD]
    named = relatives(sentence)
    found = named | {kin[name] for name in named for kin in meanings if name in kin}
    return found | companion if _FIRST_PERSON.search(sentence) else found
