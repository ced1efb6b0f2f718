"""Compute the risk-coverage curve.

The curve shows how many of the remaining summaries are wrong if the summaries with the highest risk are held back.
"""

from collections.abc import Sequence
from typing import Any

from medsum.core.paths import PLOTS
from medsum.metrics.proportions import wilson_interval
from medsum.report.aggregate import Models, Row

RISK_COVERAGE = PLOTS / "errors/risk_coverage.csv"
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7)
COLUMNS = ("held_back", "model", "summaries", "low", "high", "wrong")
DECIMALS = 4


def is_wrong(row: Row) -> bool:
    """Return whether a summary states something wrong: it has a major error that is not an omission."""
    return any(error["severity"] == "major" and error["category"] != "omission" for error in row["errors"])


def curve(models: Models) -> list[dict[str, Any]]:
    """Return a row for each model and each share of summaries that is held back.

    A row has the share of wrong summaries among the remaining summaries, with its interval.
    """
    return [_row(share, model, rows) for share in SHARES for model, rows in models.items()]


def _row(share: float, model: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the row of one share. Summaries with the same risk keep their order, and at least one summary remains."""
    safest_first = sorted(rows, key=lambda row: row["risk_score"])
    others = safest_first[: max(1, round(len(rows) * (1 - share)))]
    wrong = sum(map(is_wrong, others))
    low, high = wilson_interval(wrong, len(others))
    values = (f"{100 * share:.0f} %", model, len(others), low, high, round(wrong / len(others), DECIMALS))
    return dict(zip(COLUMNS, values, strict=True))
