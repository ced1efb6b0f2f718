"""Measure on labelled notes which errors the checker finds, and how often the checker flags correct text.

    python -m benchmarks.judge.labelled_notes [SET] [--missed] [--alarms]

The authors of the notes had not read the rules of the checker. SET is a file in benchmarks/judge/labelled_notes/, such
as dev; README.md there says who wrote it, and which sets people read when they changed the rules. Each file is a set of
correct notes of invented dialogues, rewrites of these notes with the same meaning, and variants with one planted error.
The command checks the notes as the page, the command line and batches do. The setting `alone` compares a note only with
its dialogue. The setting `reference` also compares it with the correct note.

An error counts as found if a flag overlaps its words and the correct note does not have this flag. The error counts as
named if this flag also has its category. A correct note counts as flagged if it has any flag. A rewrite counts as
flagged if it has a flag that the correct note does not have.
"""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from medsum.facts.note_facts import read_note_facts
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.flags import Flag

FOLDER = Path(__file__).parent / "labelled_notes"
SETS = ("dev", "frozen", "fresh", "second", "third", "fourth", "fourth_frozen")
# For each kind of error in the file, the categories of flags.py that name it correctly.
NAMED = {
    "quantity": {"quantity", "medication", "time"},
    "dose": {"medication", "quantity"},
    "medication": {"medication"},
    "age": {"quantity"},
    "time_unit": {"time", "quantity"},
    "hallucinated_finding": {"hallucination"},
    "hallucinated_procedure": {"hallucination", "negation"},
    "negation": {"negation"},
    "laterality": {"laterality"},
    "person": {"person"},
    "omission": {"omission"},
}
Row = dict[str, Any]


@dataclass
class Table:
    """Counts by category of error, counts of correct texts with flags, and lists of missed errors and wrong flags."""

    planted: Counter[str] = field(default_factory=Counter)
    found: dict[str, Counter[str]] = field(default_factory=lambda: {"alone": Counter(), "reference": Counter()})
    named: dict[str, Counter[str]] = field(default_factory=lambda: {"alone": Counter(), "reference": Counter()})
    major: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    rewrites: int = 0
    rewrites_flagged: int = 0
    missed: list[str] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)


def _words(text: str, flag: Flag) -> tuple[str, str]:
    return flag.category, text[flag.start : flag.end].lower()


def place(right: str, error: Row) -> tuple[int, int]:
    """Return the span of the wrong words.

    If these words occur twice, return the place nearest to the first difference from the correct note.
    """
    note, wrong = error["note"], error["wrong"]
    common = next((i for i, (a, b) in enumerate(zip(right, note, strict=False)) if a != b), len(note))
    starts = [i for i in range(len(note)) if note.startswith(wrong, i)]
    start = min(starts, key=lambda i: abs(i - common), default=common)
    return start, start + len(wrong)


def is_found(flags: Sequence[Flag], before: set[tuple[str, str]], right: str, error: Row) -> list[Flag]:
    """Return the flags that overlap the wrong words and that the correct note does not have."""
    if error["category"] == "omission":
        return [flag for flag in flags if flag.of == "reference" and flag.category == "omission"]
    start, end = place(right, error)
    return [
        flag
        for flag in flags
        if flag.of == "summary" and flag.start < end and start < flag.end and _words(error["note"], flag) not in before
    ]


def score_errors(row: Row, dialogue_facts: DialogueFacts, before: set[tuple[str, str]], table: Table) -> None:
    """Check the row's variants with planted errors, and add the results to the table."""
    reference = read_note_facts(row["note"])
    for error in row["errors"]:
        category = error["category"]
        table.planted[category] += 1
        for setting, wanted in (("alone", None), ("reference", reference)):
            flags = find_errors(dialogue_facts, read_note_facts(error["note"]), wanted)
            found = is_found(flags, before, row["note"], error)
            table.found[setting][category] += bool(found)
            table.named[setting][category] += any(flag.category in NAMED[category] for flag in found)
            if setting == "alone":
                table.major[category] += any(flag.severity == "major" for flag in found)
                if not found and category != "omission":
                    table.missed.append(f"{row['id']} {category}: {error['wrong']!r}")


def score(rows: Sequence[Row]) -> Table:
    """Check every correct note, rewrite and variant of the rows."""
    table = Table()
    for row in rows:
        dialogue_facts = read_dialogue_facts(row["dialogue"])
        flags = find_errors(dialogue_facts, read_note_facts(row["note"]))
        before = {_words(row["note"], flag) for flag in flags}
        table.notes += 1
        table.flagged.update({flag.category for flag in flags} | ({"any"} if flags else set()))
        table.alarms += [f"{row['id']} note {flag.category}: {flag.reason}" for flag in flags]
        for kind, rewrite in zip(row["rewrite_kinds"], row["rewrites"], strict=True):
            new = [f for f in find_errors(dialogue_facts, read_note_facts(rewrite)) if _words(rewrite, f) not in before]
            table.rewrites += 1
            table.rewrites_flagged += bool(new)
            table.alarms += [f"{row['id']} rewrite ({kind}) {flag.category}: {flag.reason}" for flag in new]
        score_errors(row, dialogue_facts, before, table)
    return table


def print_table(name: str, table: Table) -> None:
    """Print the shares, each with its count."""
    print(f"{name}: {table.notes} notes, {table.rewrites} rewrites, {table.planted.total()} planted errors")
    print(f"{'':24}{'n':>4}{'found alone':>13}{'named':>8}{'major':>8}{'with reference':>16}{'named':>8}")
    for category in NAMED:
        n = table.planted[category]
        shares = [
            "-" if category == "omission" and setting == "alone" else f"{counts[category] / max(1, n):.2f}"
            for setting, counts in (
                ("alone", table.found["alone"]), ("alone", table.named["alone"]), ("alone", table.major),
                ("reference", table.found["reference"]), ("reference", table.named["reference"]),
            )
        ]  # fmt: skip
        print(f"{category:24}{n:>4}{shares[0]:>13}{shares[1]:>8}{shares[2]:>8}{shares[3]:>16}{shares[4]:>8}")
    flagged = ", ".join(f"{name} {count / table.notes:.2f}" for name, count in sorted(table.flagged.items()))
    print(f"correct notes flagged alone: {flagged or 'none'}")
    print(f"rewrites with a new flag: {table.rewrites_flagged / max(1, table.rewrites):.2f}")


def main() -> None:
    """Print the table of one set and, if requested, the missed errors and the wrong flags."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("half", nargs="?", choices=SETS, default="dev")
    parser.add_argument("--missed", action="store_true", help="also list the errors that `alone` misses")
    parser.add_argument("--alarms", action="store_true", help="also list the flags of correct notes and rewrites")
    arguments = parser.parse_args()
    lines = (FOLDER / f"{arguments.half}.jsonl").read_text(encoding="utf-8").splitlines()
    table = score([json.loads(line) for line in lines])
    print_table(arguments.half, table)
    for line in (table.missed if arguments.missed else []) + (table.alarms if arguments.alarms else []):
        print(f"  {line}")


if __name__ == "__main__":
    main()
