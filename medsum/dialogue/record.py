"""Read and write records, the data that the pipeline's stages exchange. A file has one JSON object on each line."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError
from medsum.core.reading import read_json_lines

REMEDY = "run `dvc repro` to make it"
TEXTS = ("id", "dialogue", "summary", "source")
TEXTS_OR_NONE = ("section", "split", "group", "draft")


@dataclass
class Record:
    """A dialogue and its reference summary.

    `dialogue` has one line `Speaker: text` for each turn. `section` is a normalised header such as `GENHX`, or None.
    `split` is the split to which the source assigns the record, or None. `group` is the same for records that are
    nearly duplicates. The pipeline stage that is also named `split` sets `group`. `draft` is the text of a model that a
    person corrected to `summary`, or None if the summary is no correction.
    """

    id: str
    dialogue: str
    summary: str
    section: str | None
    source: str
    split: str | None = None
    group: str | None = None
    draft: str | None = None

    def row(self) -> dict[str, Any]:
        """Return the record as a row of a JSON file. The row has a draft only if the record has one."""
        return {name: value for name, value in asdict(self).items() if name != "draft" or value is not None}


def write_records(path: Path, records: list[Record]) -> None:
    """Write records as JSON lines. If the writing fails, the file does not change."""
    write_jsonl(path, [record.row() for record in records])


def read_records(path: Path) -> list[Record]:
    """Read a file of records. If a line is not valid, raise UserError, which names the file and the line."""
    return [_record(path, number, row) for number, row in read_json_lines(path, REMEDY)]


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file. If a line is not valid, raise UserError, which names the file and the line."""
    for _, row in read_json_lines(path, REMEDY):
        yield row


def _record(path: Path, number: int, row: dict[str, Any]) -> Record:
    """Return a row as a record. Raise UserError if a field is missing, unknown or of the wrong type."""
    for name in {*TEXTS, *row} - {*TEXTS_OR_NONE}:
        if name not in TEXTS or not isinstance(row.get(name), str):
            raise UserError(f"{path}, line {number}: not a record ({_named(name)}); {REMEDY}")
    for name in TEXTS_OR_NONE:
        if not isinstance(row.get(name), str | None):
            raise UserError(f"{path}, line {number}: not a record ({_named(name)}); {REMEDY}")
    return Record(**row) if "section" in row else Record(**row, section=None)


def _named(field: str) -> str:
    return f"{field} is missing or is not a text" if field in (*TEXTS, *TEXTS_OR_NONE) else "it has an unknown field"
