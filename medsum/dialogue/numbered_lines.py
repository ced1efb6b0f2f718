"""Remove line numbers. Transcripts of research and of courts have such numbers: `01  DR: ...`, `02      ...`.

A line number counts every line, also the lines that continue a turn. The module `line_starts` removes numbers that
count turns, as in `2. Patient: ...`.
"""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import TAB, colon_tag

_NUMBER = re.compile(rf"((?:[Ll](?:ine )?)?)(\d{{1,5}})([.):]| ?\|)?(?:[ {TAB}]+|$)")

_COLUMN = re.compile(r"[ \t]*(\d{1,4})[.):]?(?: {2,}|\t)[ \t]*(?=\S)")  # numbers and a gap, at the left of a text
_FEWEST_IN_COLUMN = 4
_LONGEST_TITLE = 10  # the largest number of lines above the numbered lines
_UNIT = re.compile(r"(?:h|hrs?|hours?|m|min(?:ute)?s?|s|sec(?:ond)?s?)\b", re.IGNORECASE)  # `1402 hrs Doctor: ...`


@dataclass(frozen=True)
class _Numbered:
    """A line with a number: its place, its number, the signs around the number, and whether a tag follows."""

    place: int
    number: int
    form: tuple[str, str]
    tagged: bool


def without_number_column(text: str) -> str:
    """Return the text without the line numbers that stand in a column of their own, with a gap on their right.

    Each line below the first number has a number, or it is empty, a page number, or a footer that occurs again. The
    numbers increase by one, or begin again with 1.
    """
    lines = text.split("\n")
    found = [_COLUMN.match(line) for line in lines]
    places = [place for place, match in enumerate(found) if match]
    if len(places) < _FEWEST_IN_COLUMN or sum(bool(line.strip()) for line in lines[: places[0]]) > _LONGEST_TITLE:
        return text
    numbers = [int(match[1]) for match in found if match]
    pages = {place for place in range(places[0], len(lines)) if not found[place] and lines[place].strip()}
    steady = all(after in (before + 1, 1) for before, after in pairwise(numbers))
    often = Counter(lines[place].strip() for place in pages)
    if not steady or any(not _is_of_page(lines[place].strip(" \r\t-"), often) for place in pages):
        return text
    kept = ["" if place in pages else line for place, line in enumerate(lines)]
    return "\n".join(line[match.end() :] if match else line for line, match in zip(kept, found, strict=True))


def _is_of_page(text: str, often: Counter[str]) -> bool:
    return text.isdigit() or (often[text] > 1 and not text.endswith((".", "?", "!", ":")) and colon_tag(text) is None)


def without_line_numbers(lines: list[str]) -> list[str]:
    """Return the lines without line numbers. If the numbers are doses or count turns, return the lines unchanged.

    Line numbers increase by one from line to line, also if a line continues a turn.
    """
    found = [numbered for place, line in enumerate(lines) if (numbered := _numbered(place, line))]
    if len(found) < 3:
        return lines
    (form, _), *_ = Counter(numbered.form for numbered in found).most_common(1)
    found = [numbered for numbered in found if numbered.form == form]
    pages = _page_numbers(found, lines)
    found = [numbered for numbered in found if numbered.place not in pages]
    if not all(_continues(before, after, lines) for before, after in pairwise(found)) or not _on_wrapped(found, lines):
        return lines
    kept = ["" if place in pages else line for place, line in enumerate(lines)]
    for numbered in found:
        kept[numbered.place] = _NUMBER.sub("", lines[numbered.place], count=1)
    return kept


def _numbered(place: int, line: str) -> _Numbered | None:
    found = _NUMBER.match(line)
    if not found:
        return None
    tag = None if _UNIT.match(line, found.end()) else colon_tag(line[found.end() :])
    tagged = tag is not None and (person(tag.tag).known or len(tag.tag) == 1)
    return _Numbered(place, int(found[2]), (found[1], (found[3] or "").strip()), tagged)


def _page_numbers(found: list[_Numbered], lines: list[str]) -> set[int]:
    """Return the places of page numbers. A page number is alone on its line, and the numbers begin again below it."""
    return {
        page.place
        for before, page, after in zip([None, *found], found, found[1:], strict=False)
        if lines[page.place].isdigit() and after.number == 1 and (before is None or not _continues(before, page, lines))
    }


def _continues(before: _Numbered, after: _Numbered, lines: list[str]) -> bool:
    """Return whether the number of the line `after` continues the number of the line `before`.

    The numbers may count empty lines. On a new page, the numbers may begin again with 1.
    """
    empty = sum(not line for line in lines[before.place + 1 : after.place])
    return after.number in (1, before.number + 1, before.number + 1 + empty)


def _on_wrapped(found: list[_Numbered], lines: list[str]) -> bool:
    """Return whether at least one line that continues a turn has a number, and its neighbours have numbers too.

    A numbered turn must begin below this line. Otherwise the number may be a dose: `9 Doctor: Take`, `10 mg a day.`
    """
    last = max((numbered.place for numbered in found if numbered.tagged), default=0)
    return any(
        not line.tagged
        and any(numbered.tagged for numbered in found[: index + 1])
        and after.place <= last
        and not any(lines[before.place + 1 : line.place] + lines[line.place + 1 : after.place])
        for index, (before, line, after) in enumerate(zip(found, found[1:], found[2:], strict=False))
    )
