"""How many planted errors the error analysis finds, and how often it calls a clean summary wrong, by category.

    python -m benchmarks.planted_errors [--records FILE] [--encoder FOLDER] [--missed CATEGORY]

Reads records (default: what `dvc repro prepare` makes) and plants one error of each category into each reference that
offers a place for it (benchmarks/planting.py, seeded). An error counts as found when a flag of its category meets its
words. Two ways of looking: `alone` holds the summary against its dialogue only, as the command line and the page do;
`reference` also against the clean reference, as the error analysis of a test split does. False alarms are the share of
clean references with a flag of the category, alone (against itself a reference has none but those of its form).
Writes metrics/planted_errors.json for the default records.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.human_judgement import ENCODER, load_encoder
from benchmarks.planting import PLANTERS, Planted, plant
from medsum.atomic import write_json
from medsum.data.records import Record, read_records
from medsum.errors import run_script
from medsum.quality.errors import find_errors
from medsum.quality.faithfulness.alignment import Similarity
from medsum.quality.flags import Flag

RECORDS = Path("data/processed/records.jsonl")
METRICS = Path("metrics/planted_errors.json")
NEEDS_REFERENCE = ("omission", "length")  # what is missing or too long is so beside a reference only


def is_found(flags: Sequence[Flag], category: str, planted: Planted) -> bool:
    """Whether a flag of the category shares a character with what was planted (or stands at an empty text)."""
    return any(
        flag.category == category and (flag.start < planted.end or planted.end == 0) and planted.start <= flag.end
        for flag in flags
    )


def measure(records: Sequence[Record], category: str, similarity: Similarity) -> dict[str, Any]:
    """Planted errors, shares found both ways, and the ids of records whose error was missed alone."""
    planted = found_alone = found = 0
    missed = []
    for record in records:
        rng = random.Random(f"{category} {record.id}")
        error = plant(category, record.summary, record.dialogue, rng)
        if error is None:
            continue
        planted += 1
        alone = find_errors(record.dialogue, error.text, section=record.section, similarity=similarity)
        both = find_errors(record.dialogue, error.text, record.summary, record.section, similarity)
        found += is_found(both, category, error)
        if is_found(alone, category, error):
            found_alone += 1
        else:
            missed.append((record.id, error))
    return {
        "planted": planted,
        "found_alone": None if category in NEEDS_REFERENCE else _share(found_alone, planted),
        "found_with_reference": _share(found, planted),
        "missed": missed,
    }


def false_alarms(records: Sequence[Record], similarity: Similarity) -> dict[str, float]:
    """By category, the share of clean references that it is found in."""
    flagged = [
        {flag.category for flag in find_errors(r.dialogue, r.summary, section=r.section, similarity=similarity)}
        for r in records
    ]
    return {category: _share(sum(category in one for one in flagged), len(records)) for category in PLANTERS}


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def print_row(category: str, row: dict[str, Any]) -> None:
    """One line of the table."""
    alone = "-" if row["found_alone"] is None else f"{row['found_alone']:.3f}"
    alarms = f"{row['false_alarms']:.3f}"
    print(f"{category:15}{row['planted']:>8}{alone:>9}{row['found_with_reference']:>12.3f}{alarms:>15}")


def main() -> None:
    """Plant, look, print; the default records also to metrics/."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, default=RECORDS)
    parser.add_argument("--encoder", type=Path, default=ENCODER)
    parser.add_argument("--missed", choices=sorted(PLANTERS), help="also show what of a category was missed")
    arguments = parser.parse_args()
    records = read_records(arguments.records)
    similarity = load_encoder(arguments.encoder).meaning
    alarms = false_alarms(records, similarity)
    print(f"{len(records)} clean summaries; share of planted errors found, and of clean summaries flagged")
    print(f"{'':15}{'planted':>8}{'alone':>9}{'reference':>12}{'false alarms':>15}")
    table = {}
    for category in PLANTERS:
        row = measure(records, category, similarity)
        missed = row.pop("missed")
        table[category] = {**row, "false_alarms": alarms[category]}
        print_row(category, table[category])
        if category == arguments.missed:
            for number, error in missed:
                print(f"    {number}: {error.text[max(0, error.start - 60) : error.end + 30]!r}")
    if arguments.records == RECORDS:
        write_json(METRICS, {"records": len(records), "encoder": arguments.encoder.name, "categories": table})


if __name__ == "__main__":
    run_script(main)
