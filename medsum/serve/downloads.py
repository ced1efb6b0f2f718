"""Make the CSV file that the page offers for download. The file has the rows of a batch."""

import csv
import io
import re
from typing import Any

from medsum.serve.sign_messages import told
from medsum.serve.visit import names_of

COLUMNS = ("line", "id", "section", "summary", "held_back", "signs", "error")
# This pattern matches the beginning of a cell that a spreadsheet runs as a formula. A formula begins with `=`, `+`, `-`
# or `@`, or with a wide or small variant of these characters in Unicode. Characters that a spreadsheet ignores may come
# before them. A cell that begins with a tab or a line break also matches.
FORMULA = re.compile(
    r"[\t\r\n]|[\s\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*"
    r"[=+\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
)


def as_csv(rows: list[dict[str, Any]]) -> str:
    """Return rows of a batch as CSV. A cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for row in rows:
        cells = {**row, "section": ", ".join(names_of(row)), "signs": " ".join(told(row))}
        writer.writerow({name: _harmless(cells.get(name)) for name in COLUMNS})
    return out.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell
