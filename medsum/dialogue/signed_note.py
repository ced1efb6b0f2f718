"""Find a note below the last turn: a heading on its own line, and perhaps an electronic signature at the end.

Programs for medical records print such a note below the transcript of a visit.
"""

import re
from collections.abc import Sequence

from medsum.dialogue.line_starts import Line
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.tag_forms import Tagged
from medsum.dialogue.unspoken import may_be_speech

_SIGNATURE = re.compile(
    r"\W*(?:(?:electronically|digitally) ?(?:signed|authenticated|approved|reviewed|verified)|e-?signed|e-?signature"
    r"|electronic signature|/s/ ?[A-Z]|dictated,? but not (?:read|reviewed|signed)|authenticated by"
    r"|signed(?=:| by))[^?!]{0,120}$",
    re.IGNORECASE,
)
_REMARK = re.compile(r" ?[(\[][^()\[\]]{1,40}[)\]]$")  # for example `(draft)`
_OTHER_WORDS = re.compile(r"\b(?:and|of|the|draft|patient|ai|soap|auto)\b|[&/,-]", re.IGNORECASE)
_LONGEST = 60  # the largest number of characters in a heading


def without_signed_note(lines: list[Line], tagged: list[Tagged | None]) -> tuple[list[Line], list[Tagged | None]]:
    """Return the lines and their tags without a signed note below the last turn.

    The note begins with a heading and ends with an electronic signature. A signature may also stand alone below an
    empty line.
    """
    if not lines or tagged[-1] or not is_signature(lines[-1].start.bare):
        return lines, tagged
    begin = begin_of_note(lines, tagged)
    if begin is None and lines[-1].below:
        begin = len(lines) - 1
    last = max((index for index, found in enumerate(tagged) if found), default=-1)
    apart = next((at for at in range(last + 1, len(lines)) if lines[at].below), len(lines))
    ruled = apart < len(lines) and lines[apart].below == "rule"
    if ruled and not any(may_be_speech(line.start.bare) for line in lines[apart:]):
        return lines[:apart], tagged[:apart]
    # A paragraph between the last turn and the note may be speech or not, so all lines are kept.
    if begin is None or any(line.below for line in lines[last + 1 : begin]):
        return lines, tagged
    return lines[:begin], tagged[:begin]


def begin_of_note(lines: Sequence[Line], tagged: Sequence[Tagged | None]) -> int | None:
    """Return the index of the first heading of a note below the last turn, or None if there is no such heading."""
    last = max((index for index, found in enumerate(tagged) if found), default=len(lines))
    turns = [line.start.bare for line, found in zip(lines, tagged, strict=True) if found and found.said]
    in_capitals = sum(turn.isupper() for turn in turns) * 2 > len(turns)
    for index in range(last + 1, len(lines)):
        line = lines[index]
        apart = line.below in ("blank", "rule")
        if apart and _is_heading_of_note(line.start.bare, in_capitals=in_capitals):
            return index
    return None


def is_signature(line: str) -> bool:
    """Return whether a line is an electronic signature, as in `Electronically signed by A. Moss, MD`."""
    return _SIGNATURE.match(line) is not None


def _is_heading_of_note(line: str, *, in_capitals: bool) -> bool:
    """Return whether a whole line is a heading, such as `ASSESSMENT AND PLAN (draft)` or `Physical Exam`.

    If the turns are in capitals, a heading in capitals may be speech.
    """
    if len(line) > _LONGEST:
        return False
    text = _REMARK.sub("", line.strip(" *_#=-"))
    if text in ("A/P", "A&P"):  # assessment and plan
        return True
    words = _OTHER_WORDS.sub(" ", text.rstrip(" :")).split()
    if not words or not is_heading(" ".join(words)):
        return False
    if text.isupper():
        return not in_capitals
    return " " in text and all(word[:1].isupper() for word in words) and text[-1:].isalpha()
