"""A dialogue with its facts. Several checks of a summary use the dialogue, but it is read only once."""

from dataclasses import dataclass

from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.passage import Passage, passage, spoken_turns


@dataclass(frozen=True)
class Heard:
    """The dialogue, the text of each of its turns, and its facts."""

    dialogue: str
    turns: list[Passage]
    facts: list[Fact]


def hear(dialogue: str) -> Heard:
    """Read a dialogue (one turn per line, `Speaker: text`)."""
    return Heard(dialogue, [passage(text) for text in spoken_turns(dialogue)], extract_dialogue(dialogue))
