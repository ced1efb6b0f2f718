"""Compute the risk of each section of a note. A section is treated as a note of its own, with the whole dialogue."""

import math
from typing import Any

from medsum.dialogue.turns import spoken_text
from medsum.faithfulness.spoken_numbers import numbers, said_numbers
from medsum.metrics.words import count_words
from medsum.risk.features import features
from medsum.risk.note_risk import risk, score

FOUND = ("evidence", "flags")


def with_risks(dialogue: str, note: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the sections of a checked note, each with its `risk`. The risk is None if the section has no text.

    A long dialogue is read only once, because reading its numbers can take seconds.
    """
    said, words = said_numbers(dialogue), math.log1p(count_words(spoken_text(dialogue)))
    rows = []
    for row in note["sections"]:
        if row.get("start") is None:
            rows.append({**row, "risk": None})
            continue
        own = {key: [one for one in note[key] if row["start"] <= one["start"] < row["end"]] for key in FOUND}
        values = {**_of_text(own, row["summary"], said), "dialogue_words": words}
        rows.append({**row, "risk": risk(score(values))})
    return rows


def _of_text(own: dict[str, Any], text: str, said: set[str]) -> dict[str, float]:
    """Return the features of a section's text without those of the dialogue. `said` has the dialogue's numbers."""
    severities = [flag["severity"] for flag in own["flags"]]
    standings = [row["standing"] for row in own["evidence"]]
    not_said = sum(number not in said for number in numbers(text))
    return {**features(severities, standings, "", text), "numbers_not_said": math.log1p(not_said)}
