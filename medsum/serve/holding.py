"""Compute the risk of a note, and decide whether to hold the note back.

The output of a batch does not contain a note that is held back. A person writes such a note by hand.
"""

from functools import cache
from pathlib import Path
from typing import Any

from medsum.core.errors import UserError
from medsum.params import note as note_params
from medsum.risk.features import Said, features
from medsum.risk.note_risk import limit, risk, score
from medsum.serve.dialogue_input import is_english_asked

BY_HAND = "Write this note by hand"


def hold_back() -> float | None:
    """Return `note.hold_back` of params.yaml: the share of all notes to hold back, or None if no note is held back.

    Raise UserError if the share is set but notes are not checked because `data.language` is not English.
    """
    return _hold_back(Path.cwd())


@cache
def _hold_back(_project: Path) -> float | None:
    """Return the result of `hold_back`, but read params.yaml only once for all rows of a batch."""
    share = note_params.load().hold_back
    if share is not None and not is_english_asked():
        raise UserError(
            "note.hold_back needs checks, but nothing is checked if data.language is 'any'; set note.hold_back to null"
        )
    return share


def score_of(said: Said, note: dict[str, Any]) -> float:
    """Return the score of a checked note, or of a section with its own `evidence` and `flags`."""
    severities = [flag["severity"] for flag in note["flags"]]
    standings = [row["standing"] for row in note["evidence"]]
    return score(features(severities, standings, said, note["summary"]))


def risk_of(said: Said, note: dict[str, Any]) -> dict[str, Any]:
    """Return the key `risk` (0 to 1) of a checked note, and the key `held_back` if `note.hold_back` is set."""
    share, value = hold_back(), score_of(said, note)
    if share is None:
        return {"risk": risk(value)}
    return {"risk": risk(value), "held_back": value > limit(share)}


def without_text(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of a batch. If the row is held back, remove everything that the model wrote."""
    if not row.get("held_back"):
        return row
    kept = {key: value for key, value in row.items() if key not in ("evidence", "flags", "dropped")}
    kept["summary"] = None
    if "sections" in row:
        empty = {"summary": None, "start": None, "end": None}
        kept["sections"] = [{**section, **empty} for section in row["sections"]]
    return kept


def told(note: dict[str, Any]) -> str:
    """Return a sentence about the risk, or an empty text if the note was not checked."""
    if "risk" not in note:
        return f"{BY_HAND}: it is held back because it was not checked." if note.get("held_back") else ""
    said = f"Risk that the note states something wrong: {note['risk']:.0%}."
    return f"{BY_HAND}: it is held back because of its risk. {said}" if note.get("held_back") else said
