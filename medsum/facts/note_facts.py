"""A note (a summary or a reference) with its facts. Several checks use these facts, but they are read only once."""

from dataclasses import dataclass

from medsum.facts.extraction import extract
from medsum.facts.fact import Fact


@dataclass(frozen=True)
class NoteFacts:
    """A text and its facts."""

    text: str
    facts: list[Fact]


def read_note_facts(text: str) -> NoteFacts:
    """Return the text with the facts in it."""
    return NoteFacts(text, extract(text))
