"""Split a text into words, sentences and clauses, so that the text can be aligned with another text."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.lexicon import Word, words
from medsum.facts.normalise import NormalisedText

# Function words: words that state no fact. `patient`, `states` and `today` are included, because notes often use them.
_EMPTY_WORDS = """
a about also an and any are as at be been being but by did do does down for from had has have he her him his i if in
into is it its just me my no not of on or our out over she so some than that the their them then there these they this
those to under up us very was we were what when which while who with you your doctor patient states today
"""
_FUNCTION_WORDS = frozenset(_EMPTY_WORDS.split())
# A clause ends at a comma or before a word such as `and`. So most clauses state one fact.
_CLAUSE_END = re.compile(r"[,;:]|\b(?:and|or|but|with|who|which|that|because|due to|when|while)\b")


@dataclass(frozen=True)
class Passage:
    """A text with its numbers as digits (`twenty six` is `26`), and the words of the text.

    The spans of `words` are positions in `text`. `origin` maps a span of `text` back to the original text.
    """

    text: str
    words: tuple[Word, ...]
    normalised: NormalisedText

    @cached_property
    def is_content(self) -> NDArray[np.bool_]:
        """Return for each word whether it is a content word.

        If a text has only function words, all its words count as content words.
        """
        content = np.array([word.text not in _FUNCTION_WORDS for word in self.words], dtype=bool)
        return content if content.any() else np.ones(len(self.words), dtype=bool)

    @cached_property
    def sentences(self) -> list[list[int]]:
        """Return, for each sentence that has words, the indices of its words."""
        return self._groups(sentences(self.text))

    @cached_property
    def clauses(self) -> list[list[int]]:
        """Return, for each clause that has content words, the indices of its content words."""
        spans: list[tuple[int, int]] = []
        for start, end in sentences(self.text):
            begin = start
            for match in _CLAUSE_END.finditer(self.text, start, end):
                spans.append((begin, match.start()))
                begin = match.start()
            spans.append((begin, end))
        groups = ([index for index in group if self.is_content[index]] for group in self._groups(spans))
        return [group for group in groups if group]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of `text[start:end]` in the original text."""
        return self.normalised.span(start, end)

    def _groups(self, spans: list[tuple[int, int]]) -> list[list[int]]:
        groups = [[i for i, word in enumerate(self.words) if start <= word.start < end] for start, end in spans]
        return [group for group in groups if group]


def passage(text: str) -> Passage:
    """Return the passage of a note, or of a turn without the name of its speaker."""
    normalised = NormalisedText(text)
    return Passage(normalised.text, tuple(words(normalised.text)), normalised)


def spoken_turns(dialogue: str) -> list[str]:
    """Return the text of each line of a dialogue, without the name of the speaker."""
    return [line.partition(":")[2].strip() if turn_speaker(line) else line.strip() for line in dialogue.split("\n")]
