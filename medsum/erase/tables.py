"""Find rows in files of many formats, and remove them. The rest of a file keeps its format."""

import codecs
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medsum.core.atomic import replacing
from medsum.core.errors import UserError
from medsum.corpus.decoding import WINDOWS, decoded
from medsum.corpus.documents import is_xlsx
from medsum.corpus.raw import RawRow, note_of, read_rows
from medsum.corpus.tables import only_list

SUFFIXES = (".csv", ".tsv", ".jsonl", ".json", ".ndjson", ".xlsx", ".parquet", ".arrow")
WHOLE_FILE = 0  # the line number of a transcript: the file has one visit, so the whole file is the row
_SIDES = (("_doctor", "_patient"), ("_patient", "_doctor"))


def rows_of(file: Path) -> list[RawRow]:
    """Return the rows of a file, or an empty list if the file cannot be read as a table or a transcript."""
    try:
        return list(read_rows(file))
    except UserError:
        return []


def files_of(transcript: Path) -> list[Path]:
    """Return the files of one visit: the transcript, its note, and the transcript of the other speaker."""
    found = [transcript, note_of(transcript)]
    found += [
        transcript.with_stem(transcript.stem.removesuffix(own) + other)
        for own, other in _SIDES
        if transcript.stem.endswith(own)
    ]
    return [file for file in found if file is not None and file.is_file()]


def remove_rows(file: Path, lines: list[int]) -> None:
    """Remove the rows that begin at these lines. Delete the file if no row is left.

    If the command is killed, the file has either all its rows or only the remaining rows.
    """
    if not file.exists():
        return
    if WHOLE_FILE in lines:
        for one in reversed(files_of(file)):  # delete the transcript last, because it leads to the other files
            one.unlink()
        return
    numbers = [row.line for row in read_rows(file)]
    left = [number for number in numbers if number not in lines]
    if not left:
        file.unlink()
        return
    content = _without(file, file.read_bytes(), numbers, set(left))
    with replacing(file) as opened:
        opened.buffer.write(content)


def _without(file: Path, content: bytes, numbers: list[int], left: set[int]) -> bytes:
    """Return the content of a table with only the rows that are `left`."""
    if is_xlsx(content):
        return _workbook(content, [number for number in numbers if number not in left])
    if content.startswith(b"PAR1") or file.suffix.lower() == ".arrow":
        return _arrow(content, sorted(left))
    text, name = decoded(content)
    values = _json(file, text)
    if values is None:
        return _encoded("".join(_kept_lines(text, numbers, left)), name, content)
    rows = values if isinstance(values, list) else only_list(values) or []
    rows[:] = [row for number, row in enumerate(rows, start=1) if number in left]
    return _encoded(json.dumps(values, indent=2, ensure_ascii=False) + "\n", name, content)


def _json(file: Path, text: str) -> Any:
    """Return the value of a file that is a single JSON value. Return None for CSV and JSON lines."""
    if file.suffix.lower() != ".json" and text.lstrip()[:1] != "[":
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def _kept_lines(text: str, numbers: list[int], left: set[int]) -> Iterator[str]:
    """Yield the lines before the first row, and the lines of every row that is left."""
    begins = set(numbers)
    keep = True
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):  # the csv module counts the same lines
        if number in begins:
            keep = number in left
        if keep:
            yield line


def _encoded(text: str, name: str, before: bytes) -> bytes:
    """Return the text as bytes, in the encoding that the file had before."""
    if name == WINDOWS:
        return text.encode("cp1252")
    if name != "UTF-8":
        return text.encode(name)
    return text.encode("utf-8-sig" if before.startswith(codecs.BOM_UTF8) else "utf-8")


def _workbook(content: bytes, rows: list[int]) -> bytes:
    """Return an Excel workbook without these rows of its first sheet that is not empty."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content))
    sheet = next(one for one in book.worksheets if any(cell not in (None, "") for row in one.values for cell in row))
    for row in sorted(rows, reverse=True):
        sheet.delete_rows(row)
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def _arrow(content: bytes, left: list[int]) -> bytes:
    """Return a parquet file or a stream of Arrow that has only the rows `left`. The first row has the number 1."""
    import pyarrow
    import pyarrow.parquet

    places = [number - 1 for number in left]
    changed = io.BytesIO()
    if content.startswith(b"PAR1"):
        table = pyarrow.parquet.read_table(io.BytesIO(content)).take(places)
        pyarrow.parquet.write_table(table, changed)
    else:
        table = pyarrow.ipc.open_stream(content).read_all().take(places)
        with pyarrow.ipc.new_stream(changed, table.schema) as stream:
            stream.write_table(table)
    return changed.getvalue()
