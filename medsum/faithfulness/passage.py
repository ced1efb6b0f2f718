"""A text as words in sentences and clauses: what alignment works on."""

import re
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker
from medsum.facts.lexicon import Word, words
from medsum.facts.normalise import NormalisedText

# Words that carry no fact by themselves; `patient`, `states` and `today` are how notes begin.
_EMPTY_WORDS = """
a about also an and any are as at be been being but by did do does down for from had has have he her him his i if in
into is it its just me my no not of on or our out over she so some than that the their them then there these they this
those to under up us very was we were what when which while who with you your doctor patient states today
"""
_FUNCTION_WORDS = frozenset(_EMPTY_WORDS.split())
# A clause ends at a comma, or where a word joins the next one: about one fact a clause.
_CLAUSE_END = re.compile(r"[,;:]|\b(?:and|or|but|with|who|which|that|because|due to|when|while)\b")


@dataclass(frozen=True)
class Passage:
    """A text in digits (`twenty six` is `26`), with its words.

    `words` have their spans in `text`; `origin` maps a span of `text` to the text that was given.
    """

    text: str
    words: tuple[Word, ...]
    normalised: NormalisedText

    @cached_property
    def is_content(self) -> NDArray[np.bool_]:
        """For each word whether it is more than a function word; all are where none is."""
        content = np.array([word.text not in _FUNCTION_WORDS for word in self.words], dtype=bool)
        return content if content.any() else np.ones(len(self.words), dtype=bool)

    @cached_property
    def sentences(self) -> list[list[int]]:
        """Indices of the words of each sentence that has any."""
        return self._groups(sentences(self.text))

    @cached_property
    def clauses(self) -> list[list[int]]:
        """Indices of the content words of each clause that has any."""
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
        """The span of the given text that `text[start:end]` stands for."""
        return self.normalised.span(start, end)

    def _groups(self, spans: list[tuple[int, int]]) -> list[list[int]]:
        groups = [[i for i, word in enumerate(self.words) if start <= word.start < end] for start, end in spans]
        return [group for group in groups if group]


def passage(text: str) -> Passage:
    """The passage of a note, or of one turn without its speaker."""
    normalised = NormalisedText(text)
    return Passage(normalised.text, tuple(words(normalised.text)), normalised)


def spoken_turns(dialogue: str) -> list[str]:
    """What each line of a dialogue says, without its speaker; as many as there are lines."""
    return [line.partition(":")[2].strip() if turn_speaker(line) else line.strip() for line in dialogue.split("\n")]
