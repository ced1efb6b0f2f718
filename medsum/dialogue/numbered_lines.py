"""Remove line numbers, which transcripts of research and of courts have: `01  DR: ...`, `02      ...`.

In these transcripts, lines that continue a turn also have numbers. If only turns have numbers, as in `2. Patient: ...`,
the module line_starts.py removes them.
"""

import re

from medsum.dialogue.roles import person
from medsum.dialogue.tag_forms import TAB, colon_tag

_NUMBER = re.compile(rf"(?:[Ll](?:ine )?)?(\d{{1,5}})(?:[.):]| ?\|)?(?:[ {TAB}]+|$)")
_FEWEST = 3  # at least 3 lines in a row must have rising numbers


def without_line_numbers(lines: list[str]) -> list[str]:
    """Return the lines without their numbers.

    The numbers are removed only if they rise by one from line to line, because a number at the start of a line may also
    be a dose. At least two numbered lines must begin a turn.
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
    """Return the indices of lines with rising numbers: one list for each row of such lines.

    Empty lines may be between the lines of a row.
    """
    runs: list[list[int]] = []
    after, last = -1, 0  # the next number of the row, and the index of the last line that is not empty
    for place, line in enumerate(lines):
        if not line:
            continue
        found = _NUMBER.match(line)
        if found:
            number = int(found[1])
            empty = place - last - 1  # the transcript may also count empty lines
            if runs and runs[-1][-1] == last and number in (after, after + empty):
                runs[-1].append(place)
            else:
                runs.append([place])
            after = number + 1
        last = place
    return runs


def _follows(run: list[int], runs: list[list[int]], lines: list[str]) -> bool:
    """Return whether a short row continues the numbers of a longer row. A page header may divide the two rows."""
    before = max((other for other in runs if other[-1] < run[0]), default=None)
    return before is not None and _number(lines[run[0]]) in (1, _number(lines[before[-1]]) + 1)


def _number(line: str) -> int:
    found = _NUMBER.match(line)
    return int(found[1]) if found else -1


def _begins_turn(line: str) -> bool:
    found = colon_tag(line)
    return found is not None and (person(found.tag).known or len(found.tag) == 1)
