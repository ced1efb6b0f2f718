"""Read the dialogues of a batch one by one, from a file of any supported format or from a folder.

A bad line becomes a `Line` with an error. It does not affect the other lines.
"""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TextIO

from medsum.core.errors import UserError
from medsum.corpus.columns import dialogue_column, id_column, section_column
from medsum.corpus.decoding import WINDOWS, encoding_of_start, has_half_character, windows_text
from medsum.corpus.raw import read_rows
from medsum.corpus.tables import ERROR, opened_parquet, separated_by, values_of
from medsum.corpus.transcripts import transcript_text, turns_in_list
from medsum.corpus.visits import text_of_file, visit_text
from medsum.serve.csv_rows import LONGEST, TOO_LONG, CsvRecord, records
from medsum.serve.dialogue_input import check_length

SUFFIXES = (".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".xlsx", ".parquet")
NOT_UTF8 = "not UTF-8; save the file as UTF-8"
_ESCAPED = re.compile("[\udc80-\udcff]")  # the characters that Python puts in place of bytes that are not UTF-8
HALF_CHARACTER = "a character is cut in half (a lone surrogate); write the text again"
PARQUET_ROWS = 1024  # the number of rows that are read at once
MAX_NAME = 1000  # an id or a section has at most this number of characters


@dataclass
class Line:
    """A dialogue of a file. `number` is the number of the line in the file where the dialogue begins."""

    number: int
    id: str | None = None
    dialogue: str = ""
    section: str | None = None
    sections: str | None = None  # the headers of a note of several sections, separated by commas
    note: str | None = None  # the note to check, if the batch has notes
    error: str | None = None
    encoding: str | None = None  # the guessed encoding (Windows-1252) if the text is not UTF-8


def row_of(line: Line) -> dict[str, Any]:
    """Return the first keys of the output row: `line` and `id`. If the encoding is a guess, add the key `encoding`."""
    return {"line": line.number, "id": line.id} | ({"encoding": line.encoding} if line.encoding else {})


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a file, or every file of a folder. CSV, JSON lines and parquet need constant memory.

    Raise UserError if the file as a whole is unreadable. A bad line does not raise UserError: it becomes a `Line` with
    an error.
    """
    if path.is_dir():
        yield from _folder_lines(path)
        return
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise UserError(f"{path} has none of the suffixes {' '.join(SUFFIXES)} and is not a folder; rename it")
    with readable(path):
        with path.open("rb") as file:
            start = file.read(2000)
        if start.startswith(b"PAR1"):
            yield from _parquet_lines(path)
        elif start.startswith(b"PK\x03\x04") or suffix in (".json", ".xlsx", ".parquet") or _is_array(start):
            yield from _table_lines(path)
        elif suffix in (".jsonl", ".ndjson"):
            yield from _json_lines(path, encoding_of_start(start))
        else:
            yield from _csv_lines(path, encoding_of_start(start))


def _is_array(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"[{", b"[\n", b"[\r", b"[ "))


def batch_files(path: Path) -> list[Path]:
    """Return the file itself, or the files of a folder in order of their names, without hidden files."""
    if not path.is_dir():
        return [path]
    return [file for file in sorted(path.iterdir()) if file.is_file() and not file.name.startswith(".")]


def _folder_lines(folder: Path) -> Iterator[Line]:
    """Yield one line for each file of a folder. The id of the line is the name of the file."""
    files = batch_files(folder)
    if not files:
        raise UserError(f"{folder} holds no files; put one transcript per visit there")
    for number, file in enumerate(files, start=1):
        try:
            with readable(file):
                text, said = text_of_file(file.read_bytes())
            dialogue = visit_text(text)
            check_length(dialogue)
        except UserError as error:
            yield Line(number, file.stem, error=f"{file.name}: {error}")
        else:
            yield Line(number, file.stem, dialogue, encoding=WINDOWS if said else None)


def _parquet_lines(path: Path) -> Iterator[Line]:
    """Yield the rows of a parquet file, with constant memory."""
    numbers = count(1)
    with opened_parquet(path) as table:
        if not table.metadata.num_rows:
            raise UserError(f"{path} has no rows; write it again")
        if dialogue_column(table.schema_arrow.names) is None:
            raise UserError(f"{path} has no column 'dialogue'; rename the column that has the dialogues")
        for batch in table.iter_batches(PARQUET_ROWS):
            for values in values_of(batch):
                yield line_of(next(numbers), values, HALF_CHARACTER)


def _table_lines(path: Path) -> Iterator[Line]:
    """Yield the rows of a workbook or a JSON list."""
    said: list[str] = []
    for row in read_rows(path, said):
        if ERROR in row.values:
            yield Line(row.line, error=str(row.values[ERROR]).removeprefix(f"{row.place}: "))
            continue
        # The objects of a JSON list are not checked here, because each object may have other keys.
        if row.unit == "row" and dialogue_column(row.values) is None:
            raise UserError(f"{path} has no column 'dialogue'; name the columns in its first row")
        line = line_of(row.line, row.values, HALF_CHARACTER)
        line.encoding = WINDOWS if said else None
        yield line


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn an OSError within the block into a UserError that names the file."""
    try:
        yield
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}; check its name and permissions") from None


def _json_lines(path: Path, encoding: str) -> Iterator[Line]:
    with _opened(path, encoding, newline="\n") as file:
        number = 0
        while content := file.readline(LONGEST):
            number += 1
            if len(content) == LONGEST and not content.endswith("\n"):
                _skip_line(file)
                yield Line(number, error=TOO_LONG)
            elif content.strip():
                yield _json_line(number, content)


def _skip_line(file: TextIO) -> None:
    while (rest := file.readline(LONGEST)) and not rest.endswith("\n"):
        pass


def _json_line(number: int, content: str) -> Line:
    text, encoding = _as_text(content)
    if text is None:
        return Line(number, error=NOT_UTF8)
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return Line(number, error="not valid JSON; correct this line")
    if not isinstance(values, dict):
        return Line(number, error="not a JSON object; write one object per line")
    line = line_of(number, values, HALF_CHARACTER)
    line.encoding = encoding
    return line


def _as_text(text: str) -> tuple[str | None, str | None]:
    """Return a text and its guessed encoding. The encoding is None if the text is valid UTF-8.

    The text is None if it cannot be read in any encoding. The file was opened with `surrogateescape`, so each byte that
    is not UTF-8 is a surrogate in `text`.
    """
    if not _ESCAPED.search(text):
        return text, None
    windows = windows_text(text.encode("utf-8", "surrogateescape"))
    return windows, None if windows is None else WINDOWS


@contextmanager
def _opened(path: Path, encoding: str, newline: str) -> Iterator[TextIO]:
    """Open a file. In a UTF-8 file, each wrong byte becomes a surrogate. Raise UserError if UTF-16 text is damaged."""
    errors = "surrogateescape" if encoding == "utf-8-sig" else "strict"
    try:
        with path.open(encoding=encoding, errors=errors, newline=newline) as file:
            yield file
    except UnicodeError:
        raise UserError(f"{path} is not valid {encoding.upper()[:6]}; export it again as UTF-8") from None


def _csv_lines(path: Path, encoding: str) -> Iterator[Line]:
    with _opened(path, encoding, newline="") as file:
        yield from _separated(file, str(path))


def _separated(file: TextIO, name: str) -> Iterator[Line]:
    """Yield the rows of a CSV with the delimiter of its first line. Excel's line `sep=;` is skipped but counted."""
    begin = file.tell()
    first = file.readline(LONGEST)
    delimiter, _, skipped = separated_by(first)
    if not skipped:
        file.seek(begin)
    for line in _rows(records(file, delimiter), name):
        line.number += skipped
        yield line


def text_lines(text: str) -> Iterator[Line]:
    """Yield the rows of a CSV text. Raise UserError if it has no column `dialogue`."""
    yield from _separated(io.StringIO(text.removeprefix("\ufeff"), newline=""), "the file")


def _rows(rows: Iterator[CsvRecord], name: str) -> Iterator[Line]:
    header = [name.strip() for name in next(rows, CsvRecord(1)).cells]
    repeated = {name for name in header if name and header.count(name) > 1}
    if repeated and dialogue_column(header) is not None:
        raise UserError(f"{name} has two columns of the same name in its first line; rename one of them")
    if dialogue_column(header) is None:
        raise UserError(f"{name} has no column 'dialogue' in its first line; name the columns there")
    line, closed = None, True
    for record in rows:
        if not record.error and not any(map(str.strip, record.cells)):
            continue  # spreadsheets often export empty rows at the end
        if line and not closed and not record.starts and len(record.cells) < len(header):
            said = "the next line is not a row and may belong to this row; put the dialogue of this row into quotes"
            line = Line(line.number, error=said)
        if line:
            yield line
        line, closed = _row(record, header), record.closed
    if line:
        yield line


def _row(record: CsvRecord, header: list[str]) -> Line:
    if record.error:
        return Line(record.first, error=record.error)
    if len(record.cells) != len(header):
        said = f"{len(record.cells)} cells, but the header has {len(header)}; put cells with commas into quotes"
        return Line(record.first, error=said)
    guesses = [_as_text(cell) for cell in record.cells]
    cells = [cell for cell, _ in guesses if cell is not None]
    if len(cells) < len(guesses):
        return Line(record.first, error=NOT_UTF8)
    line = line_of(record.first, dict(zip(header, cells, strict=True)), HALF_CHARACTER)
    line.encoding = next((encoding for _, encoding in guesses if encoding), None)
    return line


def line_of(number: int, values: dict[str, Any], unreadable: str) -> Line:
    """Return the line with these values. If a value is bad, return a line that has an error and no dialogue.

    `unreadable` is the error for a text with half characters (lone surrogates).
    """
    columns = (id_column(values), section_column(values), dialogue_column(values))
    id_, section, dialogue = (values[column] if column else None for column in columns)
    sections = values.get("sections")
    if isinstance(sections, list) and all(isinstance(one, str) for one in sections):
        sections = ",".join(sections)
    id_, section, sections = (None if value == "" else value for value in (id_, section, sections))
    if isinstance(id_, int) and not isinstance(id_, bool):
        id_ = str(id_)
    if not isinstance(id_, str | None):
        return Line(number, error="'id' is neither text nor a whole number; put it into quotes")
    if any(isinstance(value, str) and has_half_character(value) for value in (id_, section, sections, dialogue)):
        return Line(number, error=unreadable)
    if len(id_ or "") > MAX_NAME:
        return Line(number, error=f"'id' is longer than {MAX_NAME} characters; shorten it")
    if isinstance(dialogue, list):
        dialogue = transcript_text(dialogue) or turns_in_list(dialogue)
    if not isinstance(dialogue, str):
        return Line(number, id_, error="no text under 'dialogue'; add it")
    if section is not None and not (isinstance(section, str) and len(section) <= MAX_NAME):
        return Line(number, id_, error="'section' is not text, or it is too long; write a header such as GENHX")
    try:
        check_length(dialogue)
    except UserError as error:
        return Line(number, id_, error=str(error))
    note = values.get("note")
    if note is not None and not isinstance(note, str):
        return Line(number, id_, error="'note' is not text; put it into quotes")
    if sections is not None and not (isinstance(sections, str) and len(sections) <= MAX_NAME):
        said = "'sections' is not text, or it is too long; write 'auto', or headers separated by commas"
        return Line(number, id_, error=said)
    return Line(number, id_, dialogue, section, sections, note)
