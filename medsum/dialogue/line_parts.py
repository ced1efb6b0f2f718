"""Split a line into turns: the text before the first tag, and a turn for each tag within the line.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re
from dataclasses import dataclass

from medsum.core.errors import UserError
from medsum.dialogue.inner_tags import inner_tags
from medsum.dialogue.learnt_tags import Learnt
from medsum.dialogue.line_starts import ends_with_time, without_time_at_end
from medsum.dialogue.roles import ANONYMOUS, person, unbracketed
from medsum.dialogue.tag_forms import TAB

_SEPARATOR_AT_END = re.compile(r"(?: ?(?:\|+|//+|/|>>+|>|\u2022|~|\*|;;))+ ?$")
_DASH_AT_END = re.compile(
    r"(?: (?:--?|#)| ?;) ?$"
)  # if most turns of a line end with a dash, dashes separate turns; otherwise a dash marks an interruption
_NUMBER_AT_END = re.compile(r"(?:^|(?<= ))\(?#?(\d{1,4})[.)]$")


@dataclass
class Turn:
    """One turn.

    `line` is the number of the line in which the turn begins. `tag` is the speaker's tag in the text. `said` is the
    speech. `speaker` is the speaker's name in the result.
    """

    line: int
    tag: str
    said: str
    within: bool = False  # whether the tag is in the middle of a line
    speaker: str = ""


def parts_of(rest: str, learnt: Learnt, number: int) -> list[Turn]:
    """Split a line before each tag within it. Return the text before the first tag as a turn without a tag."""
    found = inner_tags(rest, learnt)
    if not found:
        return [Turn(number, "", spoken(rest))]
    cuts = [0, *(end for _, end, _ in found)]
    ends = [*(start for start, _, _ in found), len(rest)]
    said = _without_separators([rest[start:end] for start, end in zip(cuts, ends, strict=True)])
    turns = [Turn(number, "", spoken(said[0]))]
    return turns + [
        Turn(number, unbracketed(tag), spoken(text), within=True)
        for (_, _, tag), text in zip(found, said[1:], strict=True)
    ]


def _without_separators(said: list[str]) -> list[str]:
    """Return the parts of a line without the numbers, dashes, times and other signs that separate them."""
    numbers = [_NUMBER_AT_END.search(text[-8:].rstrip()) for text in said[:-1]]
    counting = [int(match[1]) for match in numbers if match]
    if len(counting) == len(numbers) > 1 and counting == list(range(counting[0], counting[0] + len(counting))):
        said = [re.sub(r"\(?#?\d+[.)]$", "", text.rstrip()) for text in said[:-1]] + said[-1:]
    dashes = sum(bool(_DASH_AT_END.search(text[-4:])) for text in said[:-1])
    timed = sum(map(ends_with_time, said[:-1]))
    for index in range(len(said) - 1):
        if dashes * 2 > len(said) - 1:
            said[index] = _DASH_AT_END.sub("", said[index])
        said[index] = _SEPARATOR_AT_END.sub("", said[index].rstrip())
        if timed > 1 and timed * 2 >= len(said) - 1:
            said[index] = _SEPARATOR_AT_END.sub("", without_time_at_end(said[index]))
    return said


def check_one_speaker(tag: str, second: Turn) -> None:
    """Raise UserError if a line begins with two different speakers, as in `Patient: Doctor: It hurts.`."""
    if second.said and person(tag).role not in (ANONYMOUS, person(second.tag).role):
        raise UserError(f"line {second.line} begins with two speakers; keep the speaker of the turn")


def keep_address(turns: list[Turn]) -> None:
    """If no words follow the last tag of a line, append this tag to the previous turn.

    In `Yes, I am, Doctor:`, the patient addresses the doctor, so `Doctor:` does not begin a turn.
    """
    if len(turns) > 1 and turns[-1].within and not turns[-1].said:
        address = turns.pop()
        turns[-1].said = f"{turns[-1].said} {address.tag}:".strip()


def spoken(text: str) -> str:
    """Return speech without marks at its start and with single blanks."""
    return " ".join(text.lstrip(" *_").replace(TAB, " ").split())
