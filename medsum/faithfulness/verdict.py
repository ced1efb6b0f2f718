"""The verdict of one text on a fact of another."""

from dataclasses import dataclass
from typing import Literal

from medsum.facts.fact import Fact

Status = Literal["supported", "contradicted", "unsupported"]
Conflict = Literal["", "negation", "person", "quantity", "time", "side", "sign", "plan"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What another text says of `fact`.

    `other` is the fact of that text which decided, and `conflict` in what the two differ. `is_sure` is False where
    doubt, not a fact, makes it `supported`.
    """

    fact: Fact
    status: Status
    other: Fact | None = None
    conflict: Conflict = ""
    is_sure: bool = True
