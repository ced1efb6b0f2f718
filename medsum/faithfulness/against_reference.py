"""Compare the facts of a summary with the reference. A verdict says whether the reference supports a fact.

A side or an amount of the summary must occur at the same place of the reference. It is not enough if the side or amount
occurs elsewhere, because a note may mention both knees. So sentences that share at least half of their words are
aligned word by word.
"""

from collections.abc import Iterator
from difflib import SequenceMatcher

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import STATED, Fact
from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.amount_verdicts import conflict_of
from medsum.faithfulness.passage import passage
from medsum.faithfulness.verdict import Verdict
from medsum.faithfulness.verdicts import verdicts

Span = tuple[int, int]
_ALIKE = 0.5  # two sentences are aligned if they share at least this part of their words
_SIDES = frozenset({"left", "right", "bilateral", "bilaterally", "both"})


def beside_reference(note: NoteFacts, reference: NoteFacts) -> list[Verdict]:
    """Return a verdict on each fact of the note, from the whole reference and from the most similar sentence in it."""
    replaced = list(_replaced(note.text, reference.text))
    others = [fact for fact in reference.facts if fact.kind not in STATED]
    result = []
    for verdict in verdicts(note.facts, reference.facts, passage(reference.text).text):
        fact = verdict.fact
        if fact.kind not in STATED and verdict.conflict != "sign":
            places = [place for mine, place in replaced if _meet(fact, mine)]
            other = next((o for o in others for place in places if _meet(o, place)), None)
            if other is not None and other.key != fact.key:
                verdict = Verdict(fact, "contradicted", other, conflict_of(fact))
        result.append(verdict)
    return result


def _meet(fact: Fact, span: Span) -> bool:
    return fact.start < span[1] and span[0] < fact.end


def _replaced(summary: str, reference: str) -> Iterator[tuple[Span, Span]]:
    """Yield two spans for each number or side of the summary that differs from the reference at the same place."""
    wanted = [(start, _words(reference, start, end)) for start, end in sentences(reference)]
    for start, end in sentences(summary):
        own = _words(summary, start, end)
        like = _most_alike(own, [words for _, words in wanted])
        if like is not None:
            yield from _other_words(own, wanted[like][1])


def _words(text: str, start: int, end: int) -> list[tuple[str, Span]]:
    """Return the words of a sentence, with numbers as digits, and their positions in the text."""
    sentence = passage(text[start:end])
    spans = [sentence.origin(word.start, word.end) for word in sentence.words]
    return [
        (word.text, (first + start, last + start)) for word, (first, last) in zip(sentence.words, spans, strict=True)
    ]


def _most_alike(own: list[tuple[str, Span]], others: list[list[tuple[str, Span]]]) -> int | None:
    """Return the index of the sentence in `others` that shares the most words with the sentence `own`.

    Return None if no sentence shares at least half of its words.
    """
    mine = {word for word, _ in own}
    shares = []
    for other in others:
        theirs = {word for word, _ in other}
        shares.append(len(mine & theirs) / max(1, len(mine | theirs)))
    best = max(range(len(shares)), key=shares.__getitem__, default=None)
    return best if best is not None and shares[best] >= _ALIKE else None


def _other_words(own: list[tuple[str, Span]], other: list[tuple[str, Span]]) -> Iterator[tuple[Span, Span]]:
    """Yield the spans of two different words at the same place if both words are numbers or both words are sides."""
    matcher = SequenceMatcher(None, [word for word, _ in own], [word for word, _ in other], autojunk=False)
    for change, low, high, other_low, other_high in matcher.get_opcodes():
        if change == "replace" and high - low == other_high - other_low:
            for (word, mine), (instead, theirs) in zip(own[low:high], other[other_low:other_high], strict=True):
                if {word, instead} <= _SIDES or (word[0].isdigit() and instead[0].isdigit()):
                    yield mine, theirs
