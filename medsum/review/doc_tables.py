"""Write the measured figures into README.md and docs/: `python -m medsum.review.doc_tables`, or `make docs-tables`.

A block is the text between `<!-- table: NAME -->` and `<!-- end -->`. This command replaces the text of each block. It
reads metrics/*.json, plots/**/*.csv and benchmarks/results, which are in Git. The block `example` also needs the
summaries of the last run, which are not in Git. Without these summaries, the command does not change this block.
"""

import csv
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from medsum.core.atomic import write_text
from medsum.core.errors import UserError, run_script
from medsum.core.paths import (
    AGAINST_BASELINE,
    BY_CATEGORY,
    BY_MODEL,
    COUNTERFACTUAL_RATES,
    EVALUATION_METRICS,
    LEARNING_CURVE,
    PLANTED_ERRORS,
    PREDICTIONS,
    SPLITS_METRICS,
    TEST_SPLIT,
)
from medsum.dialogue.predictions import read_predictions
from medsum.dialogue.record import Record, read_records
from medsum.metrics.names import MODELS, SHARES, with_direction
from medsum.params import model

SUMMARIES = PREDICTIONS / "finetuned.jsonl"
ENDS = ("difference", "low", "high")
EXAMPLE_WORDS = range(40, 61)  # words of the example's dialogue: enough to show errors, and quick to read
Row = dict[str, Any]


def shown(value: float | None, sign: str = "", decimals: int = 3) -> str:
    """Return a number such as `.262`, or `+.078` if `sign` is `+`. Return a dash if nothing was measured."""
    return "–" if value is None else re.sub(r"^([+-]?)0\.", r"\1.", f"{value:{sign}.{decimals}f}")


def with_interval(values: Sequence[float], sign: str = "", decimals: int = 3) -> str:
    """Return a value and the ends of its 95 % interval as `.400 [.250, .550]`."""
    value, low, high = (shown(one, sign, decimals) for one in values)
    return f"{value} [{low}, {high}]"


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_json(path: Path) -> Any:
    """Return the values of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def results() -> str:
    """Return the scores of a copy of the dialogue and of both models, and the difference of the models."""
    scores = {(row["model"], row["metric"]): float(row["score"]) for row in read_rows(BY_MODEL)}
    compared = {row["metric"]: row for row in read_rows(AGAINST_BASELINE)}
    rows = []
    for key in SHARES:
        means = (shown(scores[system, key]) for system in ("copy_dialogue", *MODELS))
        rows.append([with_direction(key), *means, with_interval([float(compared[key][end]) for end in ENDS], "+")])
    head = ["test split", "copying the dialogue", "base model", "fine-tuned", "difference [95 % interval]"]
    records = read_json(SPLITS_METRICS)["records"]["test"]
    text = table(head, [*rows, major_errors()])
    return f"Base `{model.load().base}`, n = {records} test records:\n\n{text}"


def major_errors() -> list[str]:
    """Return the row of major errors per summary.

    The metrics have only the mean of the fine-tuned model and the difference. The base model's mean is computed from
    these two values.
    """
    evaluation = read_json(EVALUATION_METRICS)
    tuned, compared = evaluation["finetuned"]["major_errors"], evaluation["against_baseline"]["major_errors"]
    difference = with_interval([compared[end] for end in ENDS], "+", 2)
    base = shown(tuned - compared["difference"], decimals=2)
    return [with_direction("major_errors"), "–", base, shown(tuned, decimals=2), difference]


def errors() -> str:
    """Return the share of summaries with an error of each category."""
    found = {(row["category"], row["model"]): row for row in read_rows(BY_CATEGORY)}
    rows = []
    for category in dict.fromkeys(category for category, _ in found):
        cells = []
        for name in MODELS:
            row = found[category, name]
            share = with_interval([float(row[key]) for key in ("share", "low", "high")], decimals=2)
            cells += [row["errors"], share]
        rows.append([category, *cells])
    head = ["category", "base model: errors", "share of the summaries", "fine-tuned: errors", "share of the summaries"]
    return table(head, rows)


def learning_curve() -> str:
    """Return the gain over the base model by number of training records, as ROUGE-1 x 100."""
    rows = []
    for row in read_rows(LEARNING_CURVE):
        gain, low, high, least, most = (float(row[key]) for key in ("gain", "low", "high", "seed_low", "seed_high"))
        interval = f"{gain:+.2f} [{low:+.2f}, {high:+.2f}]"
        rows.append([f"{int(row['records']):,}", interval, f"{least:+.2f}, {most:+.2f}"])
    return table(["training records", "above the base model", "seeds: least, most"], rows)


def planted_errors() -> str:
    """Return the share of planted errors that the error analysis finds, by category.

    A planted error is an error that a program put into a correct note. If a figure is in brackets, the project promises
    no share for this category.
    """
    rows = []
    for category, found in read_json(PLANTED_ERRORS)["categories"].items():
        alone = shown(found["found_alone"])
        if found["found_alone"] is not None and "alone" not in found["claimed"]:
            alone = f"({alone})"
        known = (shown(found["found_with_reference"]), alone, shown(found["false_alarms"]))
        rows.append([category, str(found["planted"]), *known])
    return table(["category", "planted", "found with reference", "found alone", "false alarms"], rows)


def counterfactual() -> str:
    """Return how often summaries follow a change of one fact in their dialogue, by kind of change."""
    rows = []
    for kind, found in read_json(COUNTERFACTUAL_RATES)["kinds"].items():
        cells = [str(found["baseline"]["edited"])]
        for row in (found[name] for name in MODELS):
            cells += [str(row["told"]), rate(row, "followed") if row["told"] else "–"]
        rows.append([kind, *cells, *(rate(found[name], "unchanged_elsewhere") for name in MODELS)])
    head = ["edit", "dialogues", "base model: told", "followed", "fine-tuned: told", "followed"]
    return table([*head, "other facts the same: base model", "fine-tuned"], rows)


def rate(row: Row, key: str) -> str:
    """Return a rate of benchmarks/results/counterfactual.json with its interval."""
    return with_interval([row[key], *row[f"{key}_interval"]], decimals=2)


def example() -> str:
    """Return the first test record with EXAMPLE_WORDS words, its fine-tuned summary and its reference."""
    records = read_records(TEST_SPLIT)
    summaries = read_predictions(SUMMARIES, records)
    for record, summary in zip(records, summaries, strict=True):
        if len(record.dialogue.split()) in EXAMPLE_WORDS:
            return example_text(record, summary)
    raise UserError(
        f"{TEST_SPLIT} has no dialogue of {EXAMPLE_WORDS.start} to {EXAMPLE_WORDS.stop - 1} words;"
        " change EXAMPLE_WORDS in medsum/review/doc_tables.py"
    )


def example_text(record: Record, summary: str) -> str:
    """Return a dialogue, its summary and its reference as a block of Markdown."""
    made = f"Summary (fine-tuned {model.load().base}): {summary}"
    return "\n".join(["```text", record.dialogue, "", made, f"Reference: {record.summary}", "```"])


BLOCKS: dict[str, dict[str, Callable[[], str]]] = {  # for each page, the names of its blocks and their contents
    "README.md": {"results": results, "example": example},
    "docs/evaluation.md": {"errors": errors},
    "docs/benchmarks.md": {
        "planted-errors": planted_errors,
        "counterfactual": counterfactual,
        "learning-curve": learning_curve,
    },
}


def replaced(text: str, name: str, content: str) -> str:
    """Return the text with new content in one block. Raise UserError if the block does not occur exactly once."""
    block = re.compile(rf"(<!-- table: {re.escape(name)} -->\n).*?(\n<!-- end -->)", re.DOTALL)
    changed, count = block.subn(lambda found: f"{found[1]}{content}{found[2]}", text)
    if count != 1:
        raise UserError(f"block '{name}' occurs {count} times in its page; write <!-- table: {name} --> exactly once")
    return changed


def main() -> None:
    """Write every block."""
    for page, blocks in BLOCKS.items():
        path = Path(page)
        text = path.read_text(encoding="utf-8")
        for name, content in blocks.items():
            if name == "example" and not (TEST_SPLIT.is_file() and SUMMARIES.is_file()):
                print(f"{page}: {name} is unchanged, because {SUMMARIES} does not exist; run `dvc repro` to make it")
                continue
            text = replaced(text, name, content())
        write_text(path, text)
        print(f"{page}: {', '.join(blocks)}")


if __name__ == "__main__":
    run_script(main)
