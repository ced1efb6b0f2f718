"""The record that every stage passes on: one JSON object a line."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_jsonl
from medsum.core.errors import UserError


@dataclass
class Record:
    """A dialogue and its reference summary.

    `dialogue` has one turn a line, `Speaker: text`; `section` is a normalised header such as `GENHX`, or
    None; `split` is the official split of the source, or None; `group` is set by the split stage:
    near-duplicates share one.
    """

    id: str
    dialogue: str
    summary: str
    section: str | None
    source: str
    split: str | None = None
    group: str | None = None


def write_records(path: Path, records: list[Record]) -> None:
    """Write records as JSON lines, whole or not at all."""
    write_jsonl(path, [asdict(record) for record in records])


def read_records(path: Path) -> list[Record]:
    """Read what `write_records` wrote; raises UserError that names file and line."""
    return [Record(**row) for row in read_jsonl(path)]


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file of the pipeline's own; raises UserError that names file and line."""
    try:
        file = path.open(encoding="utf-8")
    except FileNotFoundError:
        raise UserError(f"{path} is not there; run `dvc repro` to make it") from None
    with file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except json.JSONDecodeError:
                raise UserError(f"{path}, line {number}: not a JSON object; run `dvc repro` to make it anew") from None
