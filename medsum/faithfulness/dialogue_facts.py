"""A dialogue with its facts. Several checks of a summary use the facts, but the facts are extracted only once."""

from dataclasses import dataclass
from functools import cached_property

from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.faithfulness.passage import Passage, passage, spoken_turns
from medsum.faithfulness.sided_words import sided_words


@dataclass(frozen=True)
class DialogueFacts:
    """The text of a dialogue, the words of each of its turns, and its facts."""

    text: str
    turns: list[Passage]
    facts: list[Fact]

    @cached_property
    def lines(self) -> list[str]:
        """Return the lines of the dialogue. Each line is a turn."""
        return self.text.split("\n")

    @cached_property
    def sided_words(self) -> dict[str, dict[str, Fact | None]]:
        """Return the words that are said about each side of the body (see sided_words.py)."""
        return sided_words(self.text, self.facts)


def read_dialogue_facts(dialogue: str) -> DialogueFacts:
    """Read a dialogue (one turn per line, `Speaker: text`)."""
    return DialogueFacts(dialogue, [passage(text) for text in spoken_turns(dialogue)], extract_dialogue(dialogue))
