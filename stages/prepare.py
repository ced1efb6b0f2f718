"""Make clean, validated records from the raw files of a source.

The stage reads the files of data/raw/<data.source>. docs/data.md describes the formats. It also searches the records
for identifiers of people (docs/privacy.md). It writes data/processed/records.jsonl, reports/data.json and
metrics/data.json.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_json
from medsum.core.errors import UserError, run_script
from medsum.core.faults import Faults
from medsum.core.paths import DATA_METRICS, DATA_REPORT, RECORDS, SOURCES
from medsum.corpus.cleaning import ReadingCounts, clean_record
from medsum.corpus.columns import resolved
from medsum.corpus.raw import RawRow, raw_files, read_rows, splits_by_name
from medsum.corpus.tables import ERROR
from medsum.dialogue.record import Record, write_records
from medsum.dialogue.shown import OTHER, shown_id, shown_section
from medsum.dialogue.turns import turn_speaker
from medsum.params import data, privacy
from medsum.params.data import DataParams
from medsum.params.privacy import Chosen
from medsum.privacy.records import Screened, metrics, report, screen, told

COMMON_SPEAKERS = ("Doctor", "Patient", "Guest_family", "Guest_clinician")
UNUSUAL_SHARE = 0.03  # if more than 3 % of the records are unusual in one way, the stage prints a warning
WARNINGS = {
    "one_speaker": "have only one speaker: the program may have missed other speakers",
    "tags_within_turns": "name a speaker in the middle of a line: a new turn begins there",
    "unknown_tags": "have speakers without a known role: the model knows Doctor and Patient",
}


@dataclass
class Read:
    """The result of reading a source.

    It has the clean records, the number of dropped records for each reason, the counts of unusual dialogues, and the
    messages for the user (`told`). `place_of_id` has the file and line of each id.
    """

    records: list[Record] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=lambda: Counter({"empty_dialogue_or_summary": 0}))
    counts: ReadingCounts = field(default_factory=ReadingCounts)
    told: list[str] = field(default_factory=list)
    place_of_id: dict[str, str] = field(default_factory=dict)


def read_source(folder: Path, params: DataParams) -> Read:
    """Return all clean records of a source, in the order of files and lines. Raise one UserError with all faults.

    If the source has one file for each official split, the ids often start at 0 in each file. So the function makes the
    ids unique: it puts the name of the split in front of each id.
    """
    source = raw_files(folder)
    read = Read(told=[f"{path} is not read: {reason}" for path, reason in source.unread.items()])
    faults = Faults()
    splits = splits_by_name(source.files)
    for file in source.files:
        columns_wrong = False
        try:
            for row in read_rows(file, read.told):
                row.split = splits[file]
                try:
                    _add(read, row, params)
                except UserError as error:
                    told_before, columns_wrong = columns_wrong, columns_wrong or ": no column '" in str(error)
                    # Report a missing column only once for each file.
                    if not (told_before and ": no column '" in str(error)):
                        faults.add(error)
        except UserError as error:
            faults.add(error)
    faults.check()
    if not read.records:
        names = [params.columns.id, params.columns.dialogue, params.columns.summary, params.columns.section]
        needed = ", ".join(column for column in names if column)
        raise UserError(f"{folder}: every row has an empty dialogue or summary; fill columns {needed}")
    return read


def _add(read: Read, row: RawRow, params: DataParams) -> None:
    """Add the record of a row. Raise UserError if the row has a fault."""
    if ERROR in row.values:
        raise UserError(row.values[ERROR])
    columns = resolved(list(row.values), params.columns, row.place)
    record = clean_record(row, columns, params.source, read.counts, english=params.language == "en")
    if record is None:
        read.dropped["empty_dialogue_or_summary"] += 1
        return
    if row.split:
        record.id = f"{row.split}-{record.id}"
    if record.id in read.place_of_id:
        raise UserError(
            f"{row.place}: id {shown_id(record.id)} already exists in {read.place_of_id[record.id]};"
            f" make the values of column '{columns.id}' unique"
        )
    read.place_of_id[record.id] = row.place
    read.records.append(record)


def describe(records: list[Record], dropped: Counter[str]) -> dict[str, Any]:
    """Return the counts for reports/data.json.

    All unknown speakers have one common count, because their labels may be people's names.
    """
    speakers: Counter[str] = Counter()
    for record in records:
        for turn in record.dialogue.split("\n"):
            speaker = turn_speaker(turn).rstrip("_0123456789")
            speakers[speaker if speaker in COMMON_SPEAKERS else "other"] += 1
    sections = Counter(shown_section(record.section) for record in records)
    words = sorted(len(record.dialogue.split()) for record in records)
    return {
        "read": len(records) + sum(dropped.values()),
        "kept": len(records),
        "dropped": dict(dropped),
        "sections": dict(sorted(sections.items(), key=lambda item: (-item[1], item[0]))),
        "turns_by_speaker": dict(sorted(speakers.items())),
        "dialogue_words": {"median": words[len(words) // 2], "max": words[-1]},
    }


def screened(folder: Path, read: Read, action: Chosen) -> Screened:
    """Apply `privacy.action` to the records and return the result. Print a warning if identifiers are found."""
    try:
        found = screen(read.records, action)
    except UserError as error:
        raise UserError(f"{folder}: {error}") from None
    if action == "drop":
        read.dropped["identifiers"] = len(read.records) - len(found.records)
    if found.found:
        print(f"Warning: {folder}: {told(found, 'may identify a person')}; privacy.action: {action}")
    return found


def main() -> None:
    """Read, clean and check the records, search them for identifiers, and write them."""
    params = data.load()
    folder = SOURCES / params.source
    read = read_source(folder, params)
    action = privacy.load().of_source(params.source)
    found = screened(folder, read, action)
    read.records = found.records
    unknown = sum(shown_section(record.section) == OTHER for record in read.records)
    if unknown:
        print(f"Warning: {folder}: {unknown} records have section headers that MTS-Dialog does not have; they are kept")
    shares = read.counts.shares()
    for name, share in shares.items():
        if share > UNUSUAL_SHARE:
            print(f"Warning: {share:.0%} of the records {WARNINGS[name]}")
    if read.counts.interpreted:
        print(
            f"Warning: {read.counts.interpreted} records are visits with an interpreter: the model reads only English"
        )
    for said in read.told:
        print(f"Warning: {said}")
    write_records(RECORDS, read.records)
    write_json(DATA_REPORT, {**describe(read.records, read.dropped), "identifiers": report(found)})
    write_json(
        DATA_METRICS,
        {"records": len(read.records), "share_of_records": shares, "identifiers": metrics(found, action)},
    )
    dropped = read.dropped["identifiers"]
    said = f", {dropped} for identifiers" if dropped else ""
    print(f"{RECORDS}: {len(read.records)} records, {read.dropped['empty_dialogue_or_summary']} dropped as empty{said}")


if __name__ == "__main__":
    run_script(main)
