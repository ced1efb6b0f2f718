"""Merge the texts that the model wrote for the windows and sections of one visit into one note.

A window is a part of a long dialogue. An output is the text that the model wrote from one window for one section. No
sentence occurs twice in the merged note. Two sentences clash if they come from different outputs and their facts
contradict each other (faithfulness/clashes.py). The note keeps only one of two clashing sentences. The result lists
each sentence that is left out, and the sentence that is kept instead.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import Fact
from medsum.facts.note_facts import NoteFacts, read_note_facts
from medsum.faithfulness.alignment import lexical_similarity
from medsum.faithfulness.clashes import clash, topics
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.error_flags import weighed
from medsum.faithfulness.plan_verdicts import plan_verdicts

# These sections are for all topics. If a sentence is in such a section and also in a special section, only the special
# section keeps the sentence.
GENERAL = (None, "GENHX")
_WORD = re.compile(r"[^\W_]+(?:[./'-][^\W_]+)*")
_RANKS = {"contradicted": 0, "unsupported": 1, "supported": 3}
_DOUBTFUL = 2  # the support of a fact if the dialogue is not clear about the fact


class Output(NamedTuple):
    """The text that the model wrote from one window for one section."""

    section: str | None
    window: int
    text: str


class Dropped(NamedTuple):
    """A sentence that is left out, and the sentence that is kept instead."""

    sentence: str
    section: str | None
    reason: Literal["repetition", "contradiction"]
    kept: str


class Merged(NamedTuple):
    """The text of each section in the order of the sections, and the sentences that are left out."""

    texts: tuple[str, ...]
    dropped: tuple[Dropped, ...]


@dataclass(eq=False)
class _Sentence:
    output: Output
    text: str

    @cached_property
    def words(self) -> tuple[str, ...]:
        return tuple(word.lower() for word in _WORD.findall(self.text))

    @cached_property
    def note(self) -> NoteFacts:
        return read_note_facts(self.text)

    @cached_property
    def topics(self) -> frozenset[str]:
        return topics(self.note)


def merge(written: Sequence[Sequence[Output]], dialogue: str) -> Merged:
    """Merge the outputs. Each element of `written` has the outputs of one section, in the order of the windows.

    Leave out a sentence with the same words in the same order as an earlier sentence. A looser comparison is not safe:
    `No longer takes aspirin` contains `Takes aspirin`. If two sentences clash, keep the sentence whose fact has more
    support in `dialogue`. If both facts have the same support, keep the sentence of the later window, because people
    correct themselves later.
    """
    if sum(map(len, written)) == 1:  # a single output needs no merge; flags mark its repetitions
        return Merged(tuple("".join(output.text for output in outputs) for outputs in written), ())
    judge = _Judge(dialogue)
    kept: list[_Sentence] = []
    dropped: list[Dropped] = []
    for sentence in sorted(_sentences(written), key=lambda one: one.output.section in GENERAL):
        same = next((one for one in kept if one.words == sentence.words), None)
        if same:
            dropped.append(Dropped(sentence.text, sentence.output.section, "repetition", same.text))
        elif loser := _drop_losers(sentence, kept, dropped, judge):
            dropped.append(loser)
        else:
            kept.append(sentence)
    return Merged(tuple(_text(outputs, kept) for outputs in written), tuple(dropped))


def _sentences(written: Sequence[Sequence[Output]]) -> list[_Sentence]:
    """Return the sentences that have at least one word, section by section and window by window."""
    found = [
        _Sentence(output, output.text[start:end].strip())
        for outputs in written
        for output in outputs
        for start, end in sentences(output.text)
    ]
    return [sentence for sentence in found if sentence.words]


def _drop_losers(sentence: _Sentence, kept: list[_Sentence], dropped: list[Dropped], judge: "_Judge") -> Dropped | None:
    """Compare `sentence` with the kept sentences of other outputs.

    If `sentence` loses a clash, return `sentence` as dropped. Otherwise drop the kept sentences that lose a clash with
    `sentence`.
    """
    lost = []
    for other in kept:
        if other.output is sentence.output or not other.topics & sentence.topics:
            continue
        found = clash(other.note, sentence.note)
        if found is None:
            continue
        if judge.first_stays(other, found.first, sentence, found.second):
            return Dropped(sentence.text, sentence.output.section, "contradiction", other.text)
        lost.append(other)
    for other in lost:
        kept.remove(other)
        dropped.append(Dropped(other.text, other.output.section, "contradiction", sentence.text))
    return None


def _text(outputs: Sequence[Output], kept: Sequence[_Sentence]) -> str:
    """Return the kept sentences of a section as one text, in the order of the windows.

    If the section has one output and all its sentences are kept, return this output unchanged.
    """
    ours = [sentence for sentence in kept if any(sentence.output is output for output in outputs)]
    if len(outputs) == 1 and len(ours) == sum(bool(one.words) for one in _sentences([outputs])):
        return outputs[0].text
    return " ".join(sentence.text for sentence in ours)


class _Judge:
    """Compares clashing sentences with the dialogue.

    The facts of the dialogue are extracted only if there is a clash, because the extraction takes time.
    """

    def __init__(self, dialogue: str) -> None:
        self._dialogue = dialogue

    @cached_property
    def _dialogue_facts(self) -> DialogueFacts:
        return read_dialogue_facts(self._dialogue)

    def first_stays(self, one: _Sentence, fact: Fact, other: _Sentence, opposed: Fact) -> bool:
        """Return whether the first of two clashing sentences is kept."""
        ranks = self._rank(one.note, fact), self._rank(other.note, opposed)
        if ranks[0] != ranks[1]:
            return ranks[0] > ranks[1]
        return one.output.window >= other.output.window

    def _rank(self, note: NoteFacts, fact: Fact) -> int:
        """Return how well the dialogue supports a fact of a sentence, from 0 to 3."""
        judged = [*weighed(note, self._dialogue_facts, lexical_similarity), *plan_verdicts(note, self._dialogue_facts)]
        for verdict in judged:
            if verdict.fact == fact:
                return _RANKS[verdict.status] if verdict.is_sure else _DOUBTFUL
        return _DOUBTFUL
