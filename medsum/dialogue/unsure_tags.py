"""Decide whether a line that has no certain tag begins a turn, or refuse it with its number.

A tag is the text at the start of a turn that names its speaker, such as `Doctor` in `Doctor: Any pain?`.
"""

import re

from medsum.core.errors import UserError
from medsum.dialogue.known_tags import is_known, is_name, is_name_of_person, starts_utterance
from medsum.dialogue.learnt_tags import Learnt
from medsum.dialogue.line_starts import Line
from medsum.dialogue.not_speakers import has_heading_word, is_heading, is_medication
from medsum.dialogue.paragraphs import is_sentence
from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import Tagged, alone_tag, colon_tag

_BY_A_PERSON = re.compile(r"\b(?:I|I'm|I've|my|me|we|you|he|she|they|yes|no)\b", re.IGNORECASE)


def unsure_tag(lines: list[Line], index: int, learnt: Learnt, *, above: bool) -> Tagged | None:
    """Return the tag of a line if the tag is the name of a person and no other line begins with this tag.

    Return None if the line is an item of a list, or if it is `above` all certain turns and has a field, such as
    `Chat Origin: Virtual Care`. Raise UserError if it is unclear whether the line is a turn.
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
        if is_sentence(found.said):
            return found
        if above:
            return None
        raise _unclear(lines[index].number)
    unnamed = not any(is_heading(tag) or person(tag).known for tag in learnt.colon)
    if len(learnt.colon) == learnt.lines == len(lines) < 4 and unnamed:
        return found  # in a short dialogue, each named person may have only one turn
    neighbours = [colon_tag(lines[at].start.bare) for at in (index - 1, index + 1) if 0 <= at < len(lines)]
    is_item = any(other and not is_known(other, learnt) for other in neighbours) and not _BY_A_PERSON.search(found.said)
    if len(words) > 1 or is_item:
        return None
    raise _unclear(lines[index].number)


def _unclear(number: int) -> UserError:
    return UserError(
        f"line {number} may be the only turn of a speaker, or part of the previous turn;"
        " write the speaker as Doctor, Patient or with a title, or remove the colon"
    )


def check_no_tag(line: Line) -> None:
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


def check_no_name(line: Line, before: Tagged | None, learnt: Learnt) -> None:
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
