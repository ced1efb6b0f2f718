"""Read the layout of a screenplay: names alone on a line, and below them how the person speaks, as in `(smiling)`."""

import re

from medsum.dialogue.roles import person
from medsum.dialogue.stage_directions import may_be_answer

_AFTER_NAME = re.compile(
    r" ?\((?:CONT['\u2019]?D?\.?|CONTINUED|CONTINUING|V\.?O\.?|O\.?S\.?|O\.?C\.?)\)$", re.IGNORECASE
)
_CHANGE = re.compile(r"(?:FADE (?:IN|OUT|TO BLACK)|(?:SMASH |MATCH )?CUT TO(?: BLACK)?|DISSOLVE TO|\(MORE\))[.:]?$")
_MANNER = re.compile(r"\(((?!(?:no|any|some|every)?thing\b)[a-z]{2,20}ing(?: [\w',-]{1,20}){1,7})\)$")
_BEFORE_SPEECH = re.compile(
    r"\(((?:[a-z]{2,20}(?:ly|ing)|aside|beat|from|to|at|in|into|on|with|after)(?: [\w',-]{1,20}){0,7})\) ?(?=\S)"
)
_LONGEST = 60  # the largest number of characters in a name with a mark after it


def without_script_marks(lines: list[str]) -> list[str]:
    """Return the lines without what a screenplay writes around the speech.

    This is the mark after a name, as in `DOCTOR (CONT'D)`, a change of the scene, as in `CUT TO:`, and the line between
    a name and the speech, as in `(twisting a tissue)`. A gesture that may be an answer stays.
    """
    kept = ["" if _CHANGE.match(line) else _without_mark(line) for line in lines]
    for place in range(1, len(kept) - 1):
        found = _MANNER.match(kept[place])
        if found and _is_name(kept[place - 1]) and kept[place + 1] and not may_be_answer(found[1]):
            kept[place] = ""
    return kept


def without_manner(said: str) -> str:
    """Return the speech in a play without how a person begins to speak: `(gently) Sit down.` → `Sit down.`."""
    found = _BEFORE_SPEECH.match(said)
    return said[found.end() :] if found and not may_be_answer(found[1]) else said


def _is_name(line: str) -> bool:
    return 0 < len(line) <= _LONGEST and person(line.rstrip(" :")).known


def _without_mark(line: str) -> str:
    """Remove the mark from a line that has only a name and a mark. Return any other line unchanged."""
    if len(line) > _LONGEST or not line.endswith(")"):
        return line
    name = _AFTER_NAME.sub("", line)
    return name if name.isupper() else line
