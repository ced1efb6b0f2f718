"""Small models repeat themselves at the end of a text; this module ends the text before it runs in a loop."""

import re
from collections import Counter

from medsum.dialogue.sentences import sentences

_WORD = re.compile(r"[^\W_]+")
_BEGINNING = 5  # words; three sentences that begin alike are a loop: "The patient denies any recent ..."
_SENTENCES = 3
_RUN = 3  # words, none of them with a digit, because doses recur
_RUNS = 4  # times that a run may stand in a text


def without_loop(text: str) -> str:
    """Return the text up to the sentence in which a loop begins, without sentences that repeat an earlier one.

    A loop is the third sentence with the same first five words, or the fifth occurrence of the same three words in a
    row. If the first sentence holds the loop, the text ends at its last comma before the loop, or at the loop.
    """
    kept = _distinct_sentences(text)
    end = min(_alike_sentence(kept), _frequent_run(kept))
    return kept if end == len(kept) else _closed(kept[:end])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))


def _distinct_sentences(text: str) -> str:
    """Return the text without each sentence of several words that stands there before; else unchanged."""
    seen: set[tuple[str, ...]] = set()
    kept, done = [], 0
    for start, end in sentences(text):
        words = _words(text[start:end])
        if len(words) > 1 and words in seen:
            kept.append(text[done:start])
            done = end
        seen.add(words)
    return ("".join(kept) + text[done:]).rstrip() if kept else text


def _alike_sentence(text: str) -> int:
    """Return where the third of the sentences that begin alike starts, or the length of the text."""
    beginnings: Counter[tuple[str, ...]] = Counter()
    for start, end in sentences(text):
        words = _words(text[start:end])[:_BEGINNING]
        beginnings[words] += len(words) == _BEGINNING
        if beginnings[words] == _SENTENCES:
            return start
    return len(text)


def _frequent_run(text: str) -> int:
    """Return where the sentence, clause or run starts in which a run of words is too frequent."""
    words = list(_WORD.finditer(text))
    runs: Counter[tuple[str, ...]] = Counter()
    for index in range(len(words) - _RUN + 1):
        run = tuple(match[0].lower() for match in words[index : index + _RUN])
        if any(character.isdigit() for word in run for character in word):
            continue
        runs[run] += 1
        if runs[run] > _RUNS:
            place = words[index].start()
            start = max((start for start, _ in sentences(text) if start <= place), default=0)
            return start or max(text.rfind(",", 0, place), 0) or place
    return len(text)


def _closed(text: str) -> str:
    """Return the text with a full stop at its end."""
    ended = text.rstrip(" \n,;:-")
    return ended if ended.endswith((".", "!", "?")) or not ended else f"{ended}."
