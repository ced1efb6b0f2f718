"""Measure the extraction of clinical facts on labelled sentences: precision, recall and F1 of each kind of fact.

    python -m benchmarks.judge.facts [--errors dev]

The command reads benchmarks/judge/labelled_sentences/{dev,test}.jsonl, which were written for this project (see the
README.md there). The rules of the extraction were tuned on `dev`. The sentences of `test` were written before the
rules, and they are only scored.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medsum.facts.extraction import extract, extract_dialogue
from medsum.facts.fact import QUANTITIES, STATED, Fact
from medsum.facts.findings import canonical

FOLDER = Path(__file__).parent / "labelled_sentences"
FLAGS = ("negated", "family", "historical", "hypothetical", "uncertain")
ROWS = ("quantity", "medication", "drug_class", "finding", "laterality", *FLAGS)
Labels = set[tuple[str, str]]  # a label consists of the row of the table to which it belongs, and its text


def gold_labels(row: dict[str, Any]) -> Labels:
    """Parse the labels of a sentence. Each label has the form `kind: value unit | flags`."""
    labels: Labels = set()
    for label in row["facts"]:
        stated, _, flags = label.partition(" | ")
        kind, _, value = stated.partition(": ")
        value = canonical(value) if kind == "finding" else value
        labels |= set(_rows(kind, value, [flag.strip() for flag in flags.split(",") if flag]))
    return labels


def predicted_labels(facts: list[Fact]) -> Labels:
    """Return the labels of extracted facts, in the form of `gold_labels`."""
    labels: Labels = set()
    for fact in facts:
        if fact.kind == "procedure":  # the sentences have no labels for procedures
            continue
        shown = fact.value if fact.kind in STATED else f"{fact.value} {fact.unit}".strip()
        labels |= set(_rows(fact.kind, shown, sorted(fact.context)))
    return labels


def _rows(kind: str, value: str, flags: list[str]) -> Iterator[tuple[str, str]]:
    yield ("quantity", f"{kind}: {value}") if kind in QUANTITIES else (kind, value)
    for flag in flags:
        yield flag, f"{kind}: {value}"


def read_rows(name: str) -> list[dict[str, Any]]:
    """Return the labelled sentences of `dev` or `test`."""
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def compare(row: dict[str, Any]) -> tuple[Labels, Labels]:
    """Return the gold and the predicted labels of a row."""
    facts = extract_dialogue(row["text"]) if row["style"] == "dialogue" else extract(row["text"])
    return gold_labels(row), predicted_labels(facts)


def scores(rows: list[dict[str, Any]]) -> dict[str, tuple[int, float, float, float]]:
    """Return the number of labels, precision, recall and F1 for each row of the table."""
    hits, gold_counts, predicted_counts = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        gold, predicted = compare(row)
        hits.update(name for name, _ in gold & predicted)
        gold_counts.update(name for name, _ in gold)
        predicted_counts.update(name for name, _ in predicted)
    table = {}
    for name in ROWS:
        precision = hits[name] / predicted_counts[name] if predicted_counts[name] else 1.0
        recall = hits[name] / gold_counts[name] if gold_counts[name] else 1.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        table[name] = (gold_counts[name], precision, recall, f1)
    return table


def print_table() -> None:
    """Print the tables of `dev` and `test` next to each other."""
    halves = {name: read_rows(name) for name in ("dev", "test")}
    for name, rows in halves.items():
        spoken = sum(row["style"] == "dialogue" for row in rows)
        print(f"{name}: {len(rows)} sentences, {spoken} of them dialogue")
    print(f"{'':14}" + "".join(f"{name:>8}{'P':>8}{'R':>8}{'F1':>8}" for name in halves))
    tables = [scores(rows) for rows in halves.values()]
    for name in ROWS:
        columns = "".join(f"{count:>8}{p:>8.3f}{r:>8.3f}{f1:>8.3f}" for count, p, r, f1 in (t[name] for t in tables))
        print(f"{name:14}{columns}")


def print_errors(name: str) -> None:
    """Print each sentence of `dev` or `test` that has a missed label or a wrong prediction."""
    for row in read_rows(name):
        gold, predicted = compare(row)
        if gold != predicted:
            print(f"{row['id']} {row['text']!r}")
            print(f"    missed {sorted(gold - predicted)}")
            print(f"    wrong  {sorted(predicted - gold)}")


def main() -> None:
    """Print the table, or the errors in `dev` or `test`."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--errors", choices=("dev", "test"), help="list only the errors in this set")
    half = parser.parse_args().errors
    if half:
        print_errors(half)
    else:
        print_table()


if __name__ == "__main__":
    main()
