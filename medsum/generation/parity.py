"""Whether two summarisers write the same."""

from collections.abc import Callable, Sequence
from typing import Any

from medsum.dialogue.record import Record
from medsum.generation.summarizer import Summarizer

Score = Callable[[list[str], list[str], list[str]], dict[str, Any]]


def compare(first: Summarizer, second: Summarizer, records: Sequence[Record], score: Score) -> dict[str, Any]:
    """The share of records with the same text from both, and what `score` makes of both texts and the references."""
    dialogues, sections = [r.dialogue for r in records], [r.section for r in records]
    one, two = (summarizer.summarize(dialogues, sections) for summarizer in (first, second))
    identical = sum(a == b for a, b in zip(one, two, strict=True)) / len(records)
    return {"identical": round(identical, 4), **score(one, two, [r.summary for r in records])}
