"""Count how many planted errors the error analysis finds in each category, and its false alarms on correct summaries.

    python -m benchmarks.judge.planted_errors [--records FILE] [--sample N] [--encoder FOLDER] [--missed CATEGORY]

A planted error is an error that this program puts into a correct reference. The command reads records (default: the
records of `dvc repro prepare`). For each category, it plants one error into each reference that has a place for such an
error (planting.py, with a seed). An error counts as found if a flag of its category overlaps its words. To compare
words of findings, the checker compares their letters, as on the page, on the command line and in batches. With
`--encoder`, it compares the vectors that the encoder model makes from the words.

There are two settings. `alone` compares the summary only with its dialogue. `reference` also compares it with the
correct reference, as the error analysis of a test split does. False alarms are the share of correct references that
have a flag of the category, in the setting `alone`. They are not measured in the setting `reference`, because there a
correct reference would be compared with itself.

A *claim* is the least share of planted errors that the checker must find. docs/error_taxonomy.md lists the claims of
each setting. The command marks a row that is below its claim. For the default records, it writes
benchmarks/results/planted_errors.json.
"""

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.judge.human_judgement import load_encoder
from benchmarks.judge.planting import PLANTERS, Planted, plant
from medsum.core.atomic import write_json
from medsum.core.errors import run_script
from medsum.core.paths import PLANTED_ERRORS, RECORDS
from medsum.dialogue.record import Record, read_records
from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.alignment import Similarity, lexical_similarity
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import Flag

NEEDS_REFERENCE = ("omission", "length")  # only a reference shows that text is missing or too long
LEAST = {"quantity": 0.9, "negation": 0.9, "medication": 0.9, "laterality": 0.9}  # claims: the least shares found
LEAST_OF_OTHERS = 0.8
MOST_FALSE_ALARMS = 0.05
# These categories have no claim for `alone`, because speakers often imply such facts (docs/error_taxonomy.md).
UNCLAIMED_ALONE = (*NEEDS_REFERENCE, "quantity", "negation", "laterality", "person", "hallucination")


@dataclass(frozen=True)
class Read:
    """A record. Its dialogue is read only once for all planted errors."""

    record: Record
    dialogue: DialogueFacts

    def flags(self, summary: str, reference: str | None, similarity: Similarity) -> list[Flag]:
        """Return the flags that `find_errors` gives a summary."""
        wanted = None if reference is None else read_note_facts(reference)
        return find_errors(self.dialogue, read_note_facts(summary), wanted, self.record.section, similarity)


def is_found(flags: Sequence[Flag], category: str, planted: Planted) -> bool:
    """Return whether a flag of the category overlaps the planted error. If the text is empty, any such flag counts."""
    return any(
        flag.category == category and (flag.start < planted.end or planted.end == 0) and planted.start <= flag.end
        for flag in flags
    )


def measure(records: Sequence[Read], category: str, similarity: Similarity) -> dict[str, Any]:
    """Return the number of planted errors, the shares that are found in both settings, and the missed records.

    The missed records are the ids of the records whose error is not found in the setting `alone`.
    """
    planted = found_alone = found = 0
    missed = []
    for one in records:
        record = one.record
        error = plant(category, record.summary, record.dialogue, random.Random(f"{category} {record.id}"))
        if error is None:
            continue
        planted += 1
        found += is_found(one.flags(error.text, record.summary, similarity), category, error)
        if is_found(one.flags(error.text, None, similarity), category, error):
            found_alone += 1
        else:
            missed.append((record.id, error))
    return {
        "planted": planted,
        "found_alone": None if category in NEEDS_REFERENCE else _share(found_alone, planted),
        "found_with_reference": _share(found, planted),
        "missed": missed,
    }


def false_alarms(records: Sequence[Read], similarity: Similarity) -> dict[str, float]:
    """Return the share of correct references that are flagged, by category."""
    flagged = [{flag.category for flag in one.flags(one.record.summary, None, similarity)} for one in records]
    return {category: _share(sum(category in one for one in flagged), len(records)) for category in PLANTERS}


def read_all(records: Sequence[Record], encoder: WordEncoder | None) -> list[Read]:
    """Read the dialogue of each record. If there is an encoder, also compute the vectors of its words."""
    read = [Read(record, read_dialogue_facts(record.dialogue)) for record in records]
    if encoder:
        encoder.encode([turn for one in read for turn in one.dialogue.turns if turn.words])
    return read


def broken_claims(category: str, row: dict[str, Any]) -> list[str]:
    """Return the settings in which too few errors are found. Add `false alarms` if there are too many false alarms."""
    least = LEAST.get(category, LEAST_OF_OTHERS)
    broken = ["reference"] if row["planted"] and row["found_with_reference"] < least else []
    claimed = category not in UNCLAIMED_ALONE
    broken += ["alone"] if claimed and row["planted"] and row["found_alone"] < least else []
    return broken + (["false alarms"] if row["false_alarms"] >= MOST_FALSE_ALARMS else [])


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0


def print_row(category: str, row: dict[str, Any]) -> None:
    """Print one line of the table."""
    alone = "-" if row["found_alone"] is None else f"{row['found_alone']:.3f}"
    alarms = f"{row['false_alarms']:.3f}"
    if category in UNCLAIMED_ALONE and row["found_alone"] is not None:
        alone = f"({alone})"
    below = ", ".join(broken_claims(category, row))
    print(
        f"{category:15}{row['planted']:>8}{alone:>9}{row['found_with_reference']:>12.3f}{alarms:>15}"
        + (f"  below claim: {below}" if below else "")
    )


def main() -> None:
    """Plant the errors, look for them, and print the table. Write the results of the default records."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=Path, default=RECORDS)
    parser.add_argument("--sample", type=int, help="use only this number of records, drawn with a seed")
    parser.add_argument("--encoder", type=Path, help="the folder of an encoder, such as models/scorer/minilm")
    parser.add_argument("--missed", choices=sorted(PLANTERS), help="also show the missed errors of a category")
    arguments = parser.parse_args()
    whole = read_records(arguments.records)
    chosen = random.Random(1).sample(whole, arguments.sample) if arguments.sample else whole
    encoder = load_encoder(arguments.encoder) if arguments.encoder else None
    similarity = encoder.meaning if encoder else lexical_similarity
    records = read_all(chosen, encoder)
    alarms = false_alarms(records, similarity)
    print(f"{len(records)} correct summaries; share of planted errors found, and of correct summaries flagged;")
    print("values without a claim are in brackets")
    print(f"{'':15}{'planted':>8}{'alone':>9}{'reference':>12}{'false alarms':>15}")
    table = {}
    for category in PLANTERS:
        row = measure(records, category, similarity)
        missed = row.pop("missed")
        claimed = ["reference"] + ["alone"] * (category not in UNCLAIMED_ALONE)
        table[category] = {**row, "false_alarms": alarms[category], "claimed": claimed}
        print_row(category, table[category])
        if category == arguments.missed:
            for number, error in missed:
                print(f"    {number}: {error.text[max(0, error.start - 60) : error.end + 30]!r}")
    if arguments.records == RECORDS and not arguments.sample:
        name = arguments.encoder.name if encoder else None
        write_json(PLANTED_ERRORS, {"records": len(records), "encoder": name, "categories": table})


if __name__ == "__main__":
    run_script(main)
