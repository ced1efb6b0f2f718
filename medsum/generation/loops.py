"""Cut a text before a loop. In a loop, a text repeats the same words; small models often end their text with a loop."""

import re
from collections import Counter

from medsum.dialogue.sentences import sentence_at, sentences

_WORD = re.compile(r"[^\W_]+")
_BEGINNING = 5  # sentences are compared by their first five words
_SENTENCES = 3  # three sentences with the same beginning are a loop
_RUN = 3  # a run has three consecutive words; runs with a digit are not counted, because doses recur
_RUNS = 4  # a run may occur at most four times in a text
_EMPTY_LIST = re.compile(r"(?:(?<!\S)\d{1,3}[.)](?:\s+|\Z)){3,}")  # `8. 9. 10.`: numbers of list items without text


def without_loop(text: str) -> str:
    """Return the text without repeated sentences and without loops.

    A loop begins in the third sentence that has the same first five words, at the fifth occurrence of the same three
    consecutive words, or at three list numbers without text. The text ends before the sentence in which the loop
    begins. If the loop begins in the first sentence, the text ends at the last comma before the loop. If there is no
    such comma, it ends directly before the loop.
    """
    kept = _distinct_sentences(text)
    end = min(_alike_sentence(kept), _frequent_run(kept), _empty_list(kept))
    return kept if end == len(kept) else _closed(kept[:end])


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))


def _distinct_sentences(text: str) -> str:
    """Return the text without sentences that repeat an earlier sentence. Sentences of one word may be repeated."""
    seen: set[tuple[str, ...]] = set()
    kept, done = [], 0
    for start, end in sentences(text):
        words = _words(text[start:end])
        if len(words) > 1 and words in seen:
            kept.append(text[done:start])
            done = end
        seen.add(words)
    return ("".join(kept) + text[done:]).rstrip() if kept else text


def _empty_list(text: str) -> int:
    """Return where three list numbers without text begin, or the length of the text if it has no such numbers."""
    found = _EMPTY_LIST.search(text)
    return found.start() if found else len(text)


def _alike_sentence(text: str) -> int:
    """Return where the third sentence with the same beginning starts.

    Return the length of the text if there is no such sentence.
    """
    beginnings: Counter[tuple[str, ...]] = Counter()
    for start, end in sentences(text):
        words = _words(text[start:end])[:_BEGINNING]
        beginnings[words] += len(words) == _BEGINNING
        if beginnings[words] == _SENTENCES:
            return start
    return len(text)


def _frequent_run(text: str) -> int:
    """Return where to cut a text in which a run of words is too frequent.

    The cut is before the sentence, the clause or the run. Return the length of the text if no run is too frequent.
    """
    words = list(_WORD.finditer(text))
    runs: Counter[tuple[str, ...]] = Counter()
    for index in range(len(words) - _RUN + 1):
        run = tuple(match[0].lower() for match in words[index : index + _RUN])
        if any(character.isdigit() for word in run for character in word):
            continue
        runs[run] += 1
        if runs[run] > _RUNS:
            place = words[index].start()
            return sentence_at(text, place)[0] or max(text.rfind(",", 0, place), 0) or place
    return len(text)


def _closed(text: str) -> str:
    """Return the text with a full stop at its end."""
    ended = text.rstrip(" \n,;:-")
    return ended if ended.endswith((".", "!", "?")) or not ended else f"{ended}."
