"""The fact: what a text says, where, of whom and how surely."""

from dataclasses import dataclass
from typing import Literal

from medsum.facts.bounds import Bound
from medsum.facts.units import comparable

Kind = Literal[
    "age", "dose", "frequency", "duration", "date", "time", "blood_pressure", "temperature", "pulse",
    "respiratory_rate", "weight", "height", "percent", "measure", "score", "count",
    "medication", "drug_class", "finding", "procedure", "laterality", "plan",
]  # fmt: skip
Flag = Literal["negated", "family", "historical", "hypothetical", "uncertain"]
QUANTITIES: frozenset[str] = frozenset(
    {"age", "dose", "frequency", "duration", "date", "time", "blood_pressure", "temperature", "pulse"}
    | {"respiratory_rate", "weight", "height", "percent", "measure", "score", "count"}
)
# What context flags are given to.
STATED: frozenset[str] = frozenset({"medication", "drug_class", "finding", "procedure"})
DRUGS: frozenset[str] = frozenset({"medication", "drug_class"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact of a text.

    `value` is normalised: a number (`26`), a range (`5-6`), a partial date (`2008-07-31`, `--05` for May), or a
    name (`hypertension`). `unit` is the natural unit (`mg`, `per day`), the class of a medication, the group of a
    procedure, or the part of the body of a laterality. `start` and `end` are characters of the text that was given.
    `turn` counts from 0 and is -1 in a note; `speaker` is then empty. `context` has the flags that hold of a
    medication, drug class, finding or procedure; `hypothetical` is conditional, or asked and not answered.
    `laterality` is left, right, bilateral or empty. `bound` is what a quantity's number bounds, as in `<7`, and `drug`
    the medication or class that a quantity belongs to.
    """

    kind: Kind
    value: str
    unit: str
    start: int
    end: int
    turn: int = -1
    speaker: str = ""
    context: frozenset[Flag] = frozenset()
    laterality: str = ""
    bound: Bound = ""
    drug: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What compares equal between a dialogue and a note: `2 week` and `14 day`, `1 g` and `1000 mg`."""
        if self.kind in QUANTITIES:
            return (self.kind, *comparable(self.kind, self.value, self.unit))
        return self.kind, self.value, self.unit if self.kind == "laterality" else ""
