"""Find the turns that support each sentence of a summary, and the facts that the dialogue does not support.

    found = evidence(dialogue, summary)                              # compares the letters of words
    found = evidence(dialogue, summary, WordEncoder(folder).meaning)  # compares the meanings of words

The functions need no reference, so they work for new dialogues. The first call needs no model and no torch. The second
call needs an encoder: a model that computes the meaning of words in their context.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from medsum.dialogue.sentences import sentences
from medsum.facts.note_facts import NoteFacts, read_note_facts
from medsum.faithfulness.alignment import Array, Similarity, best_match, lexical_similarity
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors, weighed
from medsum.faithfulness.flags import Flag
from medsum.faithfulness.passage import Passage, passage
from medsum.faithfulness.standing import Standing, standing
from medsum.faithfulness.statement_verdicts import statement_verdicts

_MOST_TURNS = 3  # the largest number of turns for one sentence, in addition to the turns of its facts
_GAIN = 0.1  # each of these turns must add at least this share of the sentence's content words


@dataclass(frozen=True, slots=True)
class SentenceEvidence:
    """A sentence of the summary. `start` and `end` are positions of characters.

    `turns` are the numbers (from 0) of the lines of the dialogue that support the sentence. `support` is the share (0
    to 1) of the sentence's content words that these turns cover. `standing` says whether the dialogue supports the
    facts of the sentence (see standing.py).
    """

    start: int
    end: int
    turns: tuple[int, ...]
    support: float
    standing: Standing


@dataclass(frozen=True, slots=True)
class Evidence:
    """Every sentence of a summary with its turns, and the flags in the order of the summary."""

    sentences: tuple[SentenceEvidence, ...]
    flags: tuple[Flag, ...]


def evidence(dialogue: str, summary: str, similarity: Similarity = lexical_similarity) -> Evidence:
    """Compare a summary with its dialogue (one turn per line, `Speaker: text`).

    `similarity` compares words. The default compares the letters of words. An encoder compares the meanings of words.
    """
    return evidence_in(read_dialogue_facts(dialogue), summary, similarity)


def evidence_in(dialogue: DialogueFacts, summary: str, similarity: Similarity = lexical_similarity) -> Evidence:
    """Return the same as `evidence`, but for a dialogue that has already been read."""
    note = read_note_facts(summary)
    return Evidence(
        sentence_evidence(dialogue, note, similarity), tuple(find_errors(dialogue, note, similarity=similarity))
    )


def sentence_evidence(dialogue: DialogueFacts, note: NoteFacts, similarity: Similarity) -> tuple[SentenceEvidence, ...]:
    """Return each sentence of a note with its turns. The dialogue and the note have already been read."""
    judged = weighed(note, dialogue, similarity) + statement_verdicts(note, dialogue)
    by_start = sorted(enumerate(judged), key=lambda one: one[1].fact.start)
    starts = [verdict.fact.start for _, verdict in by_start]
    found = []
    for start, end in sentences(note.text):
        sentence = passage(note.text[start:end])
        covered = [best_match(similarity(turn, sentence)) for turn in dialogue.turns]
        within = by_start[bisect_left(starts, start) : bisect_left(starts, end)]
        here = [verdict for _, verdict in sorted(within, key=lambda one: one[0])]
        stated = {verdict.other.turn for verdict in here if verdict.other is not None}
        turns, support = _turns(sentence, covered, stated)
        found.append(SentenceEvidence(start, end, turns, support, standing(here)))
    return tuple(found)


def _turns(sentence: Passage, covered: Sequence[Array], stated: set[int]) -> tuple[tuple[int, ...], float]:
    """Return a sentence's turns and its support. Turns with its facts come before turns with its other words."""
    content = sentence.is_content
    if not len(content) or not covered:
        return tuple(sorted(stated)), 0.0
    chosen = set(stated)
    total = np.max([covered[turn] for turn in chosen], axis=0) if chosen else np.zeros(len(content))
    for _ in range(_MOST_TURNS):
        gains = [float(np.maximum(total, words)[content].mean() - total[content].mean()) for words in covered]
        best = int(np.argmax(gains))
        if gains[best] < _GAIN:
            break
        chosen.add(best)
        total = np.maximum(total, covered[best])
    return tuple(sorted(chosen)), round(float(total[content].mean()), 4)
