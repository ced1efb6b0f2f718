"""Read the records of a CSV one by one, with constant memory. Wrong quotes affect only the records near them."""

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TextIO

# The largest number of characters in a line or a record. Without this limit, an unclosed quote could include the whole
# file.
LONGEST = 4_000_000
csv.field_size_limit(LONGEST)
BROKEN = "not valid CSV; put a cell with quotes into quotes and double the quotes in it"
TOO_LONG = f"longer than {LONGEST:,} characters; divide the record"

_CELL = r'(?:"(?:[^"]|"")*+"|[^",\r\n]*+)'


@dataclass(frozen=True)
class _Form:
    """The patterns of records whose cells are separated by `delimiter`.

    `start` matches the first line of a record. The first cell of such a line has a digit, or one of its cells begins
    with a quote and only short cells come before this cell. Later lines of a dialogue, such as `Patient: No, ...`, do
    not match. `swallowed` matches a line that is inside a cell but looks like the start of another record. Such a line
    shows that a quote is missing above the line.
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
    """The record in the lines from `first` to `last` of a file. `cells` is empty if there is an `error`."""

    first: int
    last: int = 0
    cells: list[str] = field(default_factory=list)
    error: str | None = None
    starts: bool = True  # whether the first line looks like the start of a record
    closed: bool = False  # whether the record ends with a quote, so that no later line can belong to the record


class _Lines:
    """The lines of a file, with their line ends. Lines can be put back.

    `take` returns None for a line that is too long, and an empty text at the end of the file.
    """

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.ahead: deque[str | None] = deque()
        self.number = 0  # the number of the last line that was returned

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
    """Yield the records of a file that was opened with newline="".

    After a bad record, continue at the next line that looks like the start of a record.
    """
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
    """Yield a line each time the CSV reader asks for a line of the record. Append each line to `taken`."""
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
    """Return the text of the record. Raise csv.Error if its quotes are wrong, even if the csv module accepts them."""
    text = "".join(line or "" for line in taken)
    if not form.well_quoted.fullmatch(text) or any(form.swallowed.search(cell) for cell in cells):
        raise csv.Error
    return text.rstrip("\r\n")


def _skip(lines: _Lines, form: _Form) -> None:
    """Skip all lines before the next line that looks like the start of a record."""
    while (line := lines.take()) != "":
        if line is not None and form.start.match(line):
            break
    lines.put_back([line])
