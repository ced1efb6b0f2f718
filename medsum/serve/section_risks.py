"""Compute the risk of each section of a note. A section is treated as a note of its own, with the whole dialogue."""

from typing import Any

from medsum.risk.features import Said
from medsum.risk.note_risk import risk
from medsum.serve.holding import score_of

FOUND = ("evidence", "flags")


def with_risks(said: Said, note: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sections of a checked note, each with its `risk`. The risk is None if the section has no text."""
    rows = []
    for row in note["sections"]:
        if row.get("start") is None:
            rows.append({**row, "risk": None})
            continue
        own = {key: [one for one in note[key] if row["start"] <= one["start"] < row["end"]] for key in FOUND}
        rows.append({**row, "risk": risk(score_of(said, {**row, **own}))})
    return rows
