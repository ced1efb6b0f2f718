"""A dialogue with its facts. Several checks of a summary use the facts, but the facts are extracted only once."""

from dataclasses import dataclass

from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.passage import Passage, passage, spoken_turns


@dataclass(frozen=True)
class DialogueFacts:
    """The text of a dialogue, the words of each of its turns, and its facts."""

    text: str
    turns: list[Passage]
    facts: list[Fact]


def read_dialogue_facts(dialogue: str) -> DialogueFacts:
    """Read a dialogue (one turn per line, `Speaker: text`)."""
    return DialogueFacts(dialogue, [passage(text) for text in spoken_turns(dialogue)], extract_dialogue(dialogue))
