"""Print the last commit's experiments and their differences: `python -m medsum.review.experiments`.

Each experiment is one line of a table. The table of `dvc exp show` has all parameters and metrics. This table has at
most MAX_COLUMNS columns: the parameters that differ between the experiments, and the most important scores.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from medsum.core.errors import run_script
from medsum.core.pipeline import dvc

MAX_COLUMNS = 20
PARAMS = "params.yaml"
SCORES = {  # for each file of metrics, the keys of the scores and the names of their columns
    "metrics/train.json": {"validation.loss": "loss"},
    "metrics/evaluation.json": {
        "finetuned.rouge1": "rouge1",
        "finetuned.rougeL": "rougeL",
        "finetuned.bertscore": "bertscore",
        "finetuned.factual_f1": "factual_f1",
        "finetuned.omission": "omission",
        "finetuned.hallucination": "hallucination",
        "finetuned.major_errors": "major_errors",
        "against_baseline.rouge1.difference": "rouge1 gain",
    },
}
Row = dict[str, Any]


def leaves(values: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every nested value with its key, such as `section.key`."""
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def read(shown: Sequence[dict[str, Any]]) -> tuple[list[Row], list[Row]]:
    """Return one row of parameters and one row of scores for the workspace, the commit and each experiment.

    `shown` is the output of `dvc exp show --json`. A row of parameters has the name of the experiment under the key "".
    """
    params, scores = [], []
    for state in shown:
        for name, data in [(state["name"] or state["rev"], state["data"]), *experiments(state)]:
            files = {**(data or {}).get("params", {}), **(data or {}).get("metrics", {})}
            found = {file: dict(leaves(content.get("data") or {})) for file, content in files.items()}
            params.append({"": name, **found.get(PARAMS, {})})
            scores.append(
                {
                    column: found[file][leaf]
                    for file, columns in SCORES.items()
                    for leaf, column in columns.items()
                    if leaf in found.get(file, {})
                }
            )
    return params, scores


def experiments(state: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """Yield the name and the data of each experiment on a commit. The name says if the experiment is not finished."""
    for experiment in state["experiments"] or []:
        status = (experiment.get("executor") or {}).get("state", "success")
        revision = experiment["revs"][0]
        name = revision["name"] or revision["rev"][:7]
        yield name if status == "success" else f"{name} ({status})", revision["data"]


def differing(rows: Sequence[Row]) -> list[str]:
    """Return the keys that have different values in different rows. Rows without the key do not count."""
    keys = dict.fromkeys(key for row in rows for key in row if key)
    return [key for key in keys if len({json.dumps(row[key]) for row in rows if key in row}) > 1]


def table(params: Sequence[Row], scores: Sequence[Row]) -> str:
    """Return the rows as text in columns. Below the columns, name the parameters for which there is no column left."""
    measured = differing(scores)
    varied = differing(params)
    fitting = varied[: MAX_COLUMNS - 1 - len(measured)]
    lines = [["experiment", *(key.partition(".")[2] for key in fitting), *measured]]
    for given, found in zip(params, scores, strict=True):
        cells = [*(cell(given.get(key)) for key in fitting), *(cell(found.get(key)) for key in measured)]
        lines.append([given[""], *cells])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = []
    for name, *cells in lines:
        numbers = (word.rjust(width) for word, width in zip(cells, widths[1:], strict=True))
        text.append("  ".join([name.ljust(widths[0]), *numbers]).rstrip())
    if left := varied[len(fitting) :]:
        text.append(f"These parameters differ too: {', '.join(left)}")
    return "\n".join(text)


def cell(value: Any) -> str:
    """Return a value for the table. A score has four digits. A missing value is `-`."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main() -> None:
    """Print the table of the last commit's experiments."""
    shown = json.loads(dvc("exp", "show", "--json"))
    params, scores = read(shown)
    if len(params) <= len(shown):
        print("This commit has no experiments yet; run one with `dvc exp run -S train.lora_rank=16`.")
        return
    print(table(params, scores))


if __name__ == "__main__":
    run_script(main)
