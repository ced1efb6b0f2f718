"""The dialogue in a file that was chosen on the page, and what is said of it."""

import json
from typing import Any

from medsum.core.errors import UserError
from medsum.serve.batch_input import text_lines


def opened(text: str, name: str) -> tuple[str, str]:
    """The dialogue in a file called `name`, the first where it holds more of them, and a sentence that says so.

    The file is plain text, JSON with a key dialogue or a list of such, or a CSV. Raises UserError where there is none.
    """
    try:
        dialogue, number = _first(text, name.lower())
    except (ValueError, LookupError, TypeError, RecursionError):
        dialogue, number = "", 0
    if not isinstance(dialogue, str) or not dialogue.strip():
        raise UserError("that file holds no dialogue; in JSON and CSV it is called 'dialogue'")
    if number > 1:
        return dialogue, f"The first of the file's {number} dialogues was read; for all of them see “Many dialogues”."
    return dialogue, "The dialogue was read from the file."


def _first(text: str, name: str) -> tuple[Any, int]:
    """What should be the first dialogue, and how many there are."""
    if name.endswith(".json"):
        found = json.loads(text)
        values = found if isinstance(found, list) else [found]
        return values[0]["dialogue"], len(values)
    if name.endswith(".csv"):
        lines = list(text_lines(text))
        return lines[0].dialogue, len(lines)
    return text, 1


def as_texts(*values: object) -> list[str]:
    """What came over HTTP, if it is text; raises UserError."""
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise UserError("what was sent is no text; load the page again")
    return texts


def section_of(saved: str) -> str | None:
    """The section of a note as the page keeps it, None where there is none yet; raises UserError."""
    try:
        section = json.loads(saved)["section"] if saved else None
    except (ValueError, LookupError, TypeError, RecursionError):
        section = 0
    if section is not None and not isinstance(section, str):
        raise UserError("what was sent is no note of this page; summarise again")
    return section
