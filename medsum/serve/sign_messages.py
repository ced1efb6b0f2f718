"""What is told of signs that the model cannot read: how many were written in words, and which were left out."""

from collections.abc import Mapping
from typing import Any

from medsum.signs.writing import Written, listed


def of_note(written: Written) -> dict[str, Any]:
    """The key `signs` of a note, `written_out` a count and `left_out` names; no key where the text is unchanged."""
    if not (written.signs or written.unknown):
        return {}
    return {"signs": {"written_out": written.signs, "left_out": written.unknown_names}}


def told(note: Mapping[str, Any]) -> list[str]:
    """The same in sentences, none where nothing changed."""
    signs = note.get("signs", {"written_out": 0, "left_out": []})
    said = []
    if signs["written_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were written in words: {signs['written_out']}.")
    if signs["left_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were left out: {listed(signs['left_out'])}.")
    return said
