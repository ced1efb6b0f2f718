"""A dialogue as the checks of a summary need it: read once, however many look."""

from dataclasses import dataclass

from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.passage import Passage, passage, spoken_turns


@dataclass(frozen=True)
class Heard:
    """The dialogue, what each of its lines says, and its facts."""

    dialogue: str
    turns: list[Passage]
    facts: list[Fact]


def hear(dialogue: str) -> Heard:
    """Read a dialogue (one turn a line, `Speaker: text`)."""
    return Heard(dialogue, [passage(text) for text in spoken_turns(dialogue)], extract_dialogue(dialogue))
