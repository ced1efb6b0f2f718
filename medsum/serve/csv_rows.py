"""Records of a CSV, one by one in constant memory; where quotes are wrong, only what they spoil is left out."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

LONGEST = 4_000_000  # characters of a line or record; an unclosed quote must not swallow the file
csv.field_size_limit(LONGEST)
BROKEN = "not valid CSV; put a cell with quotes into quotes and double those within"
TOO_LONG = f"longer than {LONGEST:,} characters; divide it"

_CELL = r'(?:"(?:[^"]|"")*+"|[^",\r\n]*+)'
_WELL_QUOTED = re.compile(rf"{_CELL}(?:,{_CELL})*+[\r\n]*")
# A record begins with a quote, perhaps after short cells, or with a cell that has a digit: what goes on within a
# dialogue, such as `Patient: No, ...`, does not.
_START = re.compile(r'(?:[^\r\n",:]{0,100},)*+"|[^\s",:]*\d[^\s",:]*,')
# Within a cell, such a line tells of a quote that is missing before it, and of one more behind.
_SWALLOWED = re.compile(r'[\r\n](?:[^\s",]*,)++(?:"|[A-Z]\w*:|\Z)')


@dataclass
class CsvRecord:
    """What stands in lines `first` to `last` of a file; `cells` is empty where there is an `error`."""

    first: int
    last: int = 0
    cells: list[str] = field(default_factory=list)
    error: str | None = None
    starts: bool = True  # as records do
    closed: bool = False  # ends with a quote, so that no line after it can belong to it


class _Lines:
    """The lines of a file, ends included, which can be put back; None is one that is too long, empty the end."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.ahead: deque[str | None] = deque()
        self.number = 0  # of the line that was taken last

    def take(self) -> str | None:
        self.number += 1
        if self.ahead:
            return self.ahead.popleft()
        line = self.file.readline(LONGEST)
        if len(line) < LONGEST or line.endswith(("\r", "\n")):
            return line
        while line and not line.endswith(("\r", "\n")):
            line = self.file.readline(LONGEST)
        return None

    def put_back(self, lines: list[str | None]) -> None:
        self.number -= len(lines)
        self.ahead.extendleft(reversed(lines))


def records(file: TextIO) -> Iterator[CsvRecord]:
    """Yield the records of a file that was opened with newline=""; after a broken one, from where the next begins."""
    lines = _Lines(file)
    while (line := lines.take()) != "":
        if line is not None and not line.strip("\r\n"):
            continue
        record = CsvRecord(lines.number, starts=line is not None and _START.match(line) is not None)
        taken = [line]
        try:
            record.cells = next(csv.reader(_of_record(taken, lines), strict=True))
            record.closed = _checked(taken, record.cells).endswith('"')
        except csv.Error:
            record.cells, record.error = [], TOO_LONG if line is None else BROKEN
            lines.put_back(taken[1:])
            _skip(lines)
        record.last = lines.number
        if record.error and record.last > record.first:
            record.error += f" (lines {record.first} to {record.last} are left out)"
        yield record


def _of_record(taken: list[str | None], lines: _Lines) -> Iterator[str]:
    """Give the lines of a record as far as they are asked for, all of which are `taken` then."""
    size = 0
    line = taken[0]
    while line != "":
        size += len(line or "")
        if line is None or size > LONGEST:
            raise csv.Error
        yield line
        line = lines.take()
        taken.append(line)


def _checked(taken: list[str | None], cells: list[str]) -> str:
    """The record's text; raises csv.Error for quotes that csv lets pass."""
    text = "".join(line or "" for line in taken)
    if not _WELL_QUOTED.fullmatch(text) or any(_SWALLOWED.search(cell) for cell in cells):
        raise csv.Error
    return text.rstrip("\r\n")


def _skip(lines: _Lines) -> None:
    """Pass over lines until one begins as a record does."""
    while (line := lines.take()) != "":
        if line is not None and _START.match(line):
            break
    lines.put_back([line])
