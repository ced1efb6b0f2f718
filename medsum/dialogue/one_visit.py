"""Refuse a text with more than one visit, because a note describes one patient.

Above the first turn, a text may have any number of titles and lines about the visit. Below the first turn, such a line
begins another visit. There is one exception: a line that repeats a line from above the first turn, such as a page
header, does not begin another visit.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

from medsum.core.errors import UserError
from medsum.dialogue.around_turns import is_of_head
from medsum.dialogue.line_starts import Line
from medsum.dialogue.not_speakers import is_heading
from medsum.dialogue.roles import PATIENT, person
from medsum.dialogue.tag_forms import Tagged
from medsum.dialogue.titles import is_about_visit, is_name_alone, marked_title, same_title, visit_at_end

_OPENING = re.compile(
    r"\W*(?:(?:oh|so|okay|right|well),? )?(?!.{0,20}\b(?:again|back)\b)"
    r"(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|welcome"
    r"|come (?:on )?in\b|nice to (?:meet|see)|what (?:brings|can (?:i|we) do|seems to be)|how can (?:i|we) help"
    r"|have a seat|(?:who(?:'s| is) )?next\b)",
    re.IGNORECASE,
)
_FAREWELL = re.compile(
    r"\b(?:good ?bye|bye(?:[- ]bye)?|take care|see you (?:then|soon|next|in|on|again|later)|have a (?:good|nice|great) "
    r"(?:day|one|evening|weekend|afternoon))\b",
    re.IGNORECASE,
)
_PARTING = re.compile(  # the end of a turn whose last clause is only a farewell or thanks
    r"(?:^|[.!?,;] (?:and |so |okay,? |ok,? )?)"
    r"(?:good ?bye|bye(?:[- ]bye)?|take care|see you (?:then|soon|later|next \w+))[^.?!,;]{0,15}[.!]?$"
    r"|(?:^|[.!?,;] )(?:thanks|thank you)(?: (?:so|very) much)?(?:,? (?:doctor|doc|dr\.? \w{1,20}))?[.!]?$",
    re.IGNORECASE,
)
_RETURN = re.compile(r"\b(?:again|back)\b", re.IGNORECASE)  # as in `Hello again`, if a person left the room
_LONGEST_PARTING = 60
_MOST_PARTS = 3  # more rules between turns divide a text into paragraphs, not into visits
_FEWEST_OF_OTHERS = 3  # the fewest turns of a part in which only other people speak
_FEWEST_TURNS = 4  # the fewest turns of a part that may be a visit
_PART = re.compile(r"\d|\b(?:visit|case|follow-up|patient|later)\b", re.IGNORECASE)
_NAME = re.compile(r"\b(?:name|called|who)\b", re.IGNORECASE)
_FIELD = re.compile(
    r"\W*(?!(?:notes?|comments?|remarks?|time(?:stamp)?)\b)([a-z][\w ./'-]{0,30}?)\W{0,3}[:=]", re.IGNORECASE
)


class Spoken(Protocol):
    """A turn. `tag` is the speaker's tag in the text, and `speaker` is the speaker's name in the result."""

    line: int
    tag: str
    said: str
    speaker: str


def repeated_head(lines: Sequence[Line], tagged: Sequence[Tagged | None]) -> set[int]:
    """Return the indices of lines that repeat a line from above the first turn, such as a page header."""
    first = next((index for index, found in enumerate(tagged) if found), len(lines))
    head = {same_title(line.start.text) for line in lines[:first]}
    return {
        index
        for index, line in enumerate(lines)
        if index > first and tagged[index] is None and same_title(line.start.text) in head
    }


def check_lines(lines: Sequence[Line], tagged: Sequence[Tagged | None], head: int, skipped: set[int]) -> None:
    """Raise UserError if a line below the first turn begins another visit.

    `head` is the number of lines that come before the first turn and give the speakers and facts about the visit.
    `skipped` has the indices of lines that are not checked.
    """
    first = next((index for index, found in enumerate(tagged) if found and index >= head), len(lines))
    level = min((len(title[1]) for line in lines[:first] if (title := marked_title(line.start.text))), default=0)
    in_blocks = _are_in_blocks([line.below for line, tag in zip(lines, tagged, strict=True) if tag][1:])
    fields = {_field(line.start.text) for line, tag in zip(lines[:first], tagged, strict=False) if tag is None} - {""}
    numbered = {_without_digits(line.start.text) for line in lines[:first]} - {""}
    ended = False
    for index in range(first + 1, len(lines)):
        line, found = lines[index], tagged[index]
        ended |= line.below == "end"
        if found is None and index not in skipped:
            if in_blocks and line.below in ("blank", "rule") and _stands_apart(lines, tagged, index):
                raise _another(line.number)
            if _field(line.start.text) in fields or _without_digits(line.start.text) in numbered:
                raise _another(line.number)
            title = marked_title(line.start.text)
            if is_about_visit(line.start.text) or _is_in_block(lines, tagged, index):
                raise _another(line.number)
            if title and (len(title[1]) <= level or is_name_alone(title[2])) and not is_heading(title[2].strip(" *_#")):
                raise _another(line.number)
        elif found and (ended or _is_title_of_turns(lines, tagged, index, first)):
            raise _another(line.number)


def _are_in_blocks(below: Sequence[str]) -> bool:
    """Return whether turns usually follow each other without empty lines."""
    return sum(what == "blank" for what in below) * 3 < len(below)


def _field(line: str) -> str:
    """Return the name of the field in a line such as `CC: cough`, or an empty text."""
    found = _FIELD.match(line)
    return found[1].casefold() if found else ""


def _without_digits(line: str) -> str:
    """Return the title in a line, with each digit replaced by 0.

    Return an empty text if the title has no number of four or more digits.
    """
    title = same_title(line)
    return re.sub(r"\d", "0", title) if re.search(r"\d{4}", title) else ""


def _stands_apart(lines: Sequence[Line], tagged: Sequence[Tagged | None], index: int) -> bool:
    """Return whether a line is directly above a turn and looks like a title, such as `Tom Bellamy, 34`.

    Such a line is short. It is not a sentence, a remark in brackets or the heading of a section.
    """
    text = lines[index].start.text
    follows = index + 1 < len(lines) and tagged[index + 1] is not None
    is_sentence = (len(text.split()) > 2 or text[:1].islower()) and text.rstrip("\"')]").endswith(
        (".", "?", "!", "...")
    )
    is_remark = text[:1] in "([" and not any(character.isdigit() for character in text)
    is_section = is_heading(text.strip(" :*_")) and not _PART.search(text)
    return follows and len(text) <= 60 and not (is_sentence or is_remark or is_section)


def _is_in_block(lines: Sequence[Line], tagged: Sequence[Tagged | None], index: int) -> bool:
    """Return whether two consecutive lines have information about the visit, such as `Age: 34` and `Sex: M`."""
    places = range(index - 1, min(index + 2, len(lines)))
    heads = [tagged[at] is None and is_of_head(lines[at].start.bare) for at in places]
    return heads[1] and sum(heads) > 1


def _is_title_of_turns(lines: Sequence[Line], tagged: Sequence[Tagged | None], index: int, first: int) -> bool:
    """Return whether a line that begins with a tag is a title, such as `Patient 2` or `Patient: Tom Bellamy`.

    `Patient: Tom Bellamy` is not a title if this line answers a question.
    """
    found = tagged[index]
    following = tagged[index + 1] if index + 1 < len(lines) else None
    if found is None or index <= first or person(found.tag).role != PATIENT:
        return False
    who = person(found.tag)
    if found.form == "alone":
        return bool(following and following.form != "alone" and (who.number or who.name))
    asked = lines[index - 1].start.text
    if found.said.isupper() and asked.isupper():  # in capitals, all words look like names
        return False
    return is_name_alone(found.said) and not asked.endswith(("?", ":", ",", "...")) and not _NAME.search(asked)


def check_turns(turns: Sequence[Spoken], lines: Sequence[Line]) -> None:
    """Raise UserError if the turns belong to more than one visit."""
    for turn, following in pairwise(turns):
        if visit_at_end(turn.said):
            raise _another(following.line)
    starts = {turn.line for turn in turns}
    below = {line.number: line.below for line in lines if line.number in starts}
    ruled = [number for number, what in below.items() if what == "rule"]
    # If there are many horizontal rules such as `---`, these rules separate turns and not visits.
    parted = {"rule"} if len(ruled) < 3 or len(ruled) * 3 < len(turns) else set()
    if _are_in_blocks(list(below.values())[1:]):
        parted.add("blank")
    opens = [_OPENING.match(turn.said) is not None for turn in turns]
    closes = [_FAREWELL.search(turn.said, turn.said.rfind("?") + 1) is not None for turn in turns]
    greeted = [turn.speaker for turn, opened in zip(turns[:2], opens, strict=False) if opened]
    for place in range(2, len(turns)):
        turn, before = turns[place], turns[place - 2 : place]
        what = below.get(turn.line, "")
        ended = any(closes[place - 2 : place])
        closed = any(_is_parting(one.said) for one in before) if what == "blank" else ended
        again = opens[place] and bool(greeted) and (what == "rule" or turn.speaker in greeted)
        if (opens[place] and ended) or (what in parted and (closed or again)):
            raise _another(turn.line)
    if "rule" in parted:
        _check_rules(turns, {line.number: line for line in lines})
    _check_patients(turns)
    _check_change_of_speakers(turns)


def _check_change_of_speakers(turns: Sequence[Spoken]) -> None:
    """Raise UserError if at one place all speakers change: several people speak above it, and only others below it."""
    last = {turn.speaker: place for place, turn in enumerate(turns)}
    above: set[str] = set()
    furthest = -1  # the last turn of any speaker so far
    for place, turn in enumerate(turns):
        below = {one.speaker for one in turns[place:]} if furthest < place and place >= _FEWEST_OF_OTHERS else set()
        if min(len(above), len(below)) > 1 and len(turns) - place >= _FEWEST_OF_OTHERS:
            raise _another(turn.line)
        above.add(turn.speaker)
        furthest = max(furthest, last[turn.speaker])


def _check_rules(turns: Sequence[Spoken], lines: dict[int, Line]) -> None:
    """Raise UserError if only a horizontal rule divides the turns into two parts that may be two visits.

    Both parts begin with the same speaker, both have several turns of several speakers, no question is open between
    them, and nobody comes back. An empty line alone divides nothing, because people type empty lines within a visit.
    """
    places = [place for place, turn in enumerate(turns) if place and lines[turn.line].below == "rule"]
    for place in places if len(places) <= _MOST_PARTS else ():
        turn, before = turns[place], turns[place - 1].said.rstrip("\"'")
        parts = (turns[:place], turns[place:])
        long = all(len(part) >= _FEWEST_TURNS and len({one.speaker for one in part}) > 1 for part in parts)
        goes_on = before.endswith("?") or _RETURN.search(turn.said[:_LONGEST_PARTING])
        if long and turn.speaker == turns[0].speaker and not goes_on:
            raise UserError(
                f"the rule above line {turn.line} divides the turns; put each visit into its own file or row, or remove"
                " the rule if the turns belong to the same visit"
            )


def _is_parting(said: str) -> bool:
    return _PARTING.search(said[-_LONGEST_PARTING:]) is not None


def _check_patients(turns: Sequence[Spoken]) -> None:
    """Raise UserError if a patient with another name begins to speak after the last turn of the first patient."""
    places: dict[str, list[int]] = {}
    named: dict[str, str] = {}
    for place, turn in enumerate(turns):
        if person(turn.tag).role == PATIENT:
            places.setdefault(turn.speaker, []).append(place)
            named[turn.speaker] = person(turn.tag).name
    ordered = sorted(places, key=lambda speaker: places[speaker][0])
    for before, after in pairwise(ordered):
        apart = places[before][-1] < places[after][0] - 1
        both_named = bool(named[before] and named[after])
        if apart and (both_named or min(len(places[before]), len(places[after])) > 1):
            raise _another(turns[places[after][0]].line)


def _another(number: int) -> UserError:
    return UserError(
        f"line {number} seems to begin another visit; put each visit into its own file or row, or remove the line if it"
        " belongs to the same visit"
    )
