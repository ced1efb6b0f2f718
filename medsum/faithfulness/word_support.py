"""Find whether the words of a dialogue are similar enough to the words of a finding in a note."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from medsum.facts.fact import Fact
from medsum.faithfulness.alignment import Array, Similarity, best_match
from medsum.faithfulness.passage import Passage

SAME_MEANING = 0.27  # if a finding's words have at least this mean similarity, the dialogue may mean the finding
SAME_MEANING_BESIDE_REFERENCE = 0.4  # the same if there is a reference without the finding


@dataclass(frozen=True)
class WordSupport:
    """Similarities of the words of a note to the words of a dialogue. They are computed when they are first used."""

    note: Passage
    turns: Sequence[Passage]
    similarity: Similarity

    @cached_property
    def best(self) -> Array:
        """Return for each word of the note its largest similarity (0 to 1) to a word of a turn."""
        found = [best_match(self.similarity(turn, self.note)) for turn in self.turns if turn.words]
        return np.max(found, axis=0) if found else np.zeros(len(self.note.words))

    @cached_property
    def starts(self) -> list[int]:
        """Return for each word of the note its start in the original text."""
        return [self.note.origin(word.start, word.end)[0] for word in self.note.words]


def may_mean(fact: Fact, support: WordSupport, same_meaning: float) -> bool:
    """Return whether some turns express a finding in different words."""
    own = range(bisect_left(support.starts, fact.start), bisect_left(support.starts, fact.end))
    content = [index for index in own if support.note.is_content[index]]
    return bool(content) and bool(support.best[content].mean() >= same_meaning)
