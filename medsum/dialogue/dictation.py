"""Refuse a text in which only one speaker speaks, if this text is a dictation and not a dialogue."""

import re
from collections.abc import Sequence
from typing import Protocol

from medsum.core.errors import UserError
from medsum.dialogue.roles import ANONYMOUS, person

_MARK = re.compile(  # the words with which a speaker dictates punctuation and layout
    r"\b(?:full stop|new (?:paragraph|line|heading)|next (?:paragraph|line)|(?:open|close) (?:brackets?|quotes?)"
    r"|(?:start|end) (?:of )?dictation|comma(?= )|period(?= (?:new|next)\b|$)|colon(?= new\b))(?=\W|$)",
    re.IGNORECASE,
)
_OF_LETTER = re.compile(
    r"\bdear (?:dr|doctor|colleague|sir|madam)\b|\byours (?:sincerely|faithfully|truly)\b"
    r"|\bthank you for (?:referring|seeing|asking me to see)\b",
    re.IGNORECASE,
)
_FEWEST_MARKS = 2


class Spoken(Protocol):
    """A turn. `tag` is the speaker's tag in the text, and `speaker` is the speaker's name in the result."""

    line: int
    tag: str
    said: str
    speaker: str


def check_speakers(turns: Sequence[Spoken]) -> None:
    """Raise UserError if the only speaker dictates, or if the only speaker has several turns and no role."""
    if len({turn.speaker for turn in turns}) != 1:
        return
    first = turns[0]
    marks = sum(len(_MARK.findall(turn.said)) for turn in turns)
    letter = sum(len(_OF_LETTER.findall(turn.said)) for turn in turns)
    if marks >= _FEWEST_MARKS or letter >= _FEWEST_MARKS:
        raise UserError(
            f"line {first.line} begins a dictation by {first.speaker}, and nobody else speaks; give the turns of the"
            " clinician and of the patient"
        )
    if len(turns) > 1 and person(first.tag).role == ANONYMOUS:
        raise UserError(
            f"only {first.speaker} speaks, from line {first.line} on; name the clinician and the patient before their"
            " turns"
        )
