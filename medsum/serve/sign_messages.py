"""Make messages about signs that the model cannot read.

A sign is a character such as `µ` or `<`. The model cannot read a sign that its tokenizer loses. Such signs are written
in words or left out before the model reads the dialogue. A message says how many signs were written in words, and which
signs were left out.
"""

from collections.abc import Mapping
from typing import Any

from medsum.signs.writing import Written, listed


def of_note(written: Written) -> dict[str, Any]:
    """Return a dict with the key `signs` of a note, or an empty dict if no sign was changed.

    `written_out` is the number of signs that were written in words. `left_out` has the names of the other signs.
    """
    if not (written.signs or written.unknown):
        return {}
    return {"signs": {"written_out": written.signs, "left_out": written.unknown_names}}


def told(note: Mapping[str, Any]) -> list[str]:
    """Return sentences about the key `signs` of a note. Return an empty list if no sign was changed."""
    signs = note.get("signs", {"written_out": 0, "left_out": []})
    said = []
    if signs["written_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were written in words: {signs['written_out']}.")
    if signs["left_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were left out: {listed(signs['left_out'])}.")
    return said
