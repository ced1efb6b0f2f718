"""Records of a CSV, one by one in constant memory; where quotes are wrong, only what they spoil is left out."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TextIO

LONGEST = 4_000_000  # characters of a line or record; an unclosed quote must not swallow the file
csv.field_size_limit(LONGEST)
BROKEN = "not valid CSV; put a cell with quotes into quotes and double those within"
TOO_LONG = f"longer than {LONGEST:,} characters; divide it"

_CELL = r'(?:"(?:[^"]|"")*+"|[^",\r\n]*+)'


@dataclass(frozen=True)
class _Form:
    """How records look that are separated by `delimiter`.

    A record begins with a quote, perhaps after short cells, or with a cell that has a digit: what goes on within a
    dialogue, such as `Patient: No, ...`, does not. Within a cell, a line that is `swallowed` tells of a quote that is
    missing before it, and of one more behind.
    """

    delimiter: str
    well_quoted: re.Pattern[str]
    start: re.Pattern[str]
    swallowed: re.Pattern[str]


@cache
def _form(delimiter: str) -> _Form:
    escaped = "\\t" if delimiter == "\t" else re.escape(delimiter)
    cell = _CELL.replace(",", escaped)
    return _Form(
        delimiter,
        re.compile(rf"{cell}(?:{escaped}{cell})*+[\r\n]*"),
        re.compile(rf'(?:[^\r\n"{escaped}:]{{0,100}}{escaped})*+"|[^\s"{escaped}:]*\d[^\s"{escaped}:]*{escaped}'),
        re.compile(rf'[\r\n](?:[^\s"{escaped}]*{escaped})++(?:"|[A-Z]\w*:|\Z)'),
    )


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


def records(file: TextIO, delimiter: str = ",") -> Iterator[CsvRecord]:
    """Yield the records of a file that was opened with newline=""; after a broken one, from where the next begins."""
    lines, form = _Lines(file), _form(delimiter)
    while (line := lines.take()) != "":
        if line is not None and not line.strip("\r\n"):
            continue
        record = CsvRecord(lines.number, starts=line is not None and form.start.match(line) is not None)
        taken = [line]
        try:
            record.cells = next(csv.reader(_of_record(taken, lines), strict=True, delimiter=delimiter))
            record.closed = _checked(taken, record.cells, form).endswith('"')
        except csv.Error:
            record.cells, record.error = [], TOO_LONG if line is None else BROKEN
            lines.put_back(taken[1:])
            _skip(lines, form)
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


def _checked(taken: list[str | None], cells: list[str], form: _Form) -> str:
    """The record's text; raises csv.Error for quotes that csv lets pass."""
    text = "".join(line or "" for line in taken)
    if not form.well_quoted.fullmatch(text) or any(form.swallowed.search(cell) for cell in cells):
        raise csv.Error
    return text.rstrip("\r\n")


def _skip(lines: _Lines, form: _Form) -> None:
    """Pass over lines until one begins as a record does."""
    while (line := lines.take()) != "":
        if line is not None and form.start.match(line):
            break
    lines.put_back([line])
