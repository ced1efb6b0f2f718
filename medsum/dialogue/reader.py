"""Read a text as a dialogue. Return its turns, or refuse the text and name the line with the problem.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re
from dataclasses import dataclass, field

from medsum.core.errors import UserError
from medsum.dialogue.around_turns import check_end, check_preamble, is_title, lines_of_head
from medsum.dialogue.dictation import check_speakers
from medsum.dialogue.inner_tags import inner_tags
from medsum.dialogue.kin_lists import kin_list
from medsum.dialogue.known_tags import first_tag, is_known, is_name, is_name_of_person, starts_utterance
from medsum.dialogue.learnt_tags import Learnt
from medsum.dialogue.line_starts import (
    Line,
    Start,
    ends_with_time,
    without_time_at_end,
    without_time_at_start,
)
from medsum.dialogue.lines import lines_of
from medsum.dialogue.not_speakers import has_heading_word, is_heading, is_medication
from medsum.dialogue.one_visit import check_lines, check_turns, repeated_head
from medsum.dialogue.roles import ANONYMOUS, person, unbracketed
from medsum.dialogue.signed_note import without_signed_note
from medsum.dialogue.speakers import name_speakers
from medsum.dialogue.tag_forms import TAB, Tagged, alone_tag, colon_tag
from medsum.dialogue.titles import begins_like_turn

NO_SPEAKER = "no speaker is named; begin each turn with its speaker, as in 'Doctor: ...' and 'Patient: ...'"
_SEPARATOR_AT_END = re.compile(r"(?: ?(?:\|+|//+|/|>>+|>|\u2022|~|\*|;;))+ ?$")
_DASH_AT_END = re.compile(
    r"(?: (?:--?|#)| ?;) ?$"
)  # if most turns of a line end with a dash, dashes separate turns; otherwise a dash marks an interruption
_NUMBER_AT_END = re.compile(r"(?:^|(?<= ))\(?#?(\d{1,4})[.)]$")
_BY_A_PERSON = re.compile(r"\b(?:I|I'm|I've|my|me|we|you|he|she|they|yes|no)\b", re.IGNORECASE)
_NOTHING = re.compile(r"(?:nan|none|null|n/a|#n/a)?$", re.IGNORECASE)


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


@dataclass
class Dialogue:
    """The turns in order, and the lines before the first turn."""

    turns: list[Turn]
    preamble: list[int] = field(default_factory=list)  # the numbers of the lines before the first turn

    @property
    def text(self) -> str:
        """Return the dialogue with one line `Speaker: text` for each turn."""
        return "\n".join(f"{turn.speaker}: {turn.said}" for turn in self.turns)

    @property
    def speakers(self) -> list[str]:
        """Return each speaker once, in order of appearance."""
        return list(dict.fromkeys(turn.speaker for turn in self.turns))

    @property
    def tags_within_lines(self) -> int:
        """Return the number of turns that begin in the middle of a line."""
        return sum(turn.within for turn in self.turns)


def read(text: str) -> Dialogue:
    """Return the dialogue of a text.

    Raise UserError if nobody speaks, if the text has more than one visit, or if it is unclear whether a line begins a
    turn or continues the previous turn.
    """
    lines = lines_of(text)
    learnt = Learnt()
    for line in lines:
        learnt.learn(line.start.bare)
    learnt.finish()
    titles = {index for index, line in enumerate(lines) if begins_like_turn(line.start.text)}
    tagged = [None if index in titles else first_tag(line.start.bare, learnt) for index, line in enumerate(lines)]
    listed = kin_list(lines)
    tagged = [None if index in listed else found for index, found in enumerate(tagged)]
    lines, tagged = without_signed_note(lines, tagged)
    head = lines_of_head(lines, tagged)
    repeated = repeated_head(lines, tagged)
    check_lines(lines, tagged, head, repeated)
    titles |= repeated
    check_end(lines, tagged, learnt)
    stamps = [line.start.stamped for line, found in zip(lines, tagged, strict=True) if found]
    stamped = sum(stamps) > 1 and sum(stamps) * 2 >= len(stamps)
    timed = sum(map(bool, tagged)) > 1 and all(line.timed for line, tag in zip(lines, tagged, strict=True) if tag)
    turns: list[Turn] = []
    preamble: list[Line] = []
    for index, line in enumerate(lines):
        if index < head:
            continue
        if index in titles or (tagged[index] is None and is_title(line.start.text)):
            continue
        found = tagged[index] or (None if index in listed else _unsure_tag(lines, index, learnt))
        if found is None and timed and line.timed:
            _check_no_tag(line)
        begins = found is not None
        if found is None and turns:
            _check_no_name(line, tagged[index - 1], learnt)
        rest = found.said if found else (line.start.bare if stamped and line.start.stamped else line.start.text)
        if found:
            _keep_address(turns)
            is_next_cue = line.in_cue and turns and turns[-1].tag == found.tag  # each cue of a turn has its tag
            turns += [] if is_next_cue else [Turn(line.number, found.tag, "")]
        if learnt.timed and found:
            rest = without_time_at_start(rest)
        parts = [Turn(line.number, "", _spoken(rest))] if index in listed else _parts(rest, learnt, line.number)
        if found and person(found.tag).known and len(parts) > 1 and not parts[0].said:
            _check_one_speaker(found.tag, parts[1])
        for part in parts:
            if part.tag:
                turns.append(part)
            elif turns:
                turns[-1].said = f"{turns[-1].said} {part.said}".strip()
            elif part.said and not begins:
                preamble.append(Line(line.number, Start(part.said, part.said, False)))
    said = [turn for turn in turns if turn.said]
    if not said or all(_NOTHING.match(turn.said) for turn in said):
        raise UserError(NO_SPEAKER)
    check_preamble(preamble)
    name_speakers(said)
    check_speakers(said)
    check_turns(said, lines)
    return Dialogue(said, [line.number for line in (*lines[:head], *preamble)])


def _check_one_speaker(tag: str, second: Turn) -> None:
    """Raise UserError if a line begins with two different speakers, as in `Patient: Doctor: It hurts.`."""
    if second.said and person(tag).role not in (ANONYMOUS, person(second.tag).role):
        raise UserError(f"line {second.line} begins with two speakers; keep the speaker of the turn")


def _keep_address(turns: list[Turn]) -> None:
    """If no words follow the last tag of a line, append this tag to the previous turn.

    In `Yes, I am, Doctor:`, the patient addresses the doctor, so `Doctor:` does not begin a turn.
    """
    if len(turns) > 1 and turns[-1].within and not turns[-1].said:
        address = turns.pop()
        turns[-1].said = f"{turns[-1].said} {address.tag}:".strip()


def _parts(rest: str, learnt: Learnt, number: int) -> list[Turn]:
    """Split a line before each tag within it. Return the text before the first tag as a turn without a tag."""
    found = inner_tags(rest, learnt)
    if not found:
        return [Turn(number, "", _spoken(rest))]
    cuts = [0, *(end for _, end, _ in found)]
    ends = [*(start for start, _, _ in found), len(rest)]
    said = [rest[start:end] for start, end in zip(cuts, ends, strict=True)]
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
    turns = [Turn(number, "", _spoken(said[0]))]
    return turns + [
        Turn(number, unbracketed(tag), _spoken(text), within=True)
        for (_, _, tag), text in zip(found, said[1:], strict=True)
    ]


def _spoken(text: str) -> str:
    return " ".join(text.lstrip(" *_").replace(TAB, " ").split())


def _unsure_tag(lines: list[Line], index: int, learnt: Learnt) -> Tagged | None:
    """Return the tag of a line if the tag is the name of a person and no other line begins with this tag.

    Return None if the line is an item of a list. Raise UserError if it is unclear whether the line is a turn.
    """
    line = lines[index].start.bare
    found = None if learnt.covering else colon_tag(line)
    if found is None or not found.tag[:1].isupper() or not found.said or person(found.tag).known:
        return None
    if is_heading(found.tag) or is_medication(found.tag, found.said) or not starts_utterance(found.said, learnt):
        return None
    words = found.tag.split()
    if words[0].rstrip(".").title() in ("Mr", "Mrs", "Ms", "Miss", "Mx"):
        return found
    if learnt.lower or len(found.tag) == 1 or (len(words) > 1 and not all(word[:1].isupper() for word in words)):
        return None
    if 1 < len(words) <= 4 and not has_heading_word(found.tag):
        return found
    unnamed = not any(is_heading(tag) or person(tag).known for tag in learnt.colon)
    if len(learnt.colon) == learnt.lines == len(lines) < 4 and unnamed:
        return found  # in a short dialogue, each named person may have only one turn
    neighbours = [colon_tag(lines[at].start.bare) for at in (index - 1, index + 1) if 0 <= at < len(lines)]
    is_item = any(other and not is_known(other, learnt) for other in neighbours) and not _BY_A_PERSON.search(found.said)
    if len(words) > 1 or is_item:
        return None
    raise UserError(
        f"line {lines[index].number} may be the only turn of a speaker, or part of the previous turn;"
        " write the speaker as Doctor, Patient or with a title, or remove the colon"
    )


def _check_no_tag(line: Line) -> None:
    """Raise UserError if a line begins like a turn, with a time and words before a colon, but has no known tag.

    The check applies to dialogues in which all turns have a time.
    """
    found = colon_tag(line.start.bare)
    if found is None or found.said[:1].isdigit():  # for example `LDL: 160`
        return
    if len(found.tag.split()) < 4 and not (is_heading(found.tag) or is_medication(found.tag, found.said)):
        raise UserError(
            f"line {line.number} has a time, as the turns have, but a speaker of an unknown form; write the speaker as"
            " Doctor, Patient or a name with a title, or remove the colon"
        )


def _check_no_name(line: Line, before: Tagged | None, learnt: Learnt) -> None:
    """Raise UserError if a line below an empty line has only a name, or a name and a time, as the turns have.

    A name directly below a tag, which is `before`, is an answer.
    """
    if before is not None or line.below != "blank":
        return
    alone = alone_tag(line.start.bare)
    timed = alone is not None and alone.form == "alone timed" and learnt.alone_times > 2
    is_name_and_time = timed and alone is not None and is_name(alone.tag) and not is_heading(alone.tag)
    own_lines = learnt.covers("alone") or learnt.on_own_lines
    if is_name_and_time or (own_lines and is_name_of_person(line.start.text)):
        raise UserError(
            f"line {line.number} may be the only turn of a speaker, or part of the previous turn;"
            " write the speaker as Doctor, Patient or another role, or join the line with the line above it"
        )
