"""Measure the extraction of clinical facts on sentences by authors who had not read the rules of the extraction.

    python -m benchmarks.judge.unseen_facts [dev|frozen|read|held|fresh|FILE] [--errors] [--styles]

The command prints precision, recall and F1 of each kind of fact. It reads
benchmarks/judge/unseen_sentences/{dev,frozen,fresh}.jsonl (see the README.md there) or another FILE of the same form.
The rules were tuned on `dev`. Nobody who changed the rules saw `frozen` until it had been scored once. After that, the
rules were improved on two thirds of its rows. `read` scores these two thirds. `held` scores the other third, which is a
random choice that nobody has read. `fresh` was scored once, after the last change. Intervals come from 1,000 bootstrap
samples of the sentences.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.judge.unseen_labels import ROWS, Labels, gold_labels, predicted_labels
from medsum.core.errors import UserError

FOLDER = Path(__file__).parent / "unseen_sentences"
STYLES = ("dialogue", "note", "shorthand", "british")
_SAMPLES = 1000
_HELD_SEED = 17  # chooses the rows of `held`
Row = dict[str, Any]
Counts = dict[str, tuple[int, int, int]]  # for each row of the table: the numbers of hits, labels and predictions


def counts(gold: Labels, predicted: Labels) -> Counts:
    """Return the hits, labels and predictions of one sentence."""
    hits, labels, found = (Counter(name for name, _ in these) for these in (gold & predicted, gold, predicted))
    return {name: (hits[name], labels[name], found[name]) for name in ROWS}


def precision_recall_f1(hits: float, labels: float, predictions: float) -> tuple[float, float, float]:
    """Return precision, recall and F1. Without predictions or labels, a value is not defined; it is then 1."""
    precision = hits / predictions if predictions else 1.0
    recall = hits / labels if labels else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def interval(of_sentences: Sequence[Counts], name: str) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of F1 for one row of the table."""
    table = np.array([one[name] for one in of_sentences])
    draws = np.random.default_rng(0).integers(len(table), size=(_SAMPLES, len(table)))
    values = [precision_recall_f1(*table[draw].sum(axis=0))[2] for draw in draws]
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def print_table(title: str, of_sentences: Sequence[Counts]) -> None:
    """Print a line for each kind of fact."""
    print(f"{title}: {len(of_sentences)} sentences")
    print(f"{'':14}{'n':>6}{'P':>7}{'R':>7}{'F1':>7}  95 % interval of F1")
    for name in ROWS:
        hits, labels, found = (sum(one[name][place] for one in of_sentences) for place in range(3))
        precision, recall, f1 = precision_recall_f1(hits, labels, found)
        low, high = interval(of_sentences, name)
        print(f"{name:14}{labels:>6}{precision:>7.3f}{recall:>7.3f}{f1:>7.3f}  {low:.3f} to {high:.3f}")


def print_styles(rows: Sequence[Row], of_sentences: Sequence[Counts]) -> None:
    """Print F1 of each kind of fact, for each style of the sentences."""
    print(f"{'F1':14}" + "".join(f"{style:>16}" for style in STYLES))
    for name in ROWS:
        columns = ""
        for style in STYLES:
            here = [one[name] for row, one in zip(rows, of_sentences, strict=True) if row["style"] == style]
            hits, labels, found = (sum(one[place] for one in here) for place in range(3))
            columns += f"{precision_recall_f1(hits, labels, found)[2]:>9.3f} ({labels:>4})"
        print(f"{name:14}{columns}")


def print_errors(rows: Sequence[Row], show: Callable[[str], bool]) -> None:
    """Print each sentence that has a missed label or a wrong prediction."""
    for row in rows:
        gold = gold_labels(row["facts"])
        predicted = aligned(gold, predicted_labels(row))
        missed = sorted(label for label in gold - predicted if show(label[0]))
        wrong = sorted(label for label in predicted - gold if show(label[0]))
        if missed or wrong:
            print(f"{row['id']} {row['text']}")
            print("    missed " + "; ".join(f"{name} {value}" for name, value in missed))
            print("    wrong  " + "; ".join(f"{name} {value}" for name, value in wrong))


def aligned(gold: Labels, predicted: Labels) -> Labels:
    """Return the predictions. A number without a unit gets the unit of the label that has the same number."""
    doses = {re.sub(r"(dose: [\d.-]+) .*", r"\1", value): value for _, value in gold if "dose: " in value}
    numbers = {value for _, value in gold if value.startswith("number: ")}
    moved: Labels = set()
    for name, value in predicted:
        number = re.sub(r"^(?:count|percent|measure): (\S+).*", r"number: \1", value)
        moved.add((name, number if number in numbers else doses.get(value, value)))
    return moved


def rows_of(name: str) -> list[Row]:
    """Return the labelled sentences of one set or of a file."""
    path = FOLDER / f"{'frozen' if name in ('read', 'held') else name}.jsonl"
    path = path if path.exists() else Path(name)
    if not path.is_file():
        raise UserError(f"{name} is not a file; give a file, dev, frozen, read, held or fresh")
    rows: list[Row] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if name in ("read", "held"):
        held = set(random.Random(_HELD_SEED).sample(range(len(rows)), len(rows) // 3))
        rows = [row for place, row in enumerate(rows) if (place in held) == (name == "held")]
    return rows


def main() -> None:
    """Print the table of one set. If requested, also print F1 by style, or the errors."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "rows", nargs="?", default="dev", help="dev, frozen, read, held, fresh or a file of the same form"
    )
    parser.add_argument("--errors", nargs="*", metavar="ROW", help="list the errors in these rows of the table, or all")
    parser.add_argument("--styles", action="store_true", help="also print F1 by style")
    arguments = parser.parse_args()
    rows = rows_of(arguments.rows)
    golds = [gold_labels(row["facts"]) for row in rows]
    of_sentences = [counts(gold, aligned(gold, predicted_labels(row))) for gold, row in zip(golds, rows, strict=True)]
    print_table(arguments.rows, of_sentences)
    if arguments.styles:
        print_styles(rows, of_sentences)
    if arguments.errors is not None:
        wanted = arguments.errors
        print_errors(rows, lambda name: not wanted or name in wanted)


if __name__ == "__main__":
    main()
