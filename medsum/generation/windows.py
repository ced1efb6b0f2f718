"""Divide a dialogue that is too long for the model into overlapping parts, called windows.

A window consists of whole turns. Only a turn that is too long for a window is divided.
"""

from collections.abc import Callable

from medsum.dialogue.turns import turn_speaker

Fits = Callable[[str], bool]


def windows(dialogue: str, fits: Fits, overlap_turns: int) -> list[str]:
    """Divide a dialogue into windows that fit into the model. Make each window as long as possible.

    `fits` returns whether a text fits into the model. It must return True for every text of a few characters. Each
    window repeats the last `overlap_turns` turns of the previous window. It repeats fewer turns if `overlap_turns`
    turns would leave no room for a new turn. A turn that does not fit into a window is divided between words, and each
    part begins with the speaker. No word is lost.
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
    """Return the turn if it fits. Otherwise return its parts; each part begins with the speaker."""
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
    """Return how many characters of the text fit, but at least one. If possible, a space follows these characters."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    if low == len(text):
        return low
    space = text.rfind(" ", 0, low + 1)
    return space if space > 0 else low
