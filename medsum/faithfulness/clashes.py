"""Find clashes. A clash is a contradiction between a fact of one sentence and a fact of another sentence.

Two sentences clash in three cases:

- One sentence affirms a finding, and the other sentence denies the finding outright (see denials.py).
- The sentences give different doses or frequencies of a drug, or different ages of the patient.
- The sentences have opposite plans for a drug.

Two sentences about different sides of the body do not clash, because both knees may hurt.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from medsum.facts.fact import STATED, Fact
from medsum.facts.note_facts import NoteFacts
from medsum.facts.plans import plans
from medsum.facts.regimens import is_same_drug
from medsum.facts.relatives import relatives
from medsum.faithfulness.amount_verdicts import of_amount
from medsum.faithfulness.plan_verdicts import OPPOSED
from medsum.faithfulness.weak_verdicts import contradicts_itself

UNCLEAR = frozenset({"historical", "hypothetical", "uncertain", "family"})  # facts with one of these flags never clash
_OF_DRUG = frozenset({"dose", "frequency"})


class Clash(NamedTuple):
    """A fact of one sentence, and a fact of another sentence that contradicts it.

    The positions of each fact count from the start of its own sentence.
    """

    first: Fact
    second: Fact


def topics(note: NoteFacts) -> frozenset[str]:
    """Return the topics of a sentence. Two sentences without a shared topic cannot clash."""
    stated = {f"{fact.kind} {fact.value}" for fact in note.facts if fact.kind in STATED - {"procedure"}}
    amounts = {"drug" if fact.drug else fact.kind for fact in note.facts if fact.kind in _OF_DRUG or fact.kind == "age"}
    return frozenset(stated | amounts | ({"plan"} if plans(note.text, note.facts) else set()))


def clash(first: NoteFacts, second: NoteFacts) -> Clash | None:
    """Return the first clash of two sentences from different texts, or None if there is none."""
    return next(_clashes(first, second), None)


def is_denied_by_the_other(first: Fact, second: Fact, text: str) -> bool:
    """Return whether one of two facts affirms a finding and the other denies the finding outright."""
    if first.kind not in STATED - {"procedure"} or (first.kind, first.value) != (second.kind, second.value):
        return False  # one scan may be done, and another scan may not be done
    return not (first.context | second.context) & UNCLEAR and contradicts_itself(first, second, text)


def _clashes(first: NoteFacts, second: NoteFacts) -> Iterator[Clash]:
    both = f"{first.text}\n{second.text}"
    shift = len(first.text) + 1
    about_kin = bool(relatives(both))
    for one, other in product(first.facts, second.facts):
        if one.kind != other.kind:
            continue
        if one.kind in STATED:
            later = replace(other, start=other.start + shift, end=other.end + shift)
            if (one.value == other.value) and is_denied_by_the_other(one, later, both):
                yield Clash(one, other)
        elif _is_of_one_thing(one, other, about_kin):
            like = [fact for fact in second.facts if fact.kind == one.kind and _is_of_one_thing(one, fact, about_kin)]
            if of_amount(one, like, set()).status == "contradicted":
                yield Clash(one, other)
    for one, other in product(plans(first.text, first.facts), plans(second.text, second.facts)):
        if is_same_drug(one.drug, other.drug) and other.value in OPPOSED[one.value]:
            yield Clash(one, other)


def _is_of_one_thing(one: Fact, other: Fact, about_kin: bool) -> bool:
    """Return whether two amounts describe the same thing: two amounts of one drug, or two ages of the patient."""
    if one.kind in _OF_DRUG:
        return bool(one.drug and other.drug) and is_same_drug(one.drug, other.drug)
    return one.kind == "age" and not about_kin
