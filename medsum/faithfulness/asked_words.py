"""Find denials in a note that a yes in the dialogue contradicts, for words that are in no lexicon.

For example, the dialogue says `Any cravings?` `Yes, in the evenings.`, and the note says `denies cravings`.
"""

import re
from collections.abc import Iterator

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import speaker_role, turn_speaker
from medsum.facts.answers import answer_to, asks_about_family, is_question, polarity
from medsum.facts.fact import Fact
from medsum.facts.lexicon import Word, words
from medsum.facts.note_facts import NoteFacts
from medsum.faithfulness.dialogue_facts import DialogueFacts
from medsum.faithfulness.sided_words import stem
from medsum.faithfulness.verdict import Verdict

_ASKS = re.compile(
    r"\b(?:any|do you (?:have|get)|have you (?:had|noticed|got)|are you having|(?:is|was) there)\b(?P<asked>[^,?]*)\?",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?:or|and|nor)\b", re.IGNORECASE)
_DENIES = re.compile(r"\b(?:no|denies|denied|without|negative for|nil)[ \t]+(?P<denied>[^.;:\n]{3,80})", re.IGNORECASE)
_ITEM_END = re.compile(r",|\b(?:or|and|nor)\b", re.IGNORECASE)
# After one of these words, the note does not name what it denies, but says when, where or how.
_LIST_END = re.compile(
    r"\b(?:but|since|on|in|at|for|from|with|over|after|during|when|while|other|further|new|change)\b", re.IGNORECASE
)
_MOST_WORDS = 3  # a longer item is not a name
_SHORTEST = 5  # in letters
_COVERS = frozenset({"finding", "procedure", "medication", "drug_class", "allergy"})


def asked_verdicts(note: NoteFacts, dialogue: DialogueFacts) -> list[Verdict]:
    """Return a verdict for each denied word of a note that a question names and its answer affirms."""
    affirmed = dict(_affirmed(dialogue.text))
    return [
        Verdict(fact, "contradicted", _said(fact, affirmed[stem(fact.value)]), "negation")
        for fact in (_denied(note) if affirmed else ())
        if stem(fact.value) in affirmed
    ]


def _said(fact: Fact, turn: int) -> Fact:
    return Fact("finding", fact.value, "", 0, 0, turn)


def _affirmed(text: str) -> Iterator[tuple[str, int]]:
    """Yield the stem of each long word in a question about one thing with the answer yes, and the question's turn."""
    lines = text.split("\n")
    for turn, line in enumerate(lines):
        speaker = turn_speaker(line)
        said = line[len(speaker) + 1 :] if speaker else line
        asked = [said[start:end] for start, end in sentences(said)]
        asked = [sentence for sentence in asked if is_question(sentence, speaker_role(speaker))]
        if len(asked) != 1 or not said.rstrip().endswith("?") or asks_about_family(asked[0]):
            continue
        match = _ASKS.search(asked[0])
        answer = answer_to(lines, turn)
        if match and answer and not _SEVERAL.search(match["asked"]):
            start, end = sentences(answer)[0]
            if polarity(answer, answer[start:end]) == "yes":
                yield from ((stem(word.text), turn) for word in words(match["asked"]) if len(word.text) >= _SHORTEST)


def _denied(note: NoteFacts) -> Iterator[Fact]:
    """Yield the last word of each item in the note's lists of denials, if the word is not part of a fact."""
    taken = bytearray(len(note.text))
    for fact in note.facts:
        if fact.kind in _COVERS:
            taken[fact.start : fact.end] = b"\1" * (fact.end - fact.start)
    for match in _DENIES.finditer(note.text):
        limit = _LIST_END.search(note.text, *match.span("denied"))
        end = limit.start() if limit else match.end("denied")
        starts = [
            match.start("denied"),
            *(one.end() for one in _ITEM_END.finditer(note.text, match.start("denied"), end)),
        ]
        for start, until in zip(starts, [*starts[1:], end], strict=True):
            item = _words_at(note.text, start, until)
            if 0 < len(item) <= _MOST_WORDS and len(item[-1].text) >= _SHORTEST:
                last = item[-1]
                if not any(taken[last.start : last.end]):
                    yield Fact("finding", last.text, "", last.start, last.end, context=frozenset({"negated"}))


def _words_at(text: str, start: int, end: int) -> list[Word]:
    """Return the words of `text[start:end]` without conjunctions, with their places in the text."""
    found = words(text[start:end])
    return [
        Word(word.text, word.start + start, word.end + start) for word in found if not _SEVERAL.fullmatch(word.text)
    ]
