"""Find those allergies in a note that the dialogue contradicts. A verdict names the contradiction.

For example, the note says `NKDA` (no known drug allergies), but the dialogue says `Any allergies?` `Penicillin.`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from medsum.facts.allergies import allergies
from medsum.facts.fact import Fact
from medsum.facts.medications import CLASS_OF
from medsum.facts.note_facts import NoteFacts
from medsum.facts.regimens import is_same_drug
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.verdict import Conflict, Verdict

_OF_DRUGS = re.compile(r"NK\.?D\.?A|\b(?:drug|medication|medicine|med)s?\b", re.IGNORECASE)
_OF_FOODS = re.compile(r"\bfoods?\b", re.IGNORECASE)
_DRUG_GROUPS = frozenset(CLASS_OF.values()) | {"sulfa", "local anesthetic", "contrast dye"}  # these count as drugs
_KINDS = frozenset({"medication", "food", "none"})


def allergy_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each allergy or denial of allergies in the note that the dialogue contradicts."""
    own = allergies(note.text, note.facts)
    said = [_with_turn(fact, dialogue.text) for fact in allergies(dialogue.text, dialogue.facts)] if own else []
    found = []
    for fact in own:
        if "uncertain" not in fact.context and (other := _opposed(fact, said, note.text)):
            conflict: Conflict = "person" if "family" in other.context else "negation"
            found.append(Verdict(fact, "contradicted", other, conflict))
    return found


def _with_turn(fact: Fact, dialogue: str) -> Fact:
    return replace(fact, turn=dialogue.count("\n", 0, fact.start))


def _opposed(fact: Fact, said: Sequence[Fact], text: str) -> Fact | None:
    """Return the allergy of the dialogue that contradicts the note's allergy `fact`.

    Return None if another allergy of the dialogue supports `fact`.
    """
    patient = [other for other in said if not other.context & {"family", "uncertain"}]
    affirmed = [other for other in patient if "negated" not in other.context and other.value not in _KINDS]
    if fact.value in _KINDS:
        if "family" in fact.context or any(other.value in _KINDS for other in patient):
            return None
        return next((other for other in affirmed if _is_denied_by(text[fact.start : fact.end], other)), None)
    same = [other for other in said if _is_same(fact, other)]
    if "family" in fact.context:
        return None
    if "negated" in fact.context:
        denied = any("negated" in other.context for other in same)
        return None if denied else next((other for other in affirmed if _is_same(fact, other)), None)
    if any(_is_same(fact, other) for other in affirmed):
        return None
    denied_outright = [other for other in same if other in patient and "negated" in other.context]
    of_kin = [other for other in same if "family" in other.context]
    none = [other for other in patient if other.value == "none"]
    return next(iter([*denied_outright, *of_kin, *(none if not affirmed else [])]), None)


def _is_denied_by(denial: str, other: Fact) -> bool:
    """Return whether a denial of allergies includes this allergen: `no drug allergies` does not include cats."""
    is_drug = other.value in CLASS_OF or other.value in _DRUG_GROUPS
    if _OF_DRUGS.search(denial) and not _OF_FOODS.search(denial):
        return is_drug
    return not is_drug if _OF_FOODS.search(denial) and not _OF_DRUGS.search(denial) else True


def _is_same(one: Fact, other: Fact) -> bool:
    return is_same_drug(one.value, other.value)
