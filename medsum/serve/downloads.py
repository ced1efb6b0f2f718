"""The file that the page gives: the rows of a batch."""

import csv
import io
from typing import Any

from medsum.serve.sign_messages import told

COLUMNS = ("line", "id", "section", "summary", "signs", "error")
FORMULA_STARTS = tuple("=+-@\t\r")


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows of a batch as CSV; a cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        cells = {**row, "signs": " ".join(told(row))}
        writer.writerow({name: _harmless(cells.get(name)) for name in COLUMNS})
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
