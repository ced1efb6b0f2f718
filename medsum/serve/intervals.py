"""Draw scores and their intervals as an HTML table. Each row draws the interval as a line and the score as a dot."""

import csv
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import NamedTuple


class Row(NamedTuple):
    """A score from 0 to 1 with its interval. The rows of one group share one heading."""

    group: str
    system: str
    score: float
    low: float
    high: float


def read(path: Path, group: str, score: str, systems: dict[str, str]) -> list[Row]:
    """Return the rows of the given systems from a CSV of the pipeline.

    Return no rows if the file is missing or damaged. `group` and `score` are names of columns. `systems` maps a model
    in the CSV to its name on the page.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [
                Row(line[group], systems[line["model"]], *(float(line[name]) for name in (score, "low", "high")))
                for line in csv.DictReader(file)
                if line["model"] in systems
            ]
    except (OSError, KeyError, ValueError, TypeError, csv.Error):
        return []


def chart(caption: str, rows: Iterable[Row], names: dict[str, str]) -> str:
    """Return the table as HTML. It shows the numbers as a drawing and as text. Without rows, return an empty text."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    body = "".join(
        f"<tr>{_heading(names.get(group, group), len(same)) if row is same[0] else ''}<td>{escape(row.system)}</td>"
        f'<td class="drawn">{_drawn(row)}</td><td>{row.score:.3f} [{row.low:.3f}, {row.high:.3f}]</td></tr>'
        for group, same in groups.items()
        for row in same
    )
    if not body:
        return ""
    table = f'<table class="intervals"><caption>{escape(caption)}</caption><tbody>{body}</tbody></table>'
    return f'<div class="scroll">{table}</div>'


def _heading(text: str, rows: int) -> str:
    return f'<th scope="rowgroup" rowspan="{rows}">{escape(text)}</th>'


def _drawn(row: Row) -> str:
    """Draw the interval as a line and the score as a dot, on a scale from 0 to 1."""
    low, high, score = (200 * min(max(value, 0), 1) for value in (row.low, row.high, row.score))
    return (
        '<svg viewBox="-6 0 212 12" aria-hidden="true"><path class="scale" d="M0 11H200M0 8V12M100 8V12M200 8V12"/>'
        f'<path class="interval" d="M{low:.1f} 5H{high:.1f}"/><circle cx="{score:.1f}" cy="5" r="4"/></svg>'
    )
