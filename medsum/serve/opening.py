"""The dialogue in a file that was chosen on the page, and what is said of it."""

import json

from medsum.errors import UserError
from medsum.serve.files import dialogue_in
from medsum.serve.lines import text_lines


def opened(text: str, name: str) -> tuple[str, str]:
    """The dialogue, and a sentence that says so where the file holds more of them; raises UserError."""
    dialogue = dialogue_in(text, name)
    number = _dialogues(text, name.lower())
    if number > 1:
        return dialogue, f"The first of the file's {number} dialogues was read; for all of them see “Many dialogues”."
    return dialogue, "The dialogue was read from the file."


def _dialogues(text: str, name: str) -> int:
    """How many a file holds that holds one."""
    if name.endswith(".csv"):
        return sum(1 for _ in text_lines(text))
    found = json.loads(text) if name.endswith(".json") else None
    return len(found) if isinstance(found, list) else 1


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
