"""Print a table that compares models and floors: `python -m medsum.evaluation.table`.

`make repro` and the stage evaluate also print this table when they end. The module reads reports/evaluation.json. A
floor is a trivial summary, such as a copy of the dialogue.
"""

from typing import Any

from medsum.core.errors import UserError, run_script
from medsum.core.paths import EVALUATION_REPORT
from medsum.core.reading import read_json
from medsum.metrics.names import MODELS, SYSTEM_LABELS

REMEDY = "run `dvc repro` to make it"


def closing_table(evaluation: dict[str, Any]) -> str:
    """Return one line per metric: floors, models, and the difference between two models with its 95 % interval."""
    systems = {**evaluation["floors"], **{k: evaluation[k] for k in _models(evaluation)}}
    difference = evaluation.get("against_baseline", {})
    head = "".join(f"{SYSTEM_LABELS.get(name, name):>14}" for name in systems) + (
        f"{'difference':>28}" if difference else ""
    )
    lines = [f"{'':14}{head}   n = {evaluation['records']} records"]
    for metric in evaluation[_models(evaluation)[-1]]:
        cells = "".join(f"{values[metric]:>14.4f}" if metric in values else " " * 14 for values in systems.values())
        found = difference.get(metric)
        if found:
            cells += f"{found['difference']:>+10.4f} [{found['low']:+.4f}, {found['high']:+.4f}]"
        lines.append(f"{metric:14}{cells}".rstrip())
    return "\n".join(lines)


def _models(evaluation: dict[str, Any]) -> list[str]:
    return [name for name in (*MODELS, "predictions") if name in evaluation]


def last_table() -> str:
    """Return the table of the last evaluation. Raise UserError if the report is missing or damaged."""
    evaluation = read_json(EVALUATION_REPORT, REMEDY)
    try:
        return closing_table(evaluation)
    except (AttributeError, ArithmeticError, LookupError, TypeError, ValueError):
        raise UserError(f"{EVALUATION_REPORT} has no scores of the stage evaluate; run `dvc repro`") from None


def main() -> None:
    """Print the table of the last evaluation."""
    print(last_table())


if __name__ == "__main__":
    run_script(main)
