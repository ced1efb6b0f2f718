"""A verdict says whether one text supports or contradicts a fact of another text, or does not mention the fact."""

from dataclasses import dataclass
from typing import Literal

from medsum.facts.fact import Fact

Status = Literal["supported", "contradicted", "unsupported"]
Conflict = Literal["", "negation", "person", "quantity", "time", "side", "sign", "plan", "course"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another text says about `fact`.

    `other` is the fact of the other text that led to the verdict. `conflict` is the difference between the two facts.
    `is_sure` is False if the verdict is `supported` only because another verdict was too weak (weak_verdicts.py).
    """

    fact: Fact
    status: Status
    other: Fact | None = None
    conflict: Conflict = ""
    is_sure: bool = True
