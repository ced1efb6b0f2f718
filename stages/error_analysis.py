"""Show where the fine-tuned model is weakest: the worst records side by side, and every section.

Reads data/scores/*.jsonl, data/predictions/*.jsonl and data/splits/test.jsonl; writes metrics/errors.json (no
text) and reports/error_analysis.{md,html} (which quote dialogues, and so stay out of Git).
"""

from pathlib import Path
from typing import Any

from medsum.atomic import write_json, write_text
from medsum.data.records import read_jsonl, read_records
from medsum.errors import run_script
from medsum.params import error_analysis
from medsum.quality.aggregate import by_section, means
from medsum.quality.report import render

TEST = Path("data/splits/test.jsonl")
SCORES = Path("data/scores")
PREDICTIONS = Path("data/predictions")
METRICS = Path("metrics/errors.json")
REPORT = Path("reports/error_analysis")
SHOWN = ("rouge1", "rouge2", "rougeL", "bertscore", "length_ratio")
Rows = list[dict[str, Any]]


def section_table(baseline: Rows, finetuned: Rows, small: int) -> dict[str, dict[str, Any]]:
    """Scores of both models by section; `small` marks groups too small to conclude from."""
    before = by_section(baseline)
    return {
        section: {
            "records": len(group),
            "small": len(group) < small,
            "baseline": means(before[section], SHOWN),
            "finetuned": means(group, SHOWN),
        }
        for section, group in by_section(finetuned).items()
    }


def headline(baseline: Rows, finetuned: Rows) -> dict[str, Any]:
    """Counts that need no text: what got better, what got worse, and outputs that are no summary."""
    pairs = list(zip(baseline, finetuned, strict=True))
    return {
        "records": len(pairs),
        "better_by_rouge1": sum(after["rouge1"] > before["rouge1"] for before, after in pairs),
        "worse_by_rouge1": sum(after["rouge1"] < before["rouge1"] for before, after in pairs),
        "empty": {
            "baseline": sum(row["prediction_words"] == 0 for row in baseline),
            "finetuned": sum(row["prediction_words"] == 0 for row in finetuned),
        },
    }


def worst_records(finetuned: Rows, count: int) -> list[dict[str, Any]]:
    """The records of lowest ROUGE-1, each with its texts, the worst first."""
    records = {record.id: record for record in read_records(TEST)}
    texts = {
        model: {row["id"]: row["text"] for row in read_jsonl(PREDICTIONS / f"{model}.jsonl")}
        for model in ("baseline", "finetuned")
    }
    worst = sorted(finetuned, key=lambda row: (row["rouge1"], row["id"]))[:count]
    return [
        {
            "scores": row,
            "turns": records[row["id"]].dialogue.split("\n"),
            "reference": records[row["id"]].summary,
            "baseline": texts["baseline"][row["id"]],
            "finetuned": texts["finetuned"][row["id"]],
        }
        for row in worst
    ]


def main() -> None:
    """Read, find, write."""
    params = error_analysis.load()
    baseline, finetuned = (list(read_jsonl(SCORES / f"{model}.jsonl")) for model in ("baseline", "finetuned"))
    summary = headline(baseline, finetuned)
    sections = section_table(baseline, finetuned, params.small_group_records)
    worst = worst_records(finetuned, params.worst_records)
    for kind in ("md", "html"):
        write_text(REPORT.with_suffix(f".{kind}"), render(kind, summary, sections, worst))
    write_json(METRICS, {**summary, "sections": sections})
    print(f"{REPORT}.html: the {len(worst)} weakest of {summary['records']} records, {len(sections)} sections")


if __name__ == "__main__":
    run_script(main)
