"""Read tables of records: CSV with any delimiter, Excel, JSON, JSON lines, parquet and Arrow."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.columns import dialogue_column
from medsum.corpus.documents import DAMAGED, check_unpacked
from medsum.corpus.transcripts import transcript_text

csv.field_size_limit(2**31 - 1)  # a long visit may exceed the limit of 128 KiB that the module csv has for a field
DELIMITERS = ",;\t|"
_SEPARATOR_LINE = re.compile(r"\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
Row = tuple[int, dict[str, Any]]
LONGEST_CELL = 32_767  # in characters; Excel cuts longer texts
MOST_UNPACKED_BYTES = 300_000_000  # of a workbook; its styles and its texts are read into memory
MOST_COLUMNS = 1000  # of a sheet; cells further to the right are not read
HIGHEST_HEADER = 10  # the header of a sheet is in the first 10 rows
ERROR = "\0error"  # if a row cannot be read, this key has the error message


def separated_by(text: str) -> tuple[str, str, int]:
    """Return the delimiter of a CSV, its text without Excel's line `sep=;`, and the number of removed lines."""
    told = _SEPARATOR_LINE.match(text)
    if told:
        return told[1], text[told.end() :], 1
    end = re.search(r"[\r\n]", text)
    header = re.sub(r'"(?:[^"]|"")*"', "", text[: end.start()] if end else text)
    counts = {delimiter: header.count(delimiter) for delimiter in DELIMITERS}
    return max(counts, key=counts.__getitem__) if any(counts.values()) else ",", text, 0


def csv_rows(file: Path, text: str) -> Iterator[Row]:
    """Yield the line number and the cells of each row. If the text is not a CSV, raise UserError with the line."""
    begin = len(text) - len(text.lstrip("\r\n"))
    delimiter, rest, skipped = separated_by(text[begin:])
    skipped += len(re.findall(r"\r\n|\r|\n", text[:begin]))
    text = rest
    reader = csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=delimiter)
    line = skipped + 1
    try:
        header = [name.strip() for name in next(reader)]
        _check_header(header, f"{file}, line {line}")
        line = skipped + reader.line_num + 1
        for cells in reader:
            if cells:  # skip empty lines
                yield line, _named(cells, header, f"{file}, line {line}")
            line = skipped + reader.line_num + 1
    except csv.Error as error:
        raise UserError(f"{file}, line {line}: not valid CSV ({error}); correct the quotes of that row") from None


def _check_header(header: list[str], place: str) -> None:
    repeated = {name for name in header if name and header.count(name) > 1}
    if repeated:
        raise UserError(f"{place}: column '{min(repeated)}' exists twice; rename one")


def _named(cells: list[str], header: list[str], place: str) -> dict[str, Any]:
    """Return a mapping from columns to cells. If the number of cells is wrong, return an error message instead."""
    if len(cells) != len(header):
        counted = f"{len(cells)} cells, but the header has {len(header)}"
        return {ERROR: f"{place}: {counted}; quote cells that hold commas or line breaks"}
    return {name: cell for name, cell in zip(header, cells, strict=True) if name}


def json_line_rows(file: Path, text: str) -> Iterator[Row]:
    """Yield the number and the JSON object of each line."""
    for number, line in enumerate(re.split(r"\r?\n", text), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            said = f"not valid JSON ({error.msg} at column {error.colno}); correct that line"
            yield number, {ERROR: f"{file}, line {number}: {said}"}
            continue
        # The line may have a number with thousands of digits, or thousands of nested brackets.
        except (ValueError, RecursionError):
            yield number, {ERROR: f"{file}, line {number}: JSON that cannot be read; correct that line"}
            continue
        if not isinstance(values, dict):
            values = {ERROR: f"{file}, line {number}: not a JSON object; write one object per line"}
        yield number, values


def json_rows(file: Path, text: str, transcript: Callable[[Path, str], Row]) -> Iterator[Row]:
    """Yield the number and the object of each record in a JSON text.

    The text is a list, an object that contains one list, JSON lines, or the transcript of one visit.
    """
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] == "{":
            yield from json_line_rows(file, text)
            return
        said = f"not valid JSON ({error.msg} at column {error.colno}); correct that line"
        raise UserError(f"{file}, line {error.lineno}: {said}") from None
    except RecursionError:
        raise UserError(f"{file} is nested too deeply; write a list of objects") from None
    except ValueError:  # such as a number with thousands of digits
        raise UserError(f"{file} holds a number that cannot be read; write it as a text") from None
    try:
        spoken = transcript_text(values)
    except UserError as error:
        raise UserError(f"{file}: {error}") from None
    if spoken is not None:
        yield transcript(file, spoken)
        return
    if isinstance(values, dict):
        values = only_list(values) or [values]
    if not isinstance(values, list):
        raise UserError(f"{file} holds no records; write a list of objects, or one object per line (.jsonl)")
    for number, row in enumerate(values, start=1):
        yield number, row if isinstance(row, dict) else {ERROR: f"{file}, object {number}: no JSON object; write one"}


def only_list(values: dict[str, Any]) -> list[Any] | None:
    """Return the only list of objects among the values of a JSON object, or None if it has none or several."""
    lists = [value for value in values.values() if isinstance(value, list) and value and isinstance(value[0], dict)]
    return lists[0] if len(lists) == 1 else None


def xlsx_rows(file: Path, content: bytes) -> Iterator[Row]:
    """Yield the number and the cells of each row of the sheet with dialogues.

    If there is no such sheet, read the first sheet with data. Titles may be above the header. So the header is the
    first row that names a column of dialogues. If there is no such row, the header is the first row with data. Raise
    UserError if several sheets have dialogues.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        check_unpacked(content, MOST_UNPACKED_BYTES)
    except UserError as error:
        raise UserError(f"{file}: {error}") from None
    try:
        yield from _sheet_rows(file, content)
    except (InvalidFileException, *DAMAGED):
        raise UserError(f"{file} is a damaged workbook; save it again, or as CSV UTF-8") from None


def _sheet_rows(file: Path, content: bytes) -> Iterator[Row]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    heads = [(sheet, *_head(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))) for sheet in book.worksheets]
    filled = [one for one in heads if any(one[2])]
    chosen = [one for one in filled if dialogue_column(one[2])] or [one for one in filled if one[2] == filled[0][2]]
    if len(chosen) > 1:
        raise UserError(f"{file} has visits on {len(chosen)} sheets; save each sheet as its own file")
    for sheet, line, names in chosen:
        _check_header(names, f"{file}, row {line}")
        # Without `max_col`, one cell far to the right would make each row 16,384 cells wide.
        below = sheet.iter_rows(min_row=line + 1, max_col=max(1, len(names)), values_only=True)
        rows = enumerate(below, start=line + 1)
        for number, cells in rows:
            if any(cell not in (None, "") for cell in cells):
                yield number, _cells(names, cells, f"{file}, row {number}")


def _head(rows: Iterator[tuple[Any, ...]]) -> tuple[int, list[str]]:
    """Return the number of the header's row and the column names. If the sheet is empty, return 0 and no names."""
    first: tuple[int, list[str]] = (0, [])
    for number, cells in enumerate(islice(rows, HIGHEST_HEADER), start=1):
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        names = names[: max((place for place, name in enumerate(names, start=1) if name), default=0)]
        if dialogue_column(names) and sum(map(bool, names)) > 1:
            return number, names
        if any(names) and not first[0]:
            first = (number, names)
    return first


def _cells(names: list[str], cells: tuple[Any, ...], place: str) -> dict[str, Any]:
    """Return a mapping from columns to cells. If Excel may have cut a text, return an error message instead."""
    if any(isinstance(cell, str) and len(cell) >= LONGEST_CELL for cell in cells):
        said = f"a cell has {LONGEST_CELL:,} characters, the most that Excel keeps, so its text may be cut"
        return {ERROR: f"{place}: {said}; give this visit in another format"}
    return {name: _cell(cell) for name, cell in zip(names, cells, strict=False) if name}


def _cell(value: Any) -> Any:
    """Return the value of a cell.

    Whole numbers become int. The text _x000D_, which Excel writes at line breaks, is removed.
    """
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.replace("_x000D_", "") if isinstance(value, str) else value


def parquet_rows(file: Path) -> Iterator[Row]:
    """Yield the number and the values of each row of a parquet file."""
    with opened_parquet(file) as table:
        rows = [row for batch in table.iter_batches() for row in values_of(batch)]
    yield from enumerate(rows, start=1)


@contextmanager
def opened_parquet(file: Path) -> Iterator[Any]:
    """Open a parquet file. If reading it fails within the block, raise UserError."""
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(file, pre_buffer=False) as table:
            yield table
    except (pyarrow.ArrowException, ValueError, OSError, OverflowError):
        raise UserError(f"{file} is a damaged parquet file; write it again") from None


def values_of(table: Any) -> list[dict[str, Any]]:
    """Return the rows of a table or of a batch of pyarrow. Raise one of pyarrow's errors if it is damaged."""
    table.validate(full=True)  # without this check, a damaged table could end the process
    return list(table.to_pylist())


def arrow_rows(file: Path) -> Iterator[Row]:
    """Yield the number and the values of each row of an Arrow file that the library `datasets` saved."""
    import pyarrow

    try:
        with pyarrow.OSFile(str(file)) as opened:
            table = pyarrow.ipc.open_stream(opened).read_all()
        rows = values_of(table)
    except (pyarrow.ArrowException, ValueError, OSError, OverflowError):
        raise UserError(f"{file} is not an Arrow file of `datasets`; save the data again, or as parquet") from None
    yield from enumerate(rows, start=1)
