"""Find the first number, drug or side of the body in a note that its dialogue does not contain.

The model then writes the rest of the note again, without this number, drug or side (medsum/generation/guidance.py).

This module only searches the dialogue for the number, drug or side. The checks of a finished note are stricter: for
example, they also compare which drug a number belongs to.
"""

import re

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.spoken_numbers import placed_numbers, said_numbers

_DRUGS = ("medication", "drug_class")
_SIDE = re.compile(r"\b(left|right|both|bilateral|bilaterally|either)\b", re.IGNORECASE)
_LAST_WORD = re.compile(r"\S*\Z")
_BOTH = frozenset({"both", "bilateral", "bilaterally", "either"})


class Said:
    """The numbers, drugs and sides in a dialogue with one line `Speaker: text` for each turn."""

    def __init__(self, dialogue: str) -> None:
        self.numbers = said_numbers(dialogue)
        drugs = [fact for fact in extract_dialogue(dialogue) if fact.kind in _DRUGS]
        self.drugs = {fact.value for fact in drugs}
        self.classes = {fact.unit for fact in drugs if fact.unit}
        self.sides = {found.lower() for found in _SIDE.findall(dialogue)}

    def first_unsaid(self, note: str) -> tuple[int, bool] | None:
        """Return the start of the first unsaid number, drug or side in a note, and whether this text is a number.

        Return None if the dialogue says all numbers, drugs and sides. If only the 70 of `152/70` is unsaid, return the
        start of `152/70`, because `152/` without the second number has another meaning.
        """
        unsaid = [start for number, start, _ in placed_numbers(note) if number not in self.numbers]
        found = [(len(_LAST_WORD.sub("", note[:start])), True) for start in unsaid]
        found += [(fact.start, False) for fact in extract(note) if not self._holds(fact)]
        return min(found, default=None)

    def _holds(self, fact: Fact) -> bool:
        """Return whether the dialogue has the drug, the drug class or the side of a fact.

        Return True for facts of other kinds.
        """
        if fact.kind in _DRUGS:
            return bool({fact.value} & (self.drugs | self.classes)) or fact.unit in self.drugs
        if fact.kind != "laterality" or self.sides & _BOTH:
            return True
        return fact.value in self.sides or (fact.value == "bilateral" and {"left", "right"} <= self.sides)
