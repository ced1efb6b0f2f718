"""Make messages about signs that the model cannot read.

A message says how many signs are written in words, and which signs are left out. A sign is a character such as `µ` or
`<` that the model's tokenizer loses.
"""

from collections.abc import Mapping
from typing import Any

from medsum.signs.writing import Written, listed


def of_note(written: Written) -> dict[str, Any]:
    """Return the key `signs` of a note, or no key if no sign is changed.

    `written_out` is the number of signs that are written in words. `left_out` has the names of the other signs.
    """
    if not (written.signs or written.unknown):
        return {}
    return {"signs": {"written_out": written.signs, "left_out": written.unknown_names}}


def told(note: Mapping[str, Any]) -> list[str]:
    """Return sentences about the key `signs` of a note, or no sentence if no sign is changed."""
    signs = note.get("signs", {"written_out": 0, "left_out": []})
    said = []
    if signs["written_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were written in words: {signs['written_out']}.")
    if signs["left_out"]:
        said.append(f"Signs of the dialogue that the model cannot read were left out: {listed(signs['left_out'])}.")
    return said
