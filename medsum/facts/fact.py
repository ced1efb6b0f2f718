"""A fact: what a text says, where it says so, about whom, and how certain it is."""

from dataclasses import dataclass
from typing import Literal

from medsum.facts.bounds import Bound
from medsum.facts.units import comparable

Kind = Literal[
    "age", "dose", "frequency", "duration", "date", "time", "blood_pressure", "temperature", "pulse",
    "respiratory_rate", "weight", "height", "percent", "measure", "score", "count",
    "medication", "drug_class", "finding", "procedure", "laterality", "plan", "allergy", "course",
]  # fmt: skip
ContextFlag = Literal["negated", "family", "historical", "hypothetical", "uncertain"]
QUANTITIES: frozenset[str] = frozenset(
    {"age", "dose", "frequency", "duration", "date", "time", "blood_pressure", "temperature", "pulse"}
    | {"respiratory_rate", "weight", "height", "percent", "measure", "score", "count"}
)
# Facts of these kinds are called statements. A statement gets context flags from the words around it (see context.py).
STATED: frozenset[str] = frozenset({"medication", "drug_class", "finding", "procedure"})
DRUGS: frozenset[str] = frozenset({"medication", "drug_class"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a text.

    - `kind` names what the fact is about.
    - `value` is normalised: a number (`26`), a range (`5-6`), a date with or without its year (`2008-07-31`, `--05` for
      May) or a name (`hypertension`).
    - `unit` is the unit of a quantity as the text gives it (`mg`, `per day`), the class of a medication, the group of a
      procedure, or the part of the body of a laterality.
    - `start` and `end` are positions in the whole text, in characters.
    - `turn` is the index of the dialogue's turn, from 0. In a note, `turn` is -1 and `speaker` is empty.
    - `context` holds the context flags. `negated` means that the text denies the fact. `family` means that the fact is
      about a relative. `historical` means that the fact is in the past. `hypothetical` means that the fact depends on a
    condition, or that a question asks about the fact and nobody answers.
    - `laterality` is left, right, bilateral or empty.
    - `bound` is the bound of a quantity, as in `<7`.
    - `drug` is the medication or drug class that a quantity belongs to.
    """

    kind: Kind
    value: str
    unit: str
    start: int
    end: int
    turn: int = -1
    speaker: str = ""
    context: frozenset[ContextFlag] = frozenset()
    laterality: str = ""
    bound: Bound = ""
    drug: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return a key that is the same for equal facts, such as `2 weeks` and `14 days`, or `1 g` and `1000 mg`."""
        if self.kind in QUANTITIES:
            return (self.kind, *comparable(self.kind, self.value, self.unit))
        return self.kind, self.value, self.unit if self.kind == "laterality" else ""
