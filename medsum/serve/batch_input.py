"""Dialogues out of a CSV or JSON lines file of any size, one by one; a bad line is told and the rest goes on."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from medsum.core.errors import UserError
from medsum.serve.csv_rows import LONGEST, TOO_LONG, CsvRecord, records
from medsum.serve.dialogue_input import check_length, has_surrogate

ID = ("id", "ID")  # names that a file may use, as records and as MTS-Dialog
SECTION = ("section", "section_header")
MAX_NAME = 1000  # characters of an id or a section


@dataclass
class Line:
    """A dialogue as it stands in a file; `number` is that of its first line there."""

    number: int
    id: str | None = None
    dialogue: str = ""
    section: str | None = None
    error: str | None = None


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line, in constant memory; raises UserError where the file cannot be read as a whole."""
    if path.suffix.lower() not in (".csv", ".jsonl"):
        raise UserError(f"{path} is neither .csv nor .jsonl; name it by what it is")
    with readable(path):
        yield from _csv_lines(path) if path.suffix.lower() == ".csv" else _json_lines(path)


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in one sentence that a file cannot be read."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; check its name and that it may be read") from None


def _json_lines(path: Path) -> Iterator[Line]:
    with path.open("rb") as file:
        number = 0
        while content := file.readline(LONGEST):
            number += 1
            if len(content) == LONGEST and not content.endswith(b"\n"):
                _skip_line(file)
                yield Line(number, error=TOO_LONG)
            elif content.strip():
                yield _json_line(number, content)


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
        pass


def _json_line(number: int, content: bytes) -> Line:
    try:
        values = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return Line(number, error="not UTF-8; save the file as UTF-8")
    except (ValueError, RecursionError):
        return Line(number, error="not valid JSON; correct that line")
    if not isinstance(values, dict):
        return Line(number, error="not a JSON object; write one object a line")
    return _line(number, values, "a character is cut in half (a lone surrogate); write the text anew")


def _csv_lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        yield from _rows(records(file), str(path))


def text_lines(text: str) -> Iterator[Line]:
    """The rows of a CSV text; raises UserError where it has no column `dialogue`."""
    yield from _rows(records(io.StringIO(text.removeprefix("\ufeff"), newline="")), "the file")


def _rows(rows: Iterator[CsvRecord], name: str) -> Iterator[Line]:
    header = next(rows, CsvRecord(1)).cells
    if "dialogue" not in header:
        raise UserError(f"{name} has no column 'dialogue' in its first line; name the columns there")
    line, closed = None, True
    for record in rows:
        if line and not closed and not record.starts and len(record.cells) < len(header):
            line = Line(line.number, error="what follows is no row and may be more of this one; quote its dialogue")
        if line:
            yield line
        line, closed = _row(record, header), record.closed
    if line:
        yield line


def _row(record: CsvRecord, header: list[str]) -> Line:
    if record.error:
        return Line(record.first, error=record.error)
    if len(record.cells) != len(header):
        said = f"{len(record.cells)} cells, but the header has {len(header)}; quote commas"
        return Line(record.first, error=said)
    values = dict(zip(header, record.cells, strict=True))
    return _line(record.first, values, "not UTF-8; save the file as UTF-8")


def _line(number: int, values: dict[str, Any], unreadable: str) -> Line:
    """The line of these values, of which nothing is kept where one is bad; `unreadable` is said of surrogates."""
    id_, section = (
        next((values[key] for key in keys if values.get(key) not in (None, "")), None) for keys in (ID, SECTION)
    )
    dialogue = values.get("dialogue")
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = str(id_)
    if not isinstance(id_, str | None):
        return Line(number, error="'id' is neither a text nor a whole number; put it into quotes")
    if any(isinstance(value, str) and has_surrogate(value) for value in (id_, section, dialogue)):
        return Line(number, error=unreadable)
    if len(id_ or "") > MAX_NAME:
        return Line(number, error=f"'id' is longer than {MAX_NAME} characters; shorten it")
    if not isinstance(dialogue, str):
        return Line(number, id_, error="no text under 'dialogue'; add it")
    if section is not None and not (isinstance(section, str) and len(section) <= MAX_NAME):
        return Line(number, id_, error="'section' is no text of a line; write a header such as GENHX")
    try:
        check_length(dialogue)
    except UserError as error:
        return Line(number, id_, error=str(error))
    return Line(number, id_, dialogue, section)
