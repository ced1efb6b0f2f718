"""Find the drug that each dose, frequency, duration or count belongs to.

If a drug follows a quantity directly, the quantity belongs to this drug: `25 mg of metoprolol`, `weekly methotrexate`.
Otherwise the quantity belongs to the last drug before the quantity in the sentence or turn. If there is no such drug,
the quantity belongs to the first drug after it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from medsum.facts.fact import DRUGS, Fact
from medsum.facts.medications import CLASS_OF

_OF_DRUGS = frozenset({"dose", "frequency", "duration", "count"})
_RIGHT_BEFORE = re.compile(
    r"[ \t]*(?:(?:tablets?|pills?|capsules?|doses?|units?|puffs?)[ \t]+)?(?:of[ \t]+)?(?:the[ \t]+)?"
)
_SENTENCE_END = re.compile(r"[.!?;][ \t]")
# A frequency after one of these activities belongs to no drug: `not on oxycodone. Therapy three times a week`.
_NO_DRUG = re.compile(
    r"[.!?;][ \t][^.!?;]*\b(?:therap\w+|exercis\w+|walk\w*|gym|run\w*|work\w*|drink\w*|smok\w*|visits?|sessions?|"
    r"appointments?|dressings?|class\w*)\b[^.!?;]*$",
    re.IGNORECASE,
)
_LONGEST_CLAUSE = 80  # in characters
_LATER_TURNS = 2  # a quantity without a drug belongs to a drug that is named at most two turns before


def with_drugs(facts: Sequence[Fact], text: str) -> list[Fact]:
    """Return the facts of one sentence or turn. Each quantity of a drug has the drug's name in `drug`."""
    drugs = [fact for fact in facts if fact.kind in DRUGS]
    if not drugs:
        return list(facts)
    return [replace(fact, drug=_drug(fact, drugs, text)) if fact.kind in _OF_DRUGS else fact for fact in facts]


def _drug(fact: Fact, drugs: Sequence[Fact], text: str) -> str:
    place = bisect_left(drugs, fact.start, key=lambda drug: drug.start)
    before = drugs[place - 1] if place else None
    after = drugs[place] if place < len(drugs) else None
    joined = after is not None and _RIGHT_BEFORE.fullmatch(text, fact.end, after.start)
    if before is not None and not joined and fact.kind == "frequency":
        between = text[max(before.end, fact.start - _LONGEST_CLAUSE) : fact.start]
        if _NO_DRUG.search(between):
            return ""
    drug = after if joined or before is None else before
    return drug.value if drug is not None else ""


_NEXT_TO = re.compile(r"[ \t]*,?[ \t]*")
_LEAST_DOSE = 5  # numbers below 5 are numbers of tablets: `two, twice a day`


def _as_doses(facts: Sequence[Fact], text: str) -> list[Fact]:
    """Return the facts, with numbers in front of a frequency as doses: `three hundred, three times a day`."""
    found = list(facts)
    for place, (one, after) in enumerate(pairwise(facts)):
        is_before = one.kind == "count" and after.kind == "frequency" and _NEXT_TO.fullmatch(text, one.end, after.start)
        if is_before and one.drug and "-" not in one.value and _is_dose(one.value):
            found[place] = replace(one, kind="dose")
    return found


def _is_dose(value: str) -> bool:
    return (
        float(value) >= _LEAST_DOSE or not float(value).is_integer() if value.replace(".", "", 1).isdigit() else False
    )


def with_drugs_of_turns(facts: Sequence[Fact], dialogue: str) -> list[Fact]:
    """Return the facts of a dialogue with their drugs.

    If a turn has no drug, its quantities belong to the last drug before the turn.
    """
    turns: dict[int, list[Fact]] = {}
    for fact in facts:
        turns.setdefault(fact.turn, []).append(fact)
    found: list[Fact] = []
    last: Fact | None = None
    for turn, here in turns.items():
        named = [fact for fact in here if fact.kind in DRUGS]
        if named:
            asked = last if last is not None and turn - last.turn == 1 else None
            found += [_of_asked(fact, asked, named[0], dialogue) for fact in with_drugs(here, dialogue)]
            last = named[-1]
        elif last is not None and turn - last.turn <= _LATER_TURNS:
            found += [replace(fact, drug=last.value) if fact.kind in _OF_DRUGS else fact for fact in here]
        else:
            found += here
    return _as_doses(found, dialogue)


def _of_asked(fact: Fact, asked: Fact | None, first: Fact, text: str) -> Fact:
    """Give the question's drug to a quantity before the first drug of the answer: `Once a week. And folate.`."""
    if asked is None or fact.kind not in _OF_DRUGS or fact.start > first.start:
        return fact
    return replace(fact, drug=asked.value) if _SENTENCE_END.search(text, fact.end, first.start) else fact


def is_same_drug(one: str, other: str) -> bool:
    """Return whether two drugs are the same, or whether one is the class of the other."""
    return one == other or CLASS_OF.get(one) == other or CLASS_OF.get(other) == one
