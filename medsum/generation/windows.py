"""Dialogues longer than the model reads: windows of whole turns that overlap, and one summary from theirs."""

import re
from collections.abc import Callable

from medsum.dialogue.sentences import sentences
from medsum.dialogue.turns import turn_speaker

_WORD = re.compile(r"[^\W_]+(?:[./'-][^\W_]+)*")
Fits = Callable[[str], bool]


def windows(dialogue: str, fits: Fits, overlap_turns: int) -> list[str]:
    """Cut a dialogue at turn boundaries into texts that fit, each as long as it can be.

    Each window begins with the last `overlap_turns` turns of the one before, as far as they leave room for a new
    turn. A turn that does not fit by itself is cut between words, its speaker repeated. No word is lost.
    `fits` must hold for every text of a few characters.
    """
    turns = [part for turn in dialogue.split("\n") for part in _fitting_parts(turn, fits)]
    found, done = [], 0
    while done < len(turns):
        start = max(0, done - overlap_turns)
        while start < done and not fits("\n".join(turns[start : done + 1])):
            start += 1
        end = done + 1
        while end < len(turns) and fits("\n".join(turns[start : end + 1])):
            end += 1
        found.append("\n".join(turns[start:end]))
        done = end
    return found


def _fitting_parts(turn: str, fits: Fits) -> list[str]:
    """The turn, or its pieces with the speaker before each."""
    if fits(turn):
        return [turn]
    speaker = turn_speaker(turn)
    tag, rest = (f"{speaker}: ", turn.partition(":")[2].strip()) if speaker else ("", turn)
    parts = []
    while rest:
        length = _longest_prefix(rest, lambda text: fits(tag + text))
        parts.append(tag + rest[:length].strip())
        rest = rest[length:].strip()
    return parts


def _longest_prefix(text: str, fits: Fits) -> int:
    """How many characters fit, at least one, up to a space where there is one; by bisection."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    if low == len(text):
        return low
    space = text.rfind(" ", 0, low + 1)
    return space if space > 0 else low


def merge(summaries: list[str]) -> str:
    """One text of the windows' summaries; a sentence that has the words of an earlier one in their order is left out.

    Nothing less is safe: `Takes aspirin` stands in `No longer takes aspirin`, and all words of `Left knee pain` in
    `Right knee pain, left hip is fine`.
    """
    if len(summaries) == 1:
        return summaries[0]
    kept: list[str] = []
    said: set[tuple[str, ...]] = set()
    for summary in summaries:
        for start, end in sentences(summary):
            sentence = summary[start:end].strip()
            words = tuple(word.lower() for word in _WORD.findall(sentence))
            if words and words not in said:
                kept.append(sentence)
                said.add(words)
    return " ".join(kept)
