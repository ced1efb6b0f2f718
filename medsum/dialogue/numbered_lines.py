"""Remove the numbers of lines, as transcripts of research and of courts have them: `01  DR: ...`, `02      ...`.

A numbered turn, as in `2. Patient: ...`, is a matter of `line_starts`. Here, the lines that continue a turn have
numbers too.
"""

import re

from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import TAB, colon_tag

_NUMBER = re.compile(rf"(?:[Ll](?:ine )?)?(\d{{1,5}})(?:[.):]| ?\|)?(?:[ {TAB}]+|$)")
_FEWEST = 3  # lines in a row


def without_line_numbers(lines: list[str]) -> list[str]:
    """Return the lines without their numbers, if lines in a row have rising numbers and at least two begin a turn.

    The numbers rise by one from line to line, so that no dose at the start of a line is taken for one of them.
    """
    runs = [run for run in _runs(lines) if len(run) >= _FEWEST]
    tags = sum(_begins_turn(_NUMBER.sub("", lines[place], count=1)) for run in runs for place in run)
    if tags < 2 or tags == sum(map(len, runs)):
        return lines
    kept = list(lines)
    for run in _runs(lines):
        if len(run) >= _FEWEST or _follows(run, runs, lines):
            for place in run:
                kept[place] = _NUMBER.sub("", lines[place], count=1)
    return kept


def _runs(lines: list[str]) -> list[list[int]]:
    """Return the places of lines with rising numbers, one list for each row of them. Empty lines may stand between."""
    runs: list[list[int]] = []
    after, last = -1, 0  # the number that continues the row, and the place of the last line with text
    for place, line in enumerate(lines):
        if not line:
            continue
        found = _NUMBER.match(line)
        if found:
            number = int(found[1])
            empty = place - last - 1  # they may have been counted too
            if runs and runs[-1][-1] == last and number in (after, after + empty):
                runs[-1].append(place)
            else:
                runs.append([place])
            after = number + 1
        last = place
    return runs


def _follows(run: list[int], runs: list[list[int]], lines: list[str]) -> bool:
    """Return whether a short row continues the numbers of a longer one, below the header of a page."""
    before = max((other for other in runs if other[-1] < run[0]), default=None)
    return before is not None and _number(lines[run[0]]) in (1, _number(lines[before[-1]]) + 1)


def _number(line: str) -> int:
    found = _NUMBER.match(line)
    return int(found[1]) if found else -1


def _begins_turn(line: str) -> bool:
    found = colon_tag(line)
    return found is not None and (person(found.tag).known or len(found.tag) == 1)
