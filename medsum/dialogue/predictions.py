"""Read JSON Lines files of summaries (with `id` and `text`), and files of the records that were summarised."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.core.reading import read_json_values
from medsum.dialogue.record import REMEDY, Record
from medsum.dialogue.shown import shown_id


def read_predictions(path: Path, records: Sequence[Record]) -> list[str]:
    """Return the summaries in the order of the records.

    Raise UserError if a record has no summary or more than one.
    """
    texts: dict[str, str] = {}
    for number, row in read_json_values(path, REMEDY):
        text = row.get("text", row.get("summary")) if isinstance(row, dict) else None
        if not isinstance(text, str) or "id" not in row:
            raise UserError(f"{path}, line {number}: not a summary; write a JSON object with id and text (or summary)")
        if str(row["id"]) in texts:
            raise UserError(
                f"{path}, line {number}: a second summary of record {shown_id(str(row['id']))}; keep one of them"
            )
        texts[str(row["id"])] = text
    for record in records:
        if record.id not in texts:
            raise UserError(f"{path} has no summary of record {shown_id(record.id)}; run `dvc repro` to make it again")
    return [texts[record.id] for record in records]


def read_references(path: Path) -> list[Record]:
    """Return the records of a JSON Lines file. If a record is not valid, raise UserError, which names the line."""
    records = []
    for number, row in read_json_values(path, REMEDY):
        if not (
            isinstance(row, dict) and "id" in row and _is_text(row.get("dialogue")) and _is_text(row.get("summary"))
        ):
            raise UserError(f"{path}, line {number}: not a record; write a JSON object with id, dialogue and summary")
        if not (isinstance(row["id"], str | int) and isinstance(row.get("section"), str | None)):
            raise UserError(f"{path}, line {number}: id or section is not a text; write both in quotes")
        records.append(Record(str(row["id"]), row["dialogue"], row["summary"], row.get("section"), ""))
    if not records:
        raise UserError(f"{path} has no records; put at least one there")
    return records


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
