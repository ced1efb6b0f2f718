"""A flag: an error of a summary, its place in the text, and its severity."""

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
MEANINGS: dict[Category, str] = {  # the error report shows these texts
    "omission": "a fact of the reference that the summary leaves out",
    "hallucination": "a finding that nobody mentioned",
    "quantity": "a number that differs from the dialogue or does not occur in it",
    "negation": "affirmed although it was denied, or denied although it was affirmed",
    "medication": "a drug or a dose that differs from the dialogue or does not occur in it",
    "laterality": "left instead of right, or right instead of left",
    "time": "a date, time or duration that differs from the dialogue or does not occur in it",
    "person": "a relative's condition given to the patient, or the patient's given to a relative",
    "contradiction": "a fact that the summary both affirms and denies",
    "section": "a header of another section",
    "repetition": "a sentence that occurs twice, or words in a loop",
    "truncation": "a summary that ends in the middle of a sentence",
    "length": "a summary more than twice as long as the reference",
    "degenerate": "an empty summary, a transcript, or no text at all",
}
# A wrong statement about the patient. The other categories are about the form of a note, or about what it leaves out.
OF_STATEMENTS: tuple[Category, ...] = (
    "hallucination", "quantity", "negation", "medication", "laterality", "time", "person",
)  # fmt: skip
SAFETY: tuple[Category, ...] = (*OF_STATEMENTS, "contradiction")  # `make promote` refuses more major errors of these
OF_WHOLE_SUMMARY: tuple[Category, ...] = ("length", "degenerate")  # errors that have no place in the text


@dataclass(frozen=True, slots=True)
class Flag:
    """One error of a summary.

    - `start` and `end` are positions of characters in the text that `of` names (`summary` or `reference`).
    - `turns` are the lines of the dialogue, from 0, that show the error. `turns` is empty if no turn mentions the fact.
    - `reason` is one sentence for the reader. It may quote patient text, so it must not go into logs or metrics.
    """

    category: Category
    severity: Severity
    start: int
    end: int
    reason: str
    turns: tuple[int, ...] = ()
    of: Literal["summary", "reference"] = "summary"
