"""A note as the checks need it, a summary or its reference: read once, however many look."""

from dataclasses import dataclass

from medsum.facts.extraction import extract
from medsum.facts.fact import Fact


@dataclass(frozen=True)
class Note:
    """A text and its facts."""

    text: str
    facts: list[Fact]


def read_note(text: str) -> Note:
    """The text with the facts found in it."""
    return Note(text, extract(text))
