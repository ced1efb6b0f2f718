"""What is wrong with a summary, where, and how much it matters."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["major", "minor"]
Category = Literal[
    "omission",
    "hallucination",
    "quantity",
    "negation",
    "medication",
    "laterality",
    "time",
    "person",
    "contradiction",
    "section",
    "repetition",
    "truncation",
    "length",
    "degenerate",
]


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing that is wrong.

    `start` and `end` are characters of the text `of`; `turns` are lines of the dialogue, from 0, that show it (none
    where nobody said such a thing). `reason` is one sentence for the reader; it may quote both texts, so it goes where
    patient text may go, and nowhere else.
    """

    category: Category
    severity: Severity
    start: int
    end: int
    reason: str
    turns: tuple[int, ...] = ()
    of: Literal["summary", "reference"] = "summary"
