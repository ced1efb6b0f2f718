"""From scores of records to the few numbers that people compare."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

DECIMALS = 4
Rows = Sequence[dict[str, Any]]


def means(rows: Rows, names: Iterable[str]) -> dict[str, float]:
    """Mean of each named score over the rows, which must not be empty."""
    return {name: round(sum(row[name] for row in rows) / len(rows), DECIMALS) for name in names}


def differences(first: dict[str, float], second: dict[str, float]) -> dict[str, float]:
    """Second minus first, by name."""
    return {name: round(second[name] - first[name], DECIMALS) for name in first}


def by_section(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Rows by section, the largest sections first; a missing section is called `none`."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["section"] or "none"].append(row)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
