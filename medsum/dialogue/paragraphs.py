"""Refuse a paragraph that names no speaker and does not look like speech.

Such a paragraph is a note, a list, a remark of the typist or the text of a program. It would otherwise become a part of
the turn above it.
"""

import re
from collections.abc import Sequence
from typing import Protocol

from medsum.core.errors import UserError
from medsum.dialogue.line_starts import Line
from medsum.dialogue.not_speakers import is_heading, is_medication
from medsum.dialogue.tag_forms import colon_tag


class Spoken(Protocol):
    """A turn."""

    line: int
    said: str


# Words of a conversation: people who speak and are spoken to, short answers, and questions.
_OF_SPEECH = re.compile(
    r"\b(?:I(?![.:/])|I['\u2019]\w+|me|[Mm]y|mine|we|us|our|you|your|yours|yes|yeah|yep|nope|okay|ok|please|thanks|thank"
    r"|And|But|So|Well|hello|hi|bye|sorry|oh|um|uh"
    r"|let['\u2019]?s|(?:it|that|he|she|they|there|what|who)['\u2019](?:s|re|ll|d)"
    r"|\w{2,8}n['\u2019]t|[Ii]t (?:is|was)|[Tt]hat (?:is|was))\b|[?!]|\b[Nn]o,",
)
_VERB = re.compile(r"\b(?:is|are|was|were|am|has|have|had|will|would|can|could|should|does|did)\b", re.IGNORECASE)
_NARROWEST = 50  # the fewest characters of a line that a program wraps, apart from captions
_FEWEST_TURNS = 3  # the fewest turns that show whether people speak
_FEWEST_WORDS = 3  # one word or two may be an answer
_ENDS_SENTENCE = re.compile(r"[.?!\u2026][\"'\u2019\u201d)\]]*$")


def check_paragraphs(lines: Sequence[Line], starts: set[int], known: set[int]) -> None:
    """Raise UserError if a paragraph below the first turn names no speaker and does not look like speech.

    `starts` has the numbers of the lines in which a turn begins. `known` has the numbers of lines that another check
    has placed.
    """
    first = next((index for index, line in enumerate(lines) if line.number in starts), len(lines))
    placed = starts | known
    continued = [index for index in range(first + 1, len(lines)) if lines[index].number not in placed]
    begins = _begins(lines, continued)
    _check_below(lines, begins, max((at for at, line in enumerate(lines) if line.number in placed), default=0))
    for index in begins:
        end = next(
            (at for at in range(index + 1, len(lines)) if at in begins or lines[at].number in placed), len(lines)
        )
        if not _may_be_said(" ".join(line.start.text for line in lines[index:end])):
            raise UserError(
                f"line {lines[index].number} stands apart, names no speaker and does not look like speech; remove it,"
                " or begin it with its speaker"
            )


def _check_below(lines: Sequence[Line], begins: set[int], last: int) -> None:
    """Raise UserError if a paragraph is below the last turn, and no turn above has a second paragraph.

    A note, a letter or advice for the patient may have the words of a conversation.
    """
    below = [index for index in sorted(begins) if index > last and lines[index].below]
    words = [word for line in lines[below[0] :] for word in line.start.text.split()] if below else []
    if len(words) >= _FEWEST_WORDS and not any(index <= last and lines[index].below for index in begins):
        raise UserError(
            f"line {lines[below[0]].number} stands apart below the last turn; remove it, begin it with its speaker, or"
            " remove the empty line above it"
        )


def check_speech(turns: Sequence[Spoken]) -> None:
    """Raise UserError if no turn is a sentence or has words of a conversation, as in a form with fields.

    Speech recognition may write no signs, and all letters small or all in capitals. Such a text is not refused.
    """
    if len(turns) < _FEWEST_TURNS or any(
        is_sentence(turn.said) or turn.said[:1].islower() or turn.said.isupper() for turn in turns
    ):
        return
    raise UserError(
        f"line {turns[0].line}: no turn looks like speech, so this seems to be a form or a note; give a dialogue"
    )


def _begins(lines: Sequence[Line], continued: Sequence[int]) -> set[int]:
    """Return the indices of the lines without a speaker that begin a paragraph.

    Such a line is below an empty line or a horizontal rule, or it is directly below a sentence that it does not go on
    with. A line that goes on with the sentence or the list above begins no paragraph, and a line with a time of the
    recording begins none. If most lines that continue a turn are below an empty line, an empty line begins none either.
    """
    apart = [index for index in continued if lines[index].below]
    is_spaced = len(apart) > 2 and len(apart) * 3 >= len(continued) * 2
    width = max(_NARROWEST, *(len(line.start.text) for line in lines))
    begins = set()
    for index in continued:
        line, above = lines[index], lines[index - 1].start.text
        ended = _ENDS_SENTENCE.search(above[-4:]) is not None
        goes_on = above.endswith(":") or (not ended and (is_spaced or line.start.text[:1].islower()))
        if line.timed or line.in_cue or goes_on:
            continue
        if line.below or (ended and _has_room(above, line.start.text, width) and not _is_said_below(line.start.text)):
            begins.add(index)
    return begins


def _has_room(above: str, text: str, width: int) -> bool:
    """Return whether the first word of a text has room in the line above, so that no program wrapped this line."""
    return len(above) + 1 + len(text.partition(" ")[0]) <= width


def _is_said_below(text: str) -> bool:
    """Return whether a line directly below a sentence may be spoken.

    Such a line is a sentence, has a verb, is a remark in brackets, or begins with a heading or a medication.
    """
    found = colon_tag(text)
    named = found is not None and (is_heading(found.tag) or is_medication(found.tag, found.said))
    return named or text[:1] in "[(" or _VERB.search(text) is not None or is_sentence(text)


def is_sentence(text: str) -> bool:
    """Return whether a text ends like a sentence or has words of a conversation."""
    return text.endswith((".", "?", "!", "\u2026")) or _OF_SPEECH.search(text) is not None


def _may_be_said(paragraph: str) -> bool:
    return len(paragraph.split()) < _FEWEST_WORDS or _OF_SPEECH.search(paragraph) is not None
