"""Files of the page, which the browser reads and saves: a dialogue out of one, the rows of a batch into one."""

import csv
import io
import json
from typing import Any

from medsum.errors import UserError
from medsum.serve.lines import text_lines

COLUMNS = ("line", "id", "section", "summary", "error")
FORMULA_STARTS = tuple("=+-@\t\r")


def dialogue_in(text: str, name: str) -> str:
    """The dialogue in a file called `name`: plain text, JSON with a key dialogue, or the first row of a CSV.

    Raises UserError where there is none.
    """
    found: Any = text
    try:
        if name.lower().endswith(".json"):
            values = json.loads(text)
            found = values["dialogue"] if isinstance(values, dict) else values[0]["dialogue"]
        elif name.lower().endswith(".csv"):
            found = next(text_lines(text)).dialogue
    except (ValueError, LookupError, TypeError, StopIteration, RecursionError):
        found = ""
    if not isinstance(found, str) or not found.strip():
        raise UserError("that file holds no dialogue; in JSON and CSV it is called 'dialogue'")
    return found


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Rows of a batch as CSV; a cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _harmless(row.get(name)) for name in COLUMNS})
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
