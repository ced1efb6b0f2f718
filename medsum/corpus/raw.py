"""Raw files as a source delivers them: CSV or JSON lines, UTF-8, with their line numbers."""

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError

OFFICIAL_SPLITS = {"train": "train", "valid": "validation", "test": "test"}  # by how a word of a file's name begins
_WORD_START = re.compile(r"(?<![A-Za-z])(?i:train|valid|test)|Train|Valid|Test")  # not that of `latest.csv`
LONGEST_NAME = 60  # of a column, in characters
csv.field_size_limit(2**31 - 1)  # a long visit may exceed csv's 128 KiB a field


@dataclass
class RawRow:
    """One row of a raw file: `line` is where it starts, counted from 1."""

    file: Path
    line: int
    values: dict[str, Any]

    @property
    def place(self) -> str:
        """Where a person finds it."""
        return f"{self.file}, line {self.line}"


def raw_files(folder: Path) -> list[Path]:
    """The data files of a source in order of name; raises UserError where there are none."""
    files = sorted(path for path in folder.glob("*") if path.suffix.lower() in (".csv", ".jsonl"))
    if not files:
        raise UserError(f"{folder} holds no data; put at least one .csv or .jsonl file there")
    return files


def official_split(file: Path) -> str | None:
    """The split that a file's name says (*Train*, *Valid*, *Test*), or None."""
    found = {OFFICIAL_SPLITS[word.lower()] for word in _WORD_START.findall(file.stem)}
    return found.pop() if len(found) == 1 else None


def read_rows(file: Path, columns: list[str]) -> Iterator[RawRow]:
    """Yield the rows of one file.

    Raises UserError for an unreadable encoding, NUL bytes, broken rows, or a row without one of `columns`.
    """
    text = _decode(file)
    rows = _csv_rows(file, text) if file.suffix.lower() == ".csv" else _jsonl_rows(file, text)
    empty = True
    for row in rows:
        empty = False
        for column in columns:
            if column not in row.values:
                raise UserError(
                    f"{row.place}: no column '{column}'; {_known(row)}: rename it or set data.columns in params.yaml"
                )
        yield row
    if empty:
        raise UserError(f"{file} has no rows; fill it or take it out of the folder")


def _known(row: RawRow) -> str:
    names = list(row.values)
    if not all(name.isprintable() and len(name) <= LONGEST_NAME for name in names):  # a row of data: not to be shown
        return "line 1 seems to be no header"
    return f"it has {', '.join(names)}"


def _decode(file: Path) -> str:
    content = file.read_bytes()
    if not content.removeprefix(codecs.BOM_UTF8).strip():
        raise UserError(f"{file} is empty; fill it or take it out of the folder")
    nul = content.find(b"\0")
    if nul >= 0 and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # they are told below
        line = content.count(b"\n", 0, nul) + 1
        raise UserError(f"{file}, line {line}: NUL byte at byte {nul}; the file is damaged, export it again as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(
            f"{file}, line {line}: not UTF-8 at byte {error.start} (0x{content[error.start]:02x});"
            " save the file as UTF-8"
        ) from None


def _csv_rows(file: Path, text: str) -> Iterator[RawRow]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = next(reader)
        repeated = {name for name in header if header.count(name) > 1}
        if repeated:
            raise UserError(f"{file}, line 1: column '{min(repeated)}' stands twice; rename one")
        line = reader.line_num + 1
        for cells in reader:
            if cells:  # an empty line is no row
                if len(cells) != len(header):
                    raise UserError(
                        f"{file}, line {line}: {len(cells)} cells, but the header has {len(header)};"
                        " quote cells that hold commas or line breaks"
                    )
                yield RawRow(file, line, dict(zip(header, cells, strict=True)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UserError(f"{file}, line {line}: not valid CSV ({error}); correct the quotes of that row") from None


def _jsonl_rows(file: Path, text: str) -> Iterator[RawRow]:
    for number, line in enumerate(re.split(r"\r?\n", text), start=1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
        except json.JSONDecodeError as error:
            raise UserError(
                f"{file}, line {number}: not valid JSON ({error.msg} at column {error.colno}); correct that line"
            ) from None
        if not isinstance(values, dict):
            raise UserError(f"{file}, line {number}: not a JSON object; write one object a line")
        yield RawRow(file, number, values)
