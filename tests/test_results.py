"""The README's figures of the embedded default are those of the last run."""

import csv
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ROWS = {
    "ROUGE-1": "rouge1",
    "ROUGE-2": "rouge2",
    "ROUGE-L": "rougeL",
    "BERTScore": "bertscore",
    "factual F1": "factual_f1",
    "omission (less is better)": "omission",
    "hallucination (less is better)": "hallucination",
    "major errors found a summary": "major_errors",
}
HEADER = "| | copy | first turns | longest turn | nearest note | baseline | fine-tuned | difference |"
FLOORS = ("copy_dialogue", "first_turns", "longest_turn", "nearest_note")


def shown(value: float, sign: str = "") -> str:
    """`.2622`, or with a sign `+.0780`."""
    return re.sub(r"^([+-]?)0\.", r"\1.", f"{value:{sign}.4f}")


def read_rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "plots/evaluation" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables() -> dict[str, Any]:
    """The scores of the floors, and of each metric both models' means and their difference, as Git has them."""
    numbers = ("difference", "low", "high", "baseline_mean", "finetuned_mean")
    return {
        "floors": {(row["model"], row["metric"]): float(row["score"]) for row in read_rows("by_model.csv")},
        "against_baseline": {
            row["metric"]: {name: float(row[name]) for name in numbers} for row in read_rows("against_baseline.csv")
        },
    }


def row(name: str, key: str, measured: dict[str, Any]) -> str:
    """A metric's row of the result table."""
    change = measured["against_baseline"][key]
    cells = [measured["floors"].get((floor, key)) for floor in FLOORS]
    cells += [change[f"{model}_mean"] for model in ("baseline", "finetuned")]
    interval = f"{shown(change['difference'], '+')} [{shown(change['low'], '+')}, {shown(change['high'], '+')}]"
    return " | ".join([f"| {name}", *("" if cell is None else shown(cell) for cell in cells), f"{interval} |"])


def test_the_result_table_of_the_sample_is_what_the_pipeline_measured() -> None:
    measured = tables()
    splits = json.loads((ROOT / "metrics/splits.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("**Sample corpus**")[2].partition("\n\n|")[2].partition("\n\n")[0].splitlines()
    assert f"|{table[0]}" == HEADER
    assert [line for line in table[2:] if line.split(" | ")[0][2:] in ROWS] == [
        row(name, key, measured) for name, key in ROWS.items()
    ]
    assert f"n = {splits['records']['test']}" in readme
