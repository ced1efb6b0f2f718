"""Find a patient's records in the source and in the pipeline's data, and collect the traces for the search.

The traces of a record are its id and its windows. A window is a run of consecutive words (see traces.py). A masked
record has another id, so the search finds it by its words. The search finds the texts that models wrote about a record
by the id of the record.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.paths import SOURCES
from medsum.corpus.columns import id_column, resolved
from medsum.corpus.raw import RawRow, raw_files, splits_by_name
from medsum.dialogue.characters import clean_text
from medsum.erase.tables import rows_of
from medsum.erase.traces import TEXTS, Traces, Window, is_distinct, windows_of
from medsum.params.data import Columns, DataParams

SAME = 0.5  # a record with another id counts as the same text if it has at least this share of the windows
Row = dict[str, Any]


@dataclass
class Records:
    """The records to erase: their rows in each file of the source, and their traces.

    `alike` has the ids of other records in the source that have the same text. The erasure does not remove these
    records.
    """

    rows: dict[Path, list[int]] = field(default_factory=dict)
    traces: Traces = field(default_factory=Traces)
    alike: set[str] = field(default_factory=set)


def find_records(ids: set[str], params: DataParams, files: Iterable[Path], text: str = "") -> Records:
    """Return the records with these ids.

    `files` are the pipeline's files and the objects of DVC's cache. `text` is the text of the records if the user gave
    it.
    """
    tables = [file for file in files if _is_rows(file)]
    rows = list(source_rows(SOURCES / params.source, params.columns))
    own = {name: windows_of(row_text(row.values)) for row, name in rows if name in ids}
    others = {name: windows_of(row_text(row.values)) for row, name in rows if name not in ids}
    own |= _in_tables(ids - own.keys(), params.source, tables)
    names = ids | {
        str(row["id"])
        for row in _rows(tables)
        if "dialogue" in row and str(row["id"]) not in others and _same(own, windows_of(row_text(row)))
    }
    windows = {window for of_one in own.values() for window in of_one} | _written(names, tables) | windows_of(text)
    for of_other in others.values():
        windows -= of_other
    for row in _rows(tables):
        if str(row["id"]) not in names:
            windows -= windows_of(row_text(row))
    return Records(
        rows_with_ids(ids, SOURCES / params.source, params.columns),
        Traces(names, windows),
        {name for name, of_other in others.items() if _same(own, of_other)},
    )


def rows_with_ids(ids: set[str], source: Path, columns: Columns) -> dict[Path, list[int]]:
    """Return, for each file of the source, the lines at which rows of the records begin."""
    found: dict[Path, list[int]] = {}
    for row, name in source_rows(source, columns):
        if name in ids:
            found.setdefault(row.file, []).append(row.line)
    return found


def source_rows(source: Path, columns: Columns) -> Iterator[tuple[RawRow, str]]:
    """Yield each row of a source, and the id that the stage prepare gives to the row. Leave out unreadable files."""
    try:
        files = raw_files(source).files
    except UserError:
        return
    for file, split in splits_by_name(files).items():
        for row in rows_of(file):
            yield row, _row_id(row, columns, split)


def _row_id(row: RawRow, columns: Columns, split: str | None) -> str:
    names = list(row.values)
    try:
        column = resolved(names, columns, row.place).id
    except UserError:
        column = id_column(names) or ""
    value = row.values.get(column)
    name = clean_text(str(value)) if value is not None else ""
    return f"{split}-{name}" if split and name else name


def row_text(values: Row) -> str:
    """Return all values of a row as one text."""
    return json.dumps(list(values.values()), ensure_ascii=False, default=str)


def _same(own: dict[str, set[Window]], of_other: set[Window]) -> bool:
    return any(len(of_one & of_other) >= SAME * len(of_one) > 0 for of_one in own.values())


def _in_tables(ids: set[str], source: str, tables: list[Path]) -> dict[str, set[Window]]:
    """Return the windows of each record that the source no longer has. The keys are ids."""
    found: dict[str, set[Window]] = {}
    for row in _rows(tables):
        if str(row["id"]) in ids and "dialogue" in row and row.get("source", source) == source:
            found.setdefault(str(row["id"]), set()).update(windows_of(row_text(row)))
    return found


def _written(ids: set[str], tables: list[Path]) -> set[Window]:
    """Return the windows of the texts that models and checkers wrote about the records.

    In an old object of the cache, an id such as 7 can belong to another source. So an id that looks like an ordinary
    number or word counts only in files of the work tree.
    """
    of_tree = {path for path in tables if not path.is_absolute()}
    return {
        window
        for path in tables
        for row in _rows([path])
        if str(row["id"]) in ids and (path in of_tree or is_distinct(str(row["id"])))
        for window in windows_of(row_text(row))
    }


def _is_rows(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            start = file.read(2)
    except OSError:
        return False
    return start == b'{"'


def _rows(tables: list[Path]) -> Iterator[Row]:
    """Yield the rows that have an id, from JSON lines that the stages write."""
    for path in tables:
        try:
            with path.open(encoding="utf-8") as file:
                for line in file:
                    row = json.loads(line)
                    if isinstance(row, dict) and "id" in row and TEXTS & row.keys():
                        yield row
        except (OSError, ValueError):
            continue
