"""Turn the raw files of a source into clean, validated records.

Reads data/raw/<data.source>/*.csv and *.jsonl; writes data/processed/records.jsonl and reports/data.json.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_json
from medsum.core.errors import UserError, run_script
from medsum.core.paths import DATA_REPORT, RECORDS, SOURCES
from medsum.corpus.cleaning import clean_record
from medsum.corpus.raw import RawRow, official_split, raw_files, read_rows
from medsum.dialogue.record import Record, write_records
from medsum.dialogue.section_headers import SECTION_HEADERS
from medsum.dialogue.turns import turn_speaker
from medsum.params import data
from medsum.params.data import Columns, DataParams

COMMON_SPEAKERS = ("Doctor", "Patient", "Guest_family", "Guest_clinician")


def read_source(folder: Path, params: DataParams) -> tuple[list[Record], dict[str, int]]:
    """All clean records of a source, in order of file and line, and how many were dropped for what.

    Ids of files that are official splits get the split in front, since such sources count from 0 in each.
    """
    columns = params.columns
    needed = [column for column in (columns.id, columns.dialogue, columns.summary, columns.section) if column]
    records = []
    dropped: Counter[str] = Counter({"empty_dialogue_or_summary": 0})
    place_of_id: dict[str, str] = {}
    for file in raw_files(folder):
        prefix = f"{official_split(file)}-" if official_split(file) else ""
        for row in read_rows(file, needed):
            record = clean_record(row, columns, params.source)
            if record is None:
                dropped["empty_dialogue_or_summary"] += 1
                continue
            record.id = prefix + record.id
            _check_id(record.id, row, columns, place_of_id)
            records.append(record)
    if not records:
        raise UserError(f"{folder}: every row has an empty dialogue or summary; fill columns {', '.join(needed)}")
    return records, dict(dropped)


def _check_id(record_id: str, row: RawRow, columns: Columns, place_of_id: dict[str, str]) -> None:
    if record_id in place_of_id:
        raise UserError(
            f"{row.place}: id '{record_id}' stands already in {place_of_id[record_id]};"
            f" make the values of column '{columns.id}' unique"
        )
    place_of_id[record_id] = row.place


def describe(records: list[Record], dropped: dict[str, int]) -> dict[str, Any]:
    """Counts for reports/data.json; speakers outside the usual four are counted together, for they may be names."""
    speakers: Counter[str] = Counter()
    for record in records:
        for turn in record.dialogue.split("\n"):
            speaker = turn_speaker(turn).rstrip("_0123456789")
            speakers[speaker if speaker in COMMON_SPEAKERS else "other"] += 1
    sections = Counter(record.section or "none" for record in records)
    words = sorted(len(record.dialogue.split()) for record in records)
    return {
        "read": len(records) + sum(dropped.values()),
        "kept": len(records),
        "dropped": dropped,
        "sections": dict(sorted(sections.items(), key=lambda item: (-item[1], item[0]))),
        "turns_by_speaker": dict(sorted(speakers.items())),
        "dialogue_words": {"median": words[len(words) // 2], "max": words[-1]},
    }


def main() -> None:
    """Read, clean, check and write."""
    params = data.load()
    folder = SOURCES / params.source
    records, dropped = read_source(folder, params)
    unknown = sorted({record.section for record in records if record.section} - SECTION_HEADERS.keys())
    if unknown:
        print(f"Warning: {folder} has section headers that MTS-Dialog has not, kept as they are: {', '.join(unknown)}")
    write_records(RECORDS, records)
    write_json(DATA_REPORT, describe(records, dropped))
    print(f"{RECORDS}: {len(records)} records, {sum(dropped.values())} dropped as empty")


if __name__ == "__main__":
    run_script(main)
