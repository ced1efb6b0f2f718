"""The comparison that `make repro` and evaluate close with: `python -m medsum.quality.table`.

Reads metrics/evaluation.json.
"""

import json
from pathlib import Path
from typing import Any

from medsum.errors import UserError, run_script

METRICS = Path("metrics/evaluation.json")


def comparison(evaluation: dict[str, Any]) -> str:
    """Baseline, fine-tuned and their difference, a metric a line."""
    count = evaluation["records"]
    lines = [f"{'':14}{'copy':>10}{'baseline':>12}{'fine-tuned':>12}{'difference':>12}   n = {count} test records"]
    for name in evaluation["baseline"]:
        copy, baseline, finetuned, difference = (
            evaluation[column][name] for column in ("copy_dialogue", "baseline", "finetuned", "difference")
        )
        lines.append(f"{name:14}{copy:>10.4f}{baseline:>12.4f}{finetuned:>12.4f}{difference:>+12.4f}")
    return "\n".join(lines)


def main() -> None:
    """Print the table of the last evaluation."""
    try:
        evaluation = json.loads(METRICS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{METRICS} is not there; run `dvc repro` to make it") from None
    print(comparison(evaluation))


if __name__ == "__main__":
    run_script(main)
