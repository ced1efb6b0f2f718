"""Find unsupported statements in the reference notes of the train split, and write the notes to train on.

    python -m stages.audit

A statement of a note is unsupported if the dialogue does not say it. The stage runs the same checks as `summarize.py
--check`. These checks mark an unsupported statement with a major or a minor flag. Only the major flags decide which
notes and sentences the stage leaves out. It reads data/splits/train.jsonl and writes one file for each value of
train.targets:

- data/audited/all.jsonl: all records, unchanged
- data/audited/supported.jsonl: the records without a major flag
- data/audited/trimmed.jsonl: all records, but without the sentences that have a major flag; a record is left out if all
  of its sentences have a major flag

It also writes data/audited/findings.jsonl, metrics/audit.json and reports/audit.json. findings.jsonl quotes notes, so
Git ignores this file. metrics/audit.json and reports/audit.json hold only counts.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tqdm import tqdm

from medsum.core.atomic import write_json, write_jsonl
from medsum.core.errors import UserError, run_script
from medsum.core.paths import AUDIT_METRICS, AUDIT_REPORT, AUDITED, FINDINGS, TRAIN_SPLIT
from medsum.dialogue.record import Record, read_records, write_records
from medsum.faithfulness.audit import Audit, audit, without_unsupported
from medsum.faithfulness.flags import OF_STATEMENTS

DECIDING = ("unsupported_statements",)  # metrics/audit.json has only these values; reports/audit.json has all counts


def trimmed(records: Sequence[Record], audits: Sequence[Audit]) -> tuple[list[Record], int]:
    """Return the records without unsupported sentences, and the number of such sentences. Leave out empty records."""
    kept, dropped = [], 0
    for record, found in zip(records, audits, strict=True):
        summary, sentences = without_unsupported(record.summary, found.flags)
        dropped += sentences
        if summary:
            kept.append(replace(record, summary=summary))
    return kept, dropped


def findings(records: Sequence[Record], audits: Sequence[Audit]) -> Iterator[dict[str, Any]]:
    """Yield a row for each record that has a flag. Turns are numbered from 1, as in `summarize.py --check`."""
    for record, found in zip(records, audits, strict=True):
        if found.flags:
            flags = [
                {
                    "category": flag.category,
                    "severity": flag.severity,
                    "text": record.summary[flag.start : flag.end],
                    "start": flag.start,
                    "end": flag.end,
                    "reason": flag.reason,
                    "turns": [turn + 1 for turn in flag.turns],
                }
                for flag in found.flags
            ]
            yield {
                "id": record.id,
                "section": record.section,
                "summary": record.summary,
                "numbers": found.numbers,
                "numbers_said": found.numbers_said,
                "flags": flags,
            }


def describe(audits: Sequence[Audit], trimmed_records: int, dropped: int) -> dict[str, Any]:
    """Return the values of reports/audit.json."""
    numbers = sum(found.numbers for found in audits)
    categories = {}
    for category in OF_STATEMENTS:
        of_records = [[flag.severity for flag in found.flags if flag.category == category] for found in audits]
        categories[category] = {
            "major": sum(severities.count("major") for severities in of_records),
            "minor": sum(severities.count("minor") for severities in of_records),
            "records": sum("major" in severities for severities in of_records),
        }
    return {
        "records": len(audits),
        "supported": sum(found.is_supported for found in audits),
        "trimmed": trimmed_records,
        "sentences_left_out": dropped,
        "unsupported_statements": sum(row["major"] for row in categories.values()),
        "numbers": numbers,
        "numbers_said": round(sum(found.numbers_said for found in audits) / numbers, 4) if numbers else 1.0,
        "categories": categories,
    }


def main() -> None:
    """Read the train split, audit its notes and write the results."""
    records = read_records(TRAIN_SPLIT)
    audits = [audit(record.dialogue, record.summary) for record in tqdm(records, unit="note", desc="Auditing")]
    supported = [record for record, found in zip(records, audits, strict=True) if found.is_supported]
    shortened, dropped = trimmed(records, audits)
    if not supported or not shortened:
        raise UserError(f"{TRAIN_SPLIT} has no note without a major flag; check its summaries")
    for name, kept in (("all", records), ("supported", supported), ("trimmed", shortened)):
        write_records(AUDITED / f"{name}.jsonl", kept)
    write_jsonl(FINDINGS, list(findings(records, audits)))
    details = describe(audits, len(shortened), dropped)
    write_json(AUDIT_REPORT, details)
    write_json(AUDIT_METRICS, {name: details[name] for name in DECIDING})
    print(
        f"{AUDITED}: {details['supported']} of {len(records)} notes without a major flag;"
        f" trimmed: {dropped} sentences and {len(records) - len(shortened)} whole notes were left out"
    )


if __name__ == "__main__":
    run_script(main)
