"""Files of summaries: one JSON object a line with `id` and `text`."""

from collections.abc import Sequence
from pathlib import Path

from medsum.data.records import Record, read_jsonl
from medsum.errors import UserError


def read_predictions(path: Path, records: Sequence[Record]) -> list[str]:
    """Texts in the order of the records; raises UserError unless there is exactly one for each."""
    texts = {row["id"]: row["text"] for row in read_jsonl(path)}
    for record in records:
        if record.id not in texts:
            raise UserError(f"{path} has no summary of record '{record.id}'; run `dvc repro` to make it anew")
    return [texts[record.id] for record in records]
