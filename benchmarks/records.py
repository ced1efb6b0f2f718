"""Read the records of a benchmark: MTS-Dialog's CSV files, or the JSON lines of a split."""

from collections.abc import Sequence
from pathlib import Path

from medsum.corpus.cleaning import clean_record
from medsum.corpus.raw import read_rows
from medsum.dialogue.record import Record, read_records
from medsum.params.data import Columns

MTS_DIALOG = Columns(id="ID", dialogue="dialogue", summary="section_text", section="section_header", split="split")


def read(file: Path) -> list[Record]:
    """Return the records of a .jsonl file as in data/splits, or of a .csv file with MTS-Dialog's columns."""
    if file.suffix == ".jsonl":
        return list(read_records(file))
    cleaned = (clean_record(row, MTS_DIALOG, file.stem) for row in read_rows(file))
    return [record for record in cleaned if record]


def spread(records: Sequence[Record], limit: int) -> list[Record]:
    """Return at most `limit` records in their order. They are every nth record by length, so they have all lengths."""
    by_length = sorted(range(len(records)), key=lambda i: (len(records[i].dialogue), i))
    if len(records) > limit:
        by_length = [by_length[(2 * n + 1) * len(records) // (2 * limit)] for n in range(limit)]
    return [records[i] for i in sorted(by_length)]
