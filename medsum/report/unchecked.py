"""Make the report on summaries that were not checked for errors, because their language may not be English."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from medsum.dialogue.record import Record, read_jsonl
from medsum.metrics.names import CHECKERS_OFF
from medsum.report import aggregate

SCORES = ("rouge1", "bertscore", "length_ratio")
Row = dict[str, Any]


def is_unchecked(scores: Path) -> bool:
    """Return whether the summaries were not checked: then stages.evaluate wrote rows without the key `errors`."""
    return "errors" not in next(read_jsonl(scores), {"errors": []})


def summarise(models: aggregate.Models) -> dict[str, Any]:
    """Return the numbers that the stage writes to reports/errors.json."""
    rows = next(iter(models.values()))
    means = {name: aggregate.means(rows, SCORES) for name, rows in models.items()}
    return {"records": len(rows), "checkers": CHECKERS_OFF, "models": means}


def view_of(
    summary: Mapping[str, Any],
    models: aggregate.Models,
    texts: Mapping[str, Sequence[str]],
    records: Sequence[Record],
    shown: int,
) -> dict[str, Any]:
    """Return what the report shows: the numbers, and the records with the lowest ROUGE-1 of the last model."""
    *_, last = models.values()
    worst = sorted(range(len(records)), key=lambda place: float(last[place]["rouge1"]))[:shown]
    return {
        "records": summary["records"],
        "models": summary["models"],
        "why": CHECKERS_OFF.removeprefix("off: "),
        "names": SCORES,
        "worst": [_shown(records[place], {name: (rows[place], texts[name][place]) for name, rows in models.items()})
                  for place in worst],
    }  # fmt: skip


def _shown(record: Record, models: Mapping[str, tuple[Row, str]]) -> Row:
    return {
        "id": record.id,
        "section": record.section or "no section",
        "turns": record.dialogue.split("\n"),
        "reference": record.summary,
        "models": {name: {"rouge1": row["rouge1"], "text": text} for name, (row, text) in models.items()},
    }
