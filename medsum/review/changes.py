"""Print the changes of a branch in Markdown, for a reviewer: `python -m medsum.review.changes origin/main`.

The command compares the metrics, parameters and plots of the working tree (the workspace) with a commit, which is
called the base commit. On GitHub, the command also adds the text to the summary of the workflow run. The file
dvc_plots/index.html shows all plots.
"""

import csv
import io
import os
import subprocess
import sys
from pathlib import Path

from medsum.core.errors import UserError, run_script
from medsum.core.paths import BY_MODEL
from medsum.core.pipeline import dvc
from medsum.metrics.names import MODELS


def check_base(base: str) -> None:
    """Raise UserError if `base` is not a commit of this repository."""
    command = ["git", "rev-parse", "--verify", "--quiet", f"{base}^{{commit}}"]
    if base.startswith("-") or subprocess.run(command, capture_output=True, check=False).returncode:
        raise UserError(
            f"{base} is not a commit of this repository; fetch it, or name another commit: make review BASE=main"
        )


def scores(text: str) -> dict[str, dict[str, float]]:
    """Return the scores by model and metric. `text` is the content of a file by_model.csv."""
    found: dict[str, dict[str, float]] = {}
    for row in csv.DictReader(io.StringIO(text, newline="")):
        found.setdefault(row["model"], {})[row["metric"]] = float(row["score"])
    return found


def chart(before: dict[str, float], after: dict[str, float], model: str) -> str:
    """Return a Mermaid chart of a model's scores, with bars for the workspace and a line for the base commit."""
    metrics = [name for name in after if name in before]
    rows = (f"[{', '.join(f'{values[name]:.4f}' for name in metrics)}]" for values in (after, before))
    bars, line = rows
    return "\n".join(
        [
            "```mermaid",
            "xychart-beta",
            f'title "{model}: now (bars) and base (line)"',
            f"x-axis [{', '.join(metrics)}]",
            'y-axis "score" 0 --> 1',
            f"bar {bars}",
            f"line {line}",
            "```",
        ]
    )


def charts(base: str) -> list[str]:
    """Return a chart for each model that the base commit and the workspace both have."""
    command = ["git", "show", f"{base}:./{BY_MODEL.as_posix()}"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode or not BY_MODEL.is_file():
        return [f"There are no plots to compare, because the base commit or the workspace has no {BY_MODEL}."]
    before, after = scores(done.stdout), scores(BY_MODEL.read_text(encoding="utf-8"))
    return [chart(before[model], after[model], model) for model in MODELS if model in before and model in after]


def report(base: str) -> str:
    """Return the whole review."""
    metrics = dvc("metrics", "diff", "--md", base)
    parameters = dvc("params", "diff", "--md", base)
    dvc("plots", "diff", base)
    return "\n\n".join(
        [
            f"## Changes since {base}",
            "### Metrics",
            metrics or "No score has changed.",
            "### Parameters",
            parameters or "No parameter has changed.",
            "### Plots",
            *charts(base),
        ]
    )


def main() -> None:
    """Print the review. On GitHub, add it to the summary of the workflow run."""
    base = sys.argv[1] if len(sys.argv) > 1 else "origin/main"
    check_base(base)
    text = report(base)
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text + "\n")


if __name__ == "__main__":
    run_script(main)
